// How a link begins: SYN, its answer, the backlog, accept.

#include <algorithm>
#include <cassert>

#include "simulator/world/virtual/network_impl.h"

namespace claims::storm {

void VirtualNetwork::Impl::connect(Link& link) {
  link.connect_deadline = queue.now() + spec.connect_timeout;
  send_syn(link);
}

void VirtualNetwork::Impl::send_syn(Link& link) {
  const LinkId id = link.id;
  queue.in(link.to_server.pipe.draw_latency(wire(link)), [this, id] { syn_arrives(id); });
  const Microseconds again = queue.now() + spec.connect_retry;
  queue.at(std::min(again, link.connect_deadline), [this, id] { try_again(id); });
}

void VirtualNetwork::Impl::try_again(LinkId id) {
  Link* link = find(id);
  if (link == nullptr || link->user_side != Link::User::connecting) return;
  if (queue.now() >= link->connect_deadline) {
    tell_ended(*link, Side::user, "Connection timed out");
  } else {
    send_syn(*link);
  }
}

void VirtualNetwork::Impl::syn_arrives(LinkId id) {
  Link* link = find(id);
  if (link == nullptr || link->user_side != Link::User::connecting || link->mute) return;
  const Endpoint& user = endpoint(link->user);
  // A held answer would be of no use either: the next SYN brings another.
  if (user.holds_to_server || user.holds_to_user) return;
  if (link->server_side == Link::Server::expected) return answer_syn(*link);
  if (!listening || refuses) {
    queue.in(link->to_user.pipe.draw_latency(wire(*link)), [this, id] { syn_refused(id); });
    return;
  }
  if (expected_or_backlog >= spec.backlog_max) return;
  link->server_side = Link::Server::expected;
  ++expected_or_backlog;
  answer_syn(*link);
}

void VirtualNetwork::Impl::answer_syn(Link& link) {
  const LinkId id = link.id;
  queue.in(link.to_user.pipe.draw_latency(wire(link)), [this, id] { syn_answered(id); });
}

void VirtualNetwork::Impl::syn_refused(LinkId id) {
  Link* link = find(id);
  if (link == nullptr || link->user_side != Link::User::connecting || link->mute) return;
  if (endpoint(link->user).holds_to_user) return;
  tell_ended(*link, Side::user, "Connection refused");
}

void VirtualNetwork::Impl::syn_answered(LinkId id) {
  Link* link = find(id);
  if (link == nullptr || link->user_side != Link::User::connecting || link->mute) return;
  if (link->server_side != Link::Server::expected || endpoint(link->user).holds_to_user) return;
  link->user_side = Link::User::connected;
  link->to_server.pipe.put_mark(wire(*link));
  plan_next_due(*link, Side::user);
  transmit(*link, Side::user);
  handler.connected(id, link->user);
}

void VirtualNetwork::Impl::give_up(Link& link) {
  assert(link.user_side == Link::User::connecting);
  forget_expected(link);
  link.user_side = Link::User::gone;
}

void VirtualNetwork::Impl::forget_expected(Link& link) {
  if (link.server_side != Link::Server::expected) return;
  --expected_or_backlog;
  link.server_side = Link::Server::none;
}

void VirtualNetwork::Impl::expected_arrived(Link& link) {
  if (link.server_side != Link::Server::expected) return;
  link.server_side = Link::Server::backlog;
  backlog.push_back(link.id);
  plan_accept();
}

void VirtualNetwork::Impl::plan_accept() {
  if (accept_planned || backlog.empty() || holds_backlog || !listening) return;
  accept_planned = true;
  queue.at(std::max(next_accept, queue.now() + spec.accept_time), [this] {
    accept_planned = false;
    accept_next();
  });
}

void VirtualNetwork::Impl::accept_next() {
  if (holds_backlog || !listening) return;
  while (!backlog.empty()) {
    Link* link = find(backlog.front());
    backlog.pop_front();
    if (link == nullptr || link->server_side != Link::Server::backlog) continue;
    link->server_side = Link::Server::accepted;
    --expected_or_backlog;
    next_accept = queue.now() + spec.accept_time;
    plan_accept();
    // What came meanwhile is read by events of its own.
    plan_due(*link, Side::user, queue.now());
    handler.accepted(link->id);
    return;
  }
}

}  // namespace claims::storm
