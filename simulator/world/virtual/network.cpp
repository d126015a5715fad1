#include "simulator/world/virtual/network.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "simulator/world/virtual/network_impl.h"

namespace claims::storm {

Link* VirtualNetwork::Impl::find(LinkId id) {
  const auto found = links.find(static_cast<std::uint64_t>(id));
  return found == links.end() ? nullptr : found->second.get();
}

Link* VirtualNetwork::Impl::find_known(LinkId id, Side side) {
  Link* link = find(id);
  if (link == nullptr) return nullptr;
  const bool known = side == Side::user ? link->user_side != Link::User::gone
                                        : link->server_side == Link::Server::accepted;
  return known ? link : nullptr;
}

Endpoint& VirtualNetwork::Impl::endpoint(ConnectionNumber user) {
  const auto index = static_cast<std::size_t>(user);
  if (index >= endpoints.size()) endpoints.resize(index + 1);
  return endpoints[index];
}

Link* VirtualNetwork::Impl::current(ConnectionNumber user) {
  const Endpoint& of = endpoint(user);
  if (of.links.empty()) return nullptr;
  Link* link = find(of.links.back());
  return link->is_present(Side::user) ? link : nullptr;
}

std::vector<LinkId> VirtualNetwork::Impl::all_links() const {
  std::vector<LinkId> all;
  for (const Endpoint& user : endpoints) {
    all.insert(all.end(), user.links.begin(), user.links.end());
  }
  return all;
}

Pipe::Wire VirtualNetwork::Impl::wire(const Link& link) {
  const Endpoint& user = endpoint(link.user);
  return {
      .spec = spec,
      .now = queue.now(),
      .bytes_per_second = user.bytes_per_second > 0 ? user.bytes_per_second : spec.bytes_per_second,
      .more_latency = user.more_latency,
      .vanishes = link.mute};
}

void VirtualNetwork::Impl::free_if_over(Link& link) {
  if (link.is_present(Side::user)) return;
  // The end of the handshake vanished, and nobody repeats it.
  if (link.mute) forget_expected(link);
  if (link.server_side != Link::Server::none && link.server_side != Link::Server::gone) return;
  std::vector<LinkId>& of_user = endpoint(link.user).links;
  of_user.erase(std::find(of_user.begin(), of_user.end(), link.id));
  links.erase(static_cast<std::uint64_t>(link.id));
}

VirtualNetwork::VirtualNetwork(EventQueue& queue, NetworkHandler& handler, const NetworkSpec& spec,
                               const Random& random)
    : impl_(std::make_unique<Impl>(queue, handler, spec, random)) {
  assert(spec.bytes_per_second > 0 && spec.latency.first <= spec.latency.second);
  assert(spec.send_buffer_bytes > 0 && spec.receive_buffer_bytes > 0);
  assert(spec.segment_bytes_max > 0 && spec.connect_retry > Microseconds{0});
}

VirtualNetwork::~VirtualNetwork() = default;

LinkId VirtualNetwork::connect(ConnectionNumber user) {
  const LinkId id{++impl_->last_link};
  Endpoint& of = impl_->endpoint(user);
  // By user and attempt: what other users do does not change what this link meets.
  const Random random = impl_->random.split(static_cast<std::uint64_t>(user)).split(of.attempts++);
  auto link = std::make_unique<Link>(id, user, random);
  of.links.push_back(id);
  impl_->connect(*link);
  impl_->links.emplace(static_cast<std::uint64_t>(id), std::move(link));
  return id;
}

void VirtualNetwork::send(LinkId link, Side from, std::string bytes) {
  Link* found = impl_->find_known(link, from);
  if (found == nullptr || bytes.empty()) return;
  found->from(from).pipe.send(std::move(bytes));
  impl_->transmit(*found, from);
}

void VirtualNetwork::close(LinkId link, Side from) {
  if (Link* found = impl_->find_known(link, from)) impl_->close(*found, from);
}

void VirtualNetwork::reset(LinkId link, Side from) {
  if (Link* found = impl_->find_known(link, from)) impl_->reset(*found, from);
}

void VirtualNetwork::listen() {
  impl_->listening = true;
}

void VirtualNetwork::server_gone() {
  impl_->listening = false;
  impl_->backlog.clear();
  for (const LinkId id : impl_->all_links()) impl_->server_gone(*impl_->find(id));
  assert(impl_->expected_or_backlog == 0);
}

void VirtualNetwork::refuse_connections(bool refuse) {
  impl_->refuses = refuse;
}

void VirtualNetwork::hold_backlog(bool hold) {
  impl_->hold_backlog(hold);
}

void VirtualNetwork::cut(ConnectionNumber user) {
  if (Link* link = impl_->current(user)) impl_->cut(*link);
}

void VirtualNetwork::lose_user_side(ConnectionNumber user) {
  if (Link* link = impl_->current(user)) impl_->end_user_side(*link);
}

void VirtualNetwork::cut_after_publish(ConnectionNumber user) {
  impl_->endpoint(user).cut_after_publish = true;
}

void VirtualNetwork::begin_half_open(ConnectionNumber user) {
  if (Link* link = impl_->current(user)) impl_->vanish(*link);
}

void VirtualNetwork::end_half_open(ConnectionNumber user) {
  impl_->end_half_open(user);
}

void VirtualNetwork::hold_back(ConnectionNumber user, Direction direction, bool hold) {
  impl_->hold(user, direction, hold);
}

void VirtualNetwork::limit_rate(ConnectionNumber user, std::int64_t bytes_per_second) {
  impl_->endpoint(user).bytes_per_second = bytes_per_second;
}

void VirtualNetwork::add_latency(ConnectionNumber user, Microseconds more) {
  impl_->endpoint(user).more_latency = more;
}

void VirtualNetwork::stop_reading(ConnectionNumber user, bool stop) {
  impl_->stop_reading(user, stop);
}

void VirtualNetwork::heal() {
  impl_->refuses = false;
  impl_->hold_backlog(false);
  for (std::size_t i = 0; i < impl_->endpoints.size(); ++i) {
    const ConnectionNumber user{static_cast<std::uint32_t>(i)};
    Endpoint& healed = impl_->endpoints[i];
    healed.bytes_per_second = 0;
    healed.more_latency = Microseconds{0};
    healed.cut_after_publish = false;
    impl_->hold(user, Direction::both, false);
    if (healed.stops_reading) impl_->stop_reading(user, false);
    impl_->end_half_open(user);
  }
}

std::size_t VirtualNetwork::links_alive() const {
  return impl_->links.size();
}

}  // namespace claims::storm
