// How a link ends, and what goes wrong on the way.

#include <algorithm>

#include "simulator/world/virtual/network_impl.h"

namespace claims::storm {

void VirtualNetwork::Impl::close(Link& link, Side from) {
  Pipe& outgoing = link.from(from).pipe;
  Pipe& incoming = link.from(other(from)).pipe;
  if (link.user_side == Link::User::connecting) {
    give_up(link);
    return free_if_over(link);
  }
  if (from == Side::user) {
    // What comes in to a closed socket is answered with a reset, and that gives up what waits.
    if (incoming.carries_bytes()) {
      outgoing.drop_waiting();
      outgoing.mark_reset();
    }
    link.user_side = Link::User::gone;
  } else {
    link.server_side = Link::Server::gone;
  }
  outgoing.end();
  transmit(link, from);
  incoming.discard();
  transmit(link, other(from));
  free_if_over(link);
}

void VirtualNetwork::Impl::reset(Link& link, Side from) {
  if (link.user_side == Link::User::connecting) {
    give_up(link);
    return free_if_over(link);
  }
  if (from == Side::user) {
    link.user_side = Link::User::gone;
  } else {
    link.server_side = Link::Server::gone;
  }
  link.from(from).pipe.reset(wire(link));
  plan_next_due(link, from);
  link.from(other(from)).pipe.discard();
  transmit(link, other(from));
  free_if_over(link);
}

void VirtualNetwork::Impl::server_gone(Link& link) {
  if (link.server_side == Link::Server::none || link.server_side == Link::Server::gone) return;
  if (link.server_side != Link::Server::accepted) --expected_or_backlog;
  if (link.user_side == Link::User::connecting) {
    link.server_side = Link::Server::none;
    return;
  }
  link.server_side = Link::Server::gone;
  // What is on the wire arrives before the news.
  link.to_user.pipe.drop_waiting();
  link.to_user.pipe.end();
  link.to_user.pipe.mark_reset();
  transmit(link, Side::server);
  link.to_server.pipe.discard();
  transmit(link, Side::user);
  free_if_over(link);
}

void VirtualNetwork::Impl::cut(Link& link) {
  if (link.mute) return;
  if (link.user_side == Link::User::connecting) return end_user_side(link);
  link.to_server.pipe.reset_at(queue.now());
  link.to_user.pipe.reset_at(queue.now());
  plan_next_due(link, Side::user);
  plan_next_due(link, Side::server);
}

void VirtualNetwork::Impl::end_user_side(Link& link) {
  vanish(link);
  if (link.user_side == Link::User::gone) return;
  link.to_user.pipe.reset_now();
  plan_due(link, Side::server, queue.now());
}

void VirtualNetwork::Impl::vanish(Link& link) {
  if (link.mute) return;
  link.mute = true;
  link.to_server.pipe.vanish();
  link.to_user.pipe.vanish();
}

void VirtualNetwork::Impl::hold(ConnectionNumber user, Direction direction, bool hold) {
  Endpoint& held = endpoint(user);
  const bool to_server = direction != Direction::to_user && held.holds_to_server != hold;
  const bool to_user = direction != Direction::to_server && held.holds_to_user != hold;
  if (to_server) held.holds_to_server = hold;
  if (to_user) held.holds_to_user = hold;
  if (hold) return;
  for (const LinkId id : held.links) {
    Link& link = *find(id);
    // Sent again, it takes its time again.
    for (const Side from : {Side::user, Side::server}) {
      if (from == Side::user ? !to_server : !to_user) continue;
      Pipe& pipe = link.from(from).pipe;
      if (!pipe.next_due()) continue;
      pipe.delay(queue.now() + pipe.draw_latency(wire(link)));
      plan_next_due(link, from);
    }
  }
}

void VirtualNetwork::Impl::stop_reading(ConnectionNumber user, bool stop) {
  Endpoint& stopped = endpoint(user);
  stopped.stops_reading = stop;
  if (stop) return;
  for (const LinkId id : stopped.links) plan_due(*find(id), Side::server, queue.now());
}

void VirtualNetwork::Impl::end_half_open(ConnectionNumber user) {
  if (Link* link = current(user); link != nullptr && link->mute) end_user_side(*link);
}

void VirtualNetwork::Impl::hold_backlog(bool hold) {
  holds_backlog = hold;
  if (!hold) plan_accept();
}

}  // namespace claims::storm
