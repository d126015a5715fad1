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
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/chat/negotiation.h"
#include "script.h"

namespace claims::storm {

/// The model of every vehicle.
inline constexpr std::string_view kScriptedModel = "쏘나타";

class ScriptedHistory {
 public:
  std::size_t add_user(const std::string& id, std::string name, chat::Role role,
                       std::string insurer = {});
  /// One more session of that user; subscribes at once unless told not to.
  std::size_t add_session(std::string_view user, bool subscribes = true);
  void subscribe(std::size_t session);
  /// From now on that user's commands and reads go out from this session, with ids of its own.
  void speak_from(std::string_view user, std::size_t session);
  /// The connection is lost: replies on their way too, events wait.
  void lose(std::size_t session);
  /// Subscribes again and asks for what it missed by `sync`.
  void resume(std::size_t session);

  // Commands; each returns its id. `user`'s first session sends unless another is given.
  std::string register_receipt(std::string_view insurer, std::string_view receipt,
                               std::string_view plate, std::string_view adjuster);
  std::string intake(std::string_view garage, std::string_view receipt);
  /// Answered with several receipts; refused with unknown_plate where there are none.
  std::string by_plate(std::string_view garage, std::string_view plate,
                       const std::vector<std::string>& offered);
  std::string pre_estimate(std::string_view garage, std::string_view receipt, int amount);
  std::string open_general(std::string_view garage, std::string_view adjuster,
                           const std::vector<std::string>& vehicles);
  struct Target {
    std::string garage, vehicle;
    std::string refused;  ///< With that code, if any.
  };
  std::string bulk(std::string_view adjuster, const std::vector<Target>& targets,
                   std::string_view text);
  std::string open_negotiation(std::string_view initiator, std::string_view receipt,
                               std::string_view counterpart, std::string_view ratio);
  /// `ratio` own:other; refused as the contract has it when it is not legal.
  std::string act(std::string_view user, std::string_view room, std::string_view action,
                  std::string_view ratio = {}, std::string_view reason = {});
  /// A message whose hashtag does the same as that action.
  std::string tagged(std::string_view user, std::string_view room, std::string_view text,
                     std::string_view action, std::string_view ratio = {},
                     std::string_view reason = {});
  std::string send(std::string_view user, std::string_view room, std::string_view text,
                   chat::Seq seq = 0);
  /// About a vehicle, or made from a template.
  std::string send_about(std::string_view user, std::string_view room, std::string_view text,
                         std::string_view vehicle, std::string_view from_template = {});
  std::string read(std::string_view user, std::string_view room, chat::Seq seq);
  std::string step(std::string_view user, std::string_view room, std::string_view state);
  std::string convert(std::string_view user, std::string_view room);
  std::string refused(std::string_view user, std::string_view room, std::string_view code);
  std::string refused_act(std::string_view user, std::string_view room, std::string_view action,
                          std::string_view code);
  std::string invite(std::string_view user, std::string_view room, std::string_view whom,
                     std::string_view as);
  std::string leave(std::string_view user, std::string_view room);
  std::string hand_over(std::string_view user, std::string_view room, std::string_view whom);
  /// All that `adjuster` is in charge of: these rooms.
  std::string hand_over_all(std::string_view insurer, std::string_view adjuster,
                            std::string_view whom, const std::vector<std::string>& rooms);
  /// The same for good: the sessions of `adjuster` are turned away, and get nothing of it.
  std::string retire(std::string_view insurer, std::string_view adjuster, std::string_view whom,
                     const std::vector<std::string>& rooms);
  /// CONNECT, and what becomes of it.
  void connect(std::size_t session, bool let_in);
  std::string change(std::string_view user, std::string_view room, std::string_view title);
  std::string delete_room(std::string_view user, std::string_view room);
  std::string cancel(std::string_view user, std::string_view room);
  std::string further(std::string_view user, std::string_view room, int amount);
  /// The message becomes a tombstone.
  std::string delete_message(std::string_view user, std::string_view room, chat::Seq seq);
  std::string refused_delete(std::string_view user, std::string_view room, chat::Seq seq,
                             std::string_view code);
  std::string send_files(std::string_view user, std::string_view room, const json::array& files);
  std::string set_template(std::string_view user, std::string_view name, std::string_view text);
  /// A message of that template, which says that.
  std::string send_template(std::string_view user, std::string_view room, std::string_view name,
                            std::string_view says);
  // Reads.
  /// The hits from `first` on, at most `limit`.
  std::string search(std::string_view user, std::string_view text, std::size_t first = 0,
                     std::size_t limit = 100);
  /// By that key, of these rooms; at most `limit` events from `first` on.
  std::string list_history(std::string_view user, std::string_view key, std::string_view value,
                           const std::vector<std::string>& rooms, std::size_t first = 0,
                           std::size_t limit = 100);
  std::string list_templates(std::string_view user, const json::array& rows);
  std::string conversions(std::string_view user, int pre_estimates, int further, int claims);
  std::string candidates(std::string_view user, std::string_view room, std::string_view as,
                         const std::vector<std::string>& offered);
  std::string room_reads(std::string_view user, std::string_view room);
  std::string bulk_outcomes(std::string_view user, const std::string& bulk);
  std::string negotiation_status(std::string_view user, std::string_view room);
  std::string unread_counts(std::string_view user);
  std::string page(std::string_view user, std::string_view room, chat::Seq after, int limit,
                   std::string_view vehicle = {});
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
  /// The general room; empty when there is none.
  std::string general_of(std::string_view garage, std::string_view adjuster) const;
  std::size_t rooms() const { return rooms_.size(); }
  const std::string& user_of(std::size_t session) const { return script_.sessions[session]; }
  const std::vector<std::string>& members(std::string_view room) const {
    return rooms_.find(room)->second.members;
  }
  /// Of a general room.
  const std::vector<std::string>& vehicles(std::string_view room) const {
    return rooms_.find(room)->second.vehicles;
  }
  void pass(Microseconds time) { now_ += time; }

