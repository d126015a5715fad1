#include "script.h"

#include <algorithm>
#include <cstdlib>
#include <iostream>

namespace claims::storm {
namespace {

constexpr std::int64_t kWall = 1'714'500'000'000;

std::string field(const json::object& object, std::string_view key) {
  const json::string& text = object.at(key).as_string();
  return {text.data(), text.size()};
}

}  // namespace

std::vector<Action>::iterator Script::delivery(std::string_view user, std::string_view room,
                                               chat::Seq seq) {
  const std::size_t session = session_of(user);
  return std::find_if(actions.begin(), actions.end(), [&](const Action& it) {
    return it.kind == Action::Kind::deliver && it.session == session && it.room == room &&
           it.seq == seq;
  });
}

std::vector<Action>::iterator Script::receipt(std::size_t session, std::string_view user) {
  return std::find_if(actions.begin(), actions.end(), [&](const Action& it) {
    return it.kind == Action::Kind::receipt && it.session == session &&
           field(it.body.at("user").as_object(), "id") == user;
  });
}

void Script::insert_before(std::string_view room, chat::Seq seq, const Action& action) {
  const auto first = std::find_if(actions.begin(), actions.end(), [&](const Action& it) {
    return it.kind == Action::Kind::deliver && it.room == room && it.seq == seq;
  });
  actions.insert(first, Action(action));
}

std::vector<Action>::iterator Script::history(std::string_view room, chat::Seq seq) {
  return std::find_if(actions.begin(), actions.end(), [&](const Action& it) {
    return it.kind == Action::Kind::history && it.room == room && it.seq == seq;
  });
}

std::vector<Action>::iterator Script::reply(std::string_view re) {
  auto found = actions.end();
  for (auto it = actions.begin(); it != actions.end(); ++it) {
    if (it->kind == Action::Kind::reply && field(it->body, "re") == re) found = it;
  }
  return found;
}

std::vector<Action>::iterator Script::first_history() {
  return std::find_if(actions.begin(), actions.end(), [](const Action& it) {
    return it.kind == Action::Kind::history || it.kind == Action::Kind::history_end;
  });
}

std::size_t Script::session_of(std::string_view user) const {
  return static_cast<std::size_t>(std::find(sessions.begin(), sessions.end(), user) -
                                  sessions.begin());
}

void Script::edit_event(std::string_view room, chat::Seq seq,
                        const std::function<void(json::object&)>& edit) {
  for (Action& action : actions) {
    const bool copy = action.kind == Action::Kind::deliver || action.kind == Action::Kind::history;
    if (copy && action.room == room && action.seq == seq) edit(action.body);
  }
}

void Script::erase_event(std::string_view room, chat::Seq seq) {
  std::erase_if(actions, [&](const Action& action) {
    const bool copy = action.kind == Action::Kind::deliver || action.kind == Action::Kind::history;
    return copy && action.room == room && action.seq == seq;
  });
}

void Script::append_event(std::string_view room, const json::object& event) {
  std::vector<std::size_t> receivers;
  for (const Action& action : actions) {
    if (action.kind == Action::Kind::deliver && action.room == room && action.seq == 1) {
      receivers.push_back(action.session);
    }
  }
  Action action;
  action.room = room;
  action.seq = static_cast<chat::Seq>(event.at("seq").as_int64());
  action.body = event;
  action.at = first_history()->at;
  action.kind = Action::Kind::deliver;
  action.body.erase("unread_by");
  action.body["cursor"] = "c";
  for (const std::size_t receiver : receivers) {
    action.session = receiver;
    actions.insert(first_history(), action);
  }
  action.kind = Action::Kind::history;
  action.body.erase("cursor");
  action.body["unread_by"] = event.at("sender").at("id") == "system" ? 2 : 1;
  const auto end = std::find_if(actions.begin(), actions.end(), [&](const Action& it) {
    return it.kind == Action::Kind::history_end && it.room == room;
  });
  actions.insert(end, action);
}

Audit::Audit(const Script& script)
    : recorder_(std::make_unique<Recorder>()), auditor_(std::make_unique<Auditor>(*recorder_)) {
  recorder_->begin(Microseconds{0});
  recorder_->hold(Microseconds{0}, Microseconds{1'000'000'000'000});
  for (const auto& person : script.people) {
    auditor_->know_user(person.id, person.name, person.role, person.insurer);
    if (!person.insurer.empty()) {
      auditor_->know_insurer(person.insurer, person.insurer + " 손해보험");
    }
  }
  std::vector<SessionNumber> sessions;
  sessions.reserve(script.sessions.size());
  for (const std::string& user : script.sessions) sessions.push_back(auditor_->add_session(user));
  Now now;
  for (const Action& action : script.actions) {
    now = {action.at, Milliseconds(kWall)};
    const Turn turn{now, action.at};
    const SessionNumber session = sessions[action.session];
    const auto room = chat::parse_room_id(action.room);
    switch (action.kind) {
      case Action::Kind::subscribe:
        auditor_->subscribed(session, now);
        break;
      case Action::Kind::lose:
        auditor_->connection_lost(session, now);
        break;
      case Action::Kind::resume:
        auditor_->resumed(session, now);
        break;
      case Action::Kind::restart:
        auditor_->server_restarted();
        break;
      case Action::Kind::bytes:
        auditor_->received(session, action.seq);
        break;
      case Action::Kind::connect:
        auditor_->connecting(session);
        break;
      case Action::Kind::turned_away:
        auditor_->turned_away(session);
        break;
      case Action::Kind::send: {
        const std::string type = field(action.body, "type");
        auditor_->sent(session,
                       {action.id, type, action.read, &action.body, type, action.at, action.at});
        break;
      }
      case Action::Kind::give_up:
        auditor_->unanswered(session, action.id, now);
        break;
      case Action::Kind::reply:
        auditor_->replied(session, action.body, turn);
        break;
      case Action::Kind::deliver:
      case Action::Kind::receipt:
        auditor_->event(session, action.body, turn);
        break;
      case Action::Kind::garbage:
        auditor_->malformed(session, action.room, action.id);
        break;
      case Action::Kind::history:
        auditor_->history_event(*room, action.body);
        break;
      case Action::Kind::history_end:
        auditor_->history_end(*room, true);
        break;
      case Action::Kind::shown_out:
        auditor_->shown_out(session);
        break;
    }
  }
  auditor_->finish(now);
  if (std::getenv("CLAIMS_QUIET") == nullptr) {
    for (const Violation& story : auditor_->stories()) {
      std::cout << "    " << to_string(story.checker) << "\n      " << story.ko << "\n      "
                << story.en << "\n";
    }
  }
}

std::string Audit::en() const {
  std::string text;
  for (const Violation& story : auditor_->stories()) text += story.en + "\n";
  return text;
}

std::string Audit::ko() const {
  std::string text;
  for (const Violation& story : auditor_->stories()) text += story.ko + "\n";
  return text;
}

}  // namespace claims::storm
