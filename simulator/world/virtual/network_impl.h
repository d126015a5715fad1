#pragma once
// What is inside of VirtualNetwork. Events know links by their number and look them up, so a link
// may end within any call of the handler.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <unordered_map>
#include <utility>
#include <vector>

#include "simulator/world/virtual/link.h"
#include "simulator/world/virtual/network.h"

namespace claims::storm {

struct VirtualNetwork::Impl {
  Impl(EventQueue& the_queue, NetworkHandler& the_handler, const NetworkSpec& the_spec,
       const Random& the_random)
      : queue(the_queue), handler(the_handler), spec(the_spec), random(the_random) {}

  Link* find(LinkId id);
  /// Where this side has the link: from connect() or accepted() until its end.
  Link* find_known(LinkId id, Side side);
  Endpoint& endpoint(ConnectionNumber user);
  Link* current(ConnectionNumber user);  ///< The user's side of it is there.
  std::vector<LinkId> all_links() const;
  Pipe::Wire wire(const Link& link);
  /// Forgets it when no side hears of it any more; then it is gone, and so is the reference.
  void free_if_over(Link& link);

  // Connecting (network_handshake.cpp).
  void connect(Link& link);
  void send_syn(Link& link);
  void syn_arrives(LinkId id);
  void answer_syn(Link& link);
  void syn_answered(LinkId id);
  void syn_refused(LinkId id);
  void try_again(LinkId id);
  void give_up(Link& link);  ///< The user's side, while it connects.
  void forget_expected(Link& link);
  void expected_arrived(Link& link);
  void plan_accept();
  void accept_next();

  // Bytes (network_stream.cpp). A stream is named by the side that sends.
  void transmit(Link& link, Side from);
  void plan_due(Link& link, Side from, Microseconds at);
  void plan_next_due(Link& link, Side from);
  void due(LinkId id, Side from);
  /// What is left of the link after the handler's calls; null: nothing.
  Link* deliver(Link& to_deliver, Side from);
  bool reads(const Link& link, Side at);
  void tell_ended(Link& link, Side at, std::string_view why);
  void plan_left(Link& link, Side from);
  void tell_left();

  // Ends and faults (network_faults.cpp).
  void close(Link& link, Side from);
  void reset(Link& link, Side from);
  void server_gone(Link& link);
  void cut(Link& link);
  void end_user_side(Link& link);
  void vanish(Link& link);
  void hold(ConnectionNumber user, Direction direction, bool hold);
  void stop_reading(ConnectionNumber user, bool stop);
  void end_half_open(ConnectionNumber user);
  void hold_backlog(bool hold);

  EventQueue& queue;
  NetworkHandler& handler;
  const NetworkSpec spec;
  const Random random;
  std::unordered_map<std::uint64_t, std::unique_ptr<Link>> links;  ///< Looked up, never walked.
  std::vector<Endpoint> endpoints;                                 ///< By ConnectionNumber.
  std::deque<LinkId> backlog;                                      ///< Some may be forgotten.
  std::size_t expected_or_backlog = 0;
  std::vector<std::pair<LinkId, Side>> to_tell_left, telling_left;
  std::uint64_t last_link = 0;
  Microseconds next_accept{0};
  bool listening = false, refuses = false, holds_backlog = false, accept_planned = false;
};

}  // namespace claims::storm
