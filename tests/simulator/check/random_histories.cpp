#include "random_histories.h"

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace claims::storm {
namespace {

struct OpenRoom {
  std::string id, garage, adjuster;
  int state = 0;
  bool converted = false;
};

}  // namespace

Script random_history(std::uint64_t seed, bool with_losses) {
  Draw draw(seed);
  ScriptedHistory history = cast();
  history.add_session("adjuster-1");
  std::vector<OpenRoom> rooms;
  const std::size_t count = 2 + draw.below(2);
  for (std::size_t i = 0; i < count; ++i) {
    const std::string adjuster = draw.below(2) == 0 ? "adjuster-1" : "adjuster-2";
    const std::string garage = draw.below(2) == 0 ? "garage-1" : "garage-2";
    const std::string receipt = "24-0000000" + std::to_string(i);
    history.register_receipt("insurer-1", receipt, "12가345" + std::to_string(i), adjuster);
    history.intake(garage, receipt);
    rooms.push_back({history.room_of(receipt), garage, adjuster});
    // The garage learns of its room before anybody can write in it.
    const std::size_t session = garage == "garage-1" ? 3 : 4;
    while (history.arrive(session)) {
    }
  }
  constexpr std::array<std::string_view, 4> kStates{"in", "in_repair", "repaired", "out"};
  std::vector<std::size_t> lost;
  for (int turn = 0; turn < 60; ++turn) {
    OpenRoom& room = rooms[draw.below(rooms.size())];
    const std::string& user = draw.below(2) == 0 ? room.garage : room.adjuster;
    const std::size_t session = draw.below(history.sessions());
    switch (draw.below(16)) {
      case 0:
      case 1:
        history.send(user, room.id, "글 " + std::to_string(turn));
        break;
      case 2:
        history.read(user, room.id, 1 + draw.below(history.last(room.id)));
        break;
      case 3:
        if (room.state < 3) history.step(room.garage, room.id, kStates[++room.state]);
        break;
      case 4:
        if (room.state >= 2 && !room.converted) {
          history.convert(room.garage, room.id);
          room.converted = true;
        }
        break;
      case 5:
        history.unread_counts(user);
        break;
      case 6:
        history.page(user, room.id, draw.below(history.last(room.id)), 10);
        break;
      case 7:
        history.refused(user, room.id, "limit_reached");
        break;
      case 8:
        history.give_up(user, history.send(user, room.id, "늦은 응답"));
        break;
      case 9:
        if (!with_losses) break;
        if (!lost.empty()) {
          history.resume(lost.back());
          lost.pop_back();
        } else if (session > 0) {
          history.lose(session);
          lost.push_back(session);
        }
        break;
      default:
        history.arrive(session);
        break;
    }
  }
  for (const std::size_t session : lost) history.resume(session);
  return history.finish();
}

namespace {

constexpr std::array<std::string_view, 8> kActions{
    "accept",           "object", "accept_objection",     "send_exemption",
    "accept_exemption", "object", "send_prior_agreement", "accept_prior_agreement"};
constexpr std::array<std::string_view, 4> kPlates{"12가3456", "34나5678", "56다7890", "78라9012"};

/// Draws what happens next in rooms of all kinds.
class MixedWork {
 public:
  MixedWork(ScriptedHistory& history, Draw& draw) : history_(history), draw_(draw) {
    for (std::size_t i = 0; i < 4; ++i) {
      receipts_.push_back("24-0000000" + std::to_string(i));
      history.register_receipt("insurer-1", receipts_.back(), kPlates[i], "adjuster-1");
    }
    history.drain();
  }

  void turn() {
    switch (draw_.below(20)) {
      case 0:
        return open_inbound();
      case 1:
        return open_negotiation();
      case 2:
        return bulk();
      case 3: {
        const std::string garage = a_garage();
        history_.open_general(garage, an_adjuster(), {a_plate(), "90마1234"});
        return settle_in(garage);
      }
      case 4:
      case 5:
        return act();
      case 6:
        return say_in_general();
      case 7:
        if (!inbound_.empty()) send(a_member(inbound_), inbound_.back(), "글");
        return;
      case 8:
        return ask();
      case 9:
        if (const std::string room = any_room(); !room.empty()) {
          const std::string user = member_of(room);
          settle_in(user);
          history_.read(user, room, 1 + draw_.below(history_.last(room)));
        }
        return;
      case 10:
        return take_back();
      case 11:
        return use_template();
      default:
        history_.arrive(draw_.below(history_.sessions()));
    }
  }

 private:
  struct Message {
    std::string user, room;
    chat::Seq seq = 0;
  };
  std::string a_garage() { return draw_.below(2) == 0 ? "garage-1" : "garage-2"; }
  std::string an_adjuster() { return draw_.below(2) == 0 ? "adjuster-1" : "adjuster-2"; }
  std::string a_plate() { return std::string(kPlates[draw_.below(kPlates.size())]); }
  std::string member_of(const std::string& room) {
    const auto& members = history_.members(room);
    return members[draw_.below(members.size())];
  }
  std::string a_member(const std::vector<std::string>& rooms) { return member_of(rooms.back()); }
  std::string any_room() {
    const std::size_t rooms = history_.rooms();
    return rooms == 0 ? "" : "r" + std::to_string(1 + draw_.below(rooms));
  }
  /// Who acts in a room has learned of it.
  void settle_in(const std::string& user) {
    for (std::size_t session = 0; session < history_.sessions(); ++session) {
      if (history_.user_of(session) != user) continue;
      while (history_.arrive(session)) {
      }
    }
  }

  void open_inbound() {
    if (next_inbound_ >= 2 * receipts_.size()) return;
    const std::size_t at = next_inbound_ / 2;
    if (next_inbound_ % 2 == 0) estimate_first_ = draw_.below(2) == 0;
    const bool estimate = estimate_first_ == (next_inbound_ % 2 == 0);
    const std::string garage = at % 2 == 0 ? "garage-1" : "garage-2";
    if (estimate) {
      history_.pre_estimate(garage, receipts_[at], 100'000);
    } else {
      history_.intake(garage, receipts_[at]);
    }
    ++next_inbound_;
    inbound_.push_back(history_.room_of(receipts_[at]));
    settle_in(garage);
  }

  void open_negotiation() {
    if (negotiations_.size() >= receipts_.size()) return;
    const bool first = draw_.below(2) == 0;
    const std::string initiator = first ? "adjuster-1" : "adjuster-2";
    history_.open_negotiation(initiator, receipts_[negotiations_.size()],
                              first ? "adjuster-2" : "adjuster-1", "70:30");
    negotiations_.push_back("r" + std::to_string(history_.rooms()));
    settle_in(initiator);
  }

  void act() {
    if (negotiations_.empty()) return;
    const std::string& room = negotiations_[draw_.below(negotiations_.size())];
    const std::string user = member_of(room);
    if (draw_.below(5) == 0) {
      history_.tagged(user, room, "#면책",
                      history_.members(room)[0] == user ? "send_exemption" : "accept_exemption", "",
                      history_.members(room)[0] == user ? "not_liable" : "");
      return;
    }
    if (draw_.below(5) == 0) return send(user, room, "> #면책 이라고요");
    const std::size_t drawn = draw_.below(kActions.size());
    const std::string_view action = kActions[drawn];
    const bool with_ratio = drawn == 1 || action == "send_prior_agreement";
    const std::string_view reason = action == "object"           ? "이의"
                                    : action == "send_exemption" ? "not_covered"
                                                                 : "";
    const std::string id =
        history_.act(user, room, action, with_ratio ? "60:40" : std::string_view{}, reason);
    if (draw_.below(8) == 0) history_.give_up(user, id);
  }

  void bulk() {
    const std::string adjuster = an_adjuster();
    std::vector<ScriptedHistory::Target> targets{{"garage-1", a_plate(), ""}};
    if (draw_.below(2) == 0) targets.push_back({"garage-2", a_plate(), ""});
    bulks_.emplace_back(adjuster, history_.bulk(adjuster, targets, "단체 글"));
    if (draw_.below(6) == 0) history_.give_up(adjuster, bulks_.back().second);
    if (draw_.below(2) == 0) settle_in(adjuster);
  }

  void say_in_general() {
    const std::string garage = a_garage(), adjuster = an_adjuster();
    const std::string room = history_.general_of(garage, adjuster);
    if (room.empty()) return;
    settle_in(garage);
    const std::vector<std::string>& vehicles = history_.vehicles(room);
    const std::string& user = draw_.below(2) == 0 ? garage : adjuster;
    history_.send_about(user, room, "차량에 대해", vehicles[draw_.below(vehicles.size())]);
    messages_.push_back({user, room, history_.last(room)});
  }

  void send(const std::string& user, const std::string& room, std::string_view text) {
    history_.send(user, room, text);
    messages_.push_back({user, room, history_.last(room)});
  }

  /// Who has sent a message deletes it, once, or tries to once more.
  void take_back() {
    if (messages_.empty()) return;
    const std::size_t at = draw_.below(messages_.size());
    const Message message = messages_[at];
    settle_in(message.user);
    if (std::ranges::find(deleted_, std::pair(message.room, message.seq)) != deleted_.end()) {
      history_.refused_delete(message.user, message.room, message.seq, "already_deleted");
      messages_.erase(messages_.begin() + static_cast<std::ptrdiff_t>(at));
      return;
    }
    deleted_.emplace_back(message.room, message.seq);
    const std::string id = history_.delete_message(message.user, message.room, message.seq);
    if (draw_.below(6) == 0) history_.give_up(message.user, id);
  }

  /// A garage keeps one, and writes with it; what it says changes.
  void use_template() {
    const std::string garage = a_garage();
    std::string& said = templates_[garage];
    if (said.empty() || draw_.below(4) == 0) {
      said = "양식 " + std::to_string(draw_.below(100));
      history_.set_template(garage, "faq", said);
      settle_in(garage);
    }
    const auto own = std::ranges::find_if(inbound_, [&](const std::string& room) {
      return std::ranges::find(history_.members(room), garage) != history_.members(room).end();
    });
    if (own != inbound_.end()) {
      history_.send_template(garage, *own, "faq", said);
      messages_.push_back({garage, *own, history_.last(*own)});
    }
    if (draw_.below(3) != 0) return;
    history_.list_templates(garage,
                            {{{"owner", garage}, {"name", "faq"}, {"role", ""}, {"text", said}}});
  }

  void ask() {
    history_.unread_counts(draw_.below(2) == 0 ? an_adjuster() : a_garage());
    if (!bulks_.empty() && draw_.below(2) == 0) {
      const auto& [adjuster, id] = bulks_[draw_.below(bulks_.size())];
      history_.bulk_outcomes(adjuster, id);
    }
    const std::string room = any_room();
    if (room.empty()) return;
    const std::string user = member_of(room);
    history_.room_reads(user, room);
    const chat::Seq after = draw_.below(history_.last(room));
    history_.page(user, room, after, 1 + static_cast<int>(draw_.below(6)),
                  draw_.below(2) == 0 ? a_plate() : std::string());
    if (std::find(negotiations_.begin(), negotiations_.end(), room) != negotiations_.end()) {
      history_.negotiation_status(user, room);
    }
  }

  ScriptedHistory& history_;
  Draw& draw_;
  std::vector<std::string> receipts_, inbound_, negotiations_;
  std::vector<std::pair<std::string, std::string>> bulks_;
  std::vector<Message> messages_;
  std::vector<std::pair<std::string, chat::Seq>> deleted_;
  std::map<std::string, std::string> templates_;  ///< What those of a garage say.
  std::size_t next_inbound_ = 0;
  bool estimate_first_ = false;
};

}  // namespace

Script random_mixed_history(std::uint64_t seed, bool with_losses) {
  Draw draw(seed);
  ScriptedHistory history = cast();
  history.add_session("adjuster-1");
  history.add_session("garage-1");
  MixedWork work(history, draw);
  std::vector<std::size_t> lost;
  for (int turn = 0; turn < 80; ++turn) {
    if (lost.empty() && draw.below(12) == 0) {
      history.speak_from("adjuster-1", draw.below(2) == 0 ? 1 : 5);
      history.speak_from("garage-1", draw.below(2) == 0 ? 3 : 6);
    }
    if (with_losses && draw.below(12) == 0) {
      if (!lost.empty()) {
        history.resume(lost.back());
        lost.pop_back();
      } else {
        // Others speak from their first session, which has to stay.
        lost.push_back(draw.below(2) == 0 ? 5 : 6);
        history.speak_from("adjuster-1", 1);
        history.speak_from("garage-1", 3);
        history.lose(lost.back());
      }
    }
    work.turn();
  }
  for (const std::size_t session : lost) history.resume(session);
  return history.finish();
}

}  // namespace claims::storm
