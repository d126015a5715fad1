// How bytes go through a link.

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "simulator/world/virtual/network_impl.h"

namespace claims::storm {
namespace {

/// Behind the first PUBLISH that ends in these bytes.
std::optional<std::size_t> first_publish_end(PacketScanner& scanner, std::string_view bytes) {
  constexpr unsigned kPublish = 3;
  std::optional<std::size_t> end;
  scanner.scan(
      bytes, [](std::uint8_t, std::size_t) {},
      [&end](std::uint8_t first, std::size_t place) {
        if (first >> 4U == kPublish && !end) end = place;
      });
  return end;
}

}  // namespace

void VirtualNetwork::Impl::transmit(Link& link, Side from) {
  if (link.user_side == Link::User::connecting) return;
  Stream& stream = link.from(from);
  if (!link.mute && !link.is_present(other(from))) {
    stream.pipe.discard();
  } else if (const auto again = stream.pipe.transmit(wire(link)); again) {
    if (*again < stream.transmit) {
      stream.transmit = *again;
      queue.at(*again, [this, id = link.id, from] {
        Link* found = find(id);
        if (found == nullptr || found->from(from).transmit > queue.now()) return;
        found->from(from).transmit = Stream::kNever;
        transmit(*found, from);
      });
    }
  }
  plan_next_due(link, from);
  plan_left(link, from);
}

void VirtualNetwork::Impl::plan_due(Link& link, Side from, Microseconds at) {
  Stream& stream = link.from(from);
  if (at >= stream.due) return;
  stream.due = at;
  queue.at(at, [this, id = link.id, from] { due(id, from); });
}

void VirtualNetwork::Impl::plan_next_due(Link& link, Side from) {
  // What is held has its event when it is let go.
  if (endpoint(link.user).holds_from(from)) return;
  if (const auto next = link.from(from).pipe.next_due(); next) plan_due(link, from, *next);
}

void VirtualNetwork::Impl::due(LinkId id, Side from) {
  Link* link = find(id);
  // Another event took its place, earlier, and did its work.
  if (link == nullptr || link->from(from).due > queue.now()) return;
  Stream& stream = link->from(from);
  stream.due = Stream::kNever;
  if (!endpoint(link->user).holds_from(from) && stream.pipe.receive(queue.now()) &&
      from == Side::user) {
    expected_arrived(*link);
  }
  link = deliver(*link, from);
  if (link != nullptr) transmit(*link, from);
}

bool VirtualNetwork::Impl::reads(const Link& link, Side at) {
  if (at == Side::server) return link.server_side == Link::Server::accepted;
  return link.user_side == Link::User::connected && !endpoint(link.user).stops_reading;
}

Link* VirtualNetwork::Impl::deliver(Link& to_deliver, Side from) {
  Link* link = &to_deliver;
  const LinkId id = link->id;
  const Side at = other(from);
  Pipe* pipe = &link->from(from).pipe;
  if (!link->is_present(at)) return link;
  if (pipe->unread() > 0 && reads(*link, at)) {
    const std::string bytes = pipe->take_unread();
    std::string_view read = bytes;
    if (from == Side::user) {
      bool& armed = endpoint(link->user).cut_after_publish;
      const auto publish_end = first_publish_end(link->scanner, bytes);
      if (armed && publish_end && link == current(link->user)) {
        armed = false;
        read = read.substr(0, *publish_end);
        cut(*link);
      }
    }
    handler.arrived(id, at, read);
    link = find(id);
    if (link == nullptr || !link->is_present(at)) return link;
    pipe = &link->from(from).pipe;
  }
  if (!pipe->end_arrived()) return link;
  // A user that does not read still hears of a reset.
  const bool hears = reads(*link, at) || (at == Side::user && pipe->was_reset());
  if (!hears || (pipe->unread() > 0 && at == Side::server)) return link;
  tell_ended(*link, at, "Connection reset by peer");
  return find(id);
}

void VirtualNetwork::Impl::tell_ended(Link& link, Side at, std::string_view why) {
  assert(link.is_present(at));
  const LinkId id = link.id;
  const ConnectionNumber user = link.user;
  const bool connecting = at == Side::user && link.user_side == Link::User::connecting;
  if (connecting) {
    give_up(link);
  } else if (at == Side::user) {
    link.user_side = Link::User::gone;
  } else {
    link.server_side = Link::Server::gone;
  }
  link.from(other(at)).pipe.discard();
  free_if_over(link);
  if (connecting) {
    handler.refused(id, user, why);
  } else {
    handler.ended(id, at);
  }
}

void VirtualNetwork::Impl::plan_left(Link& link, Side from) {
  Stream& stream = link.from(from);
  if (stream.tells_left || !link.is_present(from)) return;
  if (!stream.pipe.accepts_more(spec.send_buffer_bytes)) return;
  stream.tells_left = true;
  to_tell_left.emplace_back(link.id, from);
  if (to_tell_left.size() == 1) queue.at(queue.now(), [this] { tell_left(); });
}

void VirtualNetwork::Impl::tell_left() {
  telling_left.swap(to_tell_left);
  for (const auto& [id, from] : telling_left) {
    Link* link = find(id);
    if (link == nullptr || !link->is_present(from)) continue;
    link->from(from).tells_left = false;
    const std::size_t bytes = link->from(from).pipe.take_accepted(spec.send_buffer_bytes);
    if (bytes > 0) handler.left(id, from, bytes);
  }
  telling_left.clear();
}

}  // namespace claims::storm
