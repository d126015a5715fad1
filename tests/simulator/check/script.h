#pragma once
// Script: what clients sent and saw, as data, and what an auditor says to it. To drop, repeat,
// exchange or edit an action is a break.

#include <boost/json.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "simulator/check/auditor.h"

namespace claims::storm {

namespace json = boost::json;

struct Action {
  enum class Kind {
    subscribe,
    lose,
    resume,   ///< CONNACK says that the session is there still.
    restart,  ///< Of the server.
    bytes,    ///< So many as `seq` says.
    connect,  ///< CONNECT goes out.
    turned_away,
    send,
    give_up,
    reply,
    deliver,
    receipt,
    garbage,
    history,
    history_end,
    shown_out,
  };
  Kind kind{};
  std::size_t session = 0;
  json::object body;  ///< Of send, reply, deliver, receipt, history.
  bool read = false;  ///< Of send.
  std::string id;     ///< Of send, give_up.
  std::string room;   ///< Of deliver, history, history_end.
  chat::Seq seq = 0;  ///< Of deliver, history.
  Microseconds at{0};
};

struct Script {
  struct Person {
    std::string id, name;
    chat::Role role{};
    std::string insurer{};
  };
  std::vector<Person> people;         ///< The directory.
  std::vector<std::string> sessions;  ///< Their users.
  std::vector<Action> actions;

  /// The delivery of that event at that user's first session.
  std::vector<Action>::iterator delivery(std::string_view user, std::string_view room,
                                         chat::Seq seq);
  std::vector<Action>::iterator history(std::string_view room, chat::Seq seq);
  /// The first read receipt that this session gets of that user.
  std::vector<Action>::iterator receipt(std::size_t session, std::string_view user);
  /// Puts `action` before the first delivery of that event to anybody.
  void insert_before(std::string_view room, chat::Seq seq, const Action& action);
  /// The (last) reply to that id.
  std::vector<Action>::iterator reply(std::string_view re);
  std::vector<Action>::iterator first_history();
  std::size_t session_of(std::string_view user) const;
  /// In every copy of the event.
  void edit_event(std::string_view room, chat::Seq seq,
                  const std::function<void(json::object&)>& edit);
  /// Takes the event away from everybody, and from the history.
  void erase_event(std::string_view room, chat::Seq seq);
  /// One more event, delivered to those who get the room's other events, and in its history.
  void append_event(std::string_view room, const json::object& event);
};

/// What an auditor says to a script.
class Audit {
 public:
  explicit Audit(const Script& script);
  const Auditor& auditor() const { return *auditor_; }
  const Recorder& recorder() const { return *recorder_; }
  std::uint64_t total() const { return auditor_->violations_total(); }
  std::uint64_t count(Checker checker) const { return auditor_->violations(checker); }
  /// All stories, a line each, in English; in Korean.
  std::string en() const, ko() const;

 private:
  std::unique_ptr<Recorder> recorder_;
  std::unique_ptr<Auditor> auditor_;
};

}  // namespace claims::storm
