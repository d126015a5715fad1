#pragma once
// ScriptedHistory: a correct little chat server and its clients, played into a script; a test
// breaks one thing in the script and shows it to an auditor.
//
// The server decides at once; what it sends waits in one queue per session, so that a test chooses
// the interleaving.

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "script.h"

namespace claims::storm {

class ScriptedHistory {
 public:
  std::size_t add_user(std::string id, std::string name, chat::Role role);
  /// One more session of that user; subscribes at once unless told not to.
  std::size_t add_session(std::string_view user, bool subscribes = true);
  void subscribe(std::size_t session);
  /// The connection is lost: replies on their way too, events wait.
  void lose(std::size_t session);
  /// Subscribes again and asks for what it missed by `sync`.
  void resume(std::size_t session);

  // Commands; each returns its id. `user`'s first session sends unless another is given.
  std::string register_receipt(std::string_view insurer, std::string_view receipt,
                               std::string_view plate, std::string_view adjuster);
  std::string intake(std::string_view garage, std::string_view receipt);
  std::string send(std::string_view user, std::string_view room, std::string_view text,
                   chat::Seq seq = 0);
  std::string read(std::string_view user, std::string_view room, chat::Seq seq);
  std::string step(std::string_view user, std::string_view room, std::string_view state);
  std::string convert(std::string_view user, std::string_view room);
  std::string refused(std::string_view user, std::string_view room, std::string_view code);
  // Reads.
  std::string unread_counts(std::string_view user);
  std::string page(std::string_view user, std::string_view room, chat::Seq after, int limit);
  /// No reply comes within the time-out; it comes all the same, later.
  void give_up(std::string_view user, std::string_view id);

  /// The next thing of the session's queue arrives; false when it is empty.
  bool arrive(std::size_t session);
  /// Everything arrives, session by session.
  void drain();
  /// Drains, reads every room's history, and hands the script over: the last call.
  Script finish();

  std::size_t sessions() const { return queues_.size(); }
  chat::Seq last(std::string_view room) const;
  std::string room_of(std::string_view receipt) const;
  void pass(Microseconds time) { now_ += time; }

 private:
  struct Receipt {
    std::string plate, adjuster, room, garage;
  };
  struct Room {
    std::string receipt, state;
    std::vector<std::string> members;
    std::map<chat::Seq, json::object> events;  ///< Without cursor and unread_by.
    chat::Seq decided = 0, handed_out = 0;
    std::map<std::string, chat::Seq> read;
  };
  std::string next_id(std::string_view user);
  json::object& request(std::string_view user, std::string_view type, const std::string& id,
                        bool read);
  json::object event(Room& room, std::string_view id, std::string_view type,
                     std::string_view sender, std::string_view cmd, json::object body);
  void decide(const std::string& id, Room& room, json::object event);
  void reply(std::string_view user, const std::string& id, json::object result,
             std::optional<json::object> as_of = {});
  std::int64_t unread(const Room& room, std::string_view user) const;
  std::int64_t unread_by(const Room& room, const json::object& event) const;
  const Script::Person& person(std::string_view id) const;
  Action& act(Action::Kind kind, std::size_t session);

  Script script_;
  std::vector<std::deque<Action>> queues_;
  std::vector<bool> connected_;
  std::map<std::string, int> ids_;
  int read_ids_ = 0;
  std::map<std::string, Receipt, std::less<>> receipts_;
  std::map<std::string, Room, std::less<>> rooms_;
  Microseconds now_{1'000'000};
};

/// The people of the tests: insurer-1, adjuster-1 (김보상), adjuster-2 (이담당), garage-1
/// (한빛정비), garage-2 (새길공업사), each with one session.
ScriptedHistory cast();
/// Scenario A with garage-1 and adjuster-1 in room r1, to the claim and a last message (seq 11).
/// 1–4 founding, 5 garage, 6 adjuster, 7 in_repair, 8 repaired, 9 claim, 10 out, 11 garage.
ScriptedHistory scenario_a();

}  // namespace claims::storm