 private:
  struct Receipt {
    std::string plate, adjuster, room, garage, negotiation;
  };
  struct Room {
    std::string receipt, state, kind = "inbound";
    std::string plate;                  ///< Of a receipt's room.
    std::vector<std::string> vehicles;  ///< Of a general room.
    chat::Negotiation negotiation;
    std::vector<std::string> members;
    std::map<std::string, chat::Seq, std::less<>> from;  ///< Of guests.
    int further = 0;
    std::map<chat::Seq, json::object> events;  ///< Without cursor and unread_by.
    chat::Seq decided = 0, handed_out = 0;
    std::map<std::string, chat::Seq> read;
  };
  chat::Seq join_later(Room& room, const std::string& id, std::string_view sender,
                       std::string_view cmd, std::string_view whom, std::string_view as);
  chat::Seq hand_over_room(Room& room, const std::string& id, std::string_view sender,
                           std::string_view cmd, std::string_view from, std::string_view whom);
  static chat::Seq first_of(const Room& room, std::string_view user) {
    const auto found = room.from.find(user);
    return found == room.from.end() ? 1 : found->second;
  }
  std::string next_id(std::string_view user);
  json::object& request(std::string_view user, std::string_view type, const std::string& id,
                        bool read);
  json::object event(Room& room, std::string_view id, std::string_view type,
                     std::string_view sender, std::string_view cmd, json::object body);
  json::object event_about(Room& room, std::string_view id, std::string_view type,
                           std::string_view sender, std::string_view cmd, json::object body,
                           std::string_view vehicle);
  std::string new_room(std::string_view kind, std::string_view receipt,
                       const std::vector<std::string>& members);
  void join(Room& room, const std::string& id, std::string_view sender, std::string_view cmd);
  void greet(Room& room, const std::string& id, std::string_view cmd);
  void add_vehicle(Room& room, const std::string& id, std::string_view sender, std::string_view cmd,
                   const std::string& vehicle);
  void negotiated(Room& room, const std::string& id, std::string_view sender, std::string_view cmd,
                  std::string_view action, std::string_view by, std::string_view reason);
  void refer_if_due(Room& room, const std::string& id, std::string_view cmd);
  void refuse(std::string_view user, const std::string& id, std::string_view code);
  void hand_out_receipt(const std::string& id, const Room& room, std::string_view user,
                        chat::Seq seq);
  std::size_t speaker(std::string_view user) const;
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
  std::set<std::string, std::less<>> retired_;
  std::map<std::string, std::size_t, std::less<>> speakers_;
  std::map<std::size_t, int> ids_;  ///< By session.
  int read_ids_ = 0;
  std::map<std::string, Receipt, std::less<>> receipts_;
  std::map<std::pair<std::string, std::string>, std::string> generals_;
  std::map<std::string, json::array> bulks_;  ///< Their outcomes.
  std::map<std::string, Room, std::less<>> rooms_;
  Microseconds now_{1'000'000};
};

/// The people of the tests: insurer-1 and adjuster-1 (김보상) of ins-1, adjuster-2 (이담당) of
/// ins-2, garage-1 (한빛정비), garage-2 (새길공업사), each with one session.
ScriptedHistory cast();
/// garage-1 and adjuster-1 in r1, four events; adjuster-3 (박동료) is a colleague of adjuster-1.
ScriptedHistory opened_with_colleague();
/// Scenario A with garage-1 and adjuster-1 in room r1, to the claim and a last message (seq 11).
/// 1–4 founding, 5 garage, 6 adjuster, 7 in_repair, 8 repaired, 9 claim, 10 out, 11 garage.
ScriptedHistory scenario_a();
/// Scenario B: adjuster-1 writes to both garages, which answer. Rooms r1 (garage-1, 12가3456) and
/// r2 (garage-2, 34나5678): 1–5 founding, the 5th the message; 6 the garage's answer.
ScriptedHistory scenario_b(std::string* bulk = nullptr);
/// A negotiation in r1: adjuster-1 opens (seq 3, 70:30), adjuster-2 objects (4, 40:60 as
/// initiator:counterpart), adjuster-1 writes (5) and accepts the objection (6).
ScriptedHistory negotiated();

}  // namespace claims::storm
