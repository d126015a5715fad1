// The state is the fold of its records: a second service that reads the log of the first is its
// twin.

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "protocol/chat/event.h"
#include "protocol/limits.h"
#include "reference-server/chat/service.h"
#include "tests/reference-server/chat/played_service.h"
#include "tests/reference-server/chat/random_play.h"

namespace claims::server {
namespace {

constexpr const char* kUsers[] = {"core-01", "core-02", "adj-1", "adj-2", "gar-1",
                                  "gar-2",   "adj-3",   "adj-4", "adj-5"};

std::string answer_of(const Decision& decision) {
  if (const auto* decided = std::get_if<Decided>(&decision)) return decided->reply;
  if (const auto* answered = std::get_if<Answered>(&decision)) return answered->reply;
  return "a page or a sync";
}

/// Reads that show what the state holds of each room, and of bulk messages.
std::vector<std::string> reads_of_everything() {
  std::vector<std::string> reads;
  for (int room = 1; room <= 48; ++room) {
    for (const char* type : {"room.reads", "negotiation.status", "room.show"}) {
      reads.push_back(R"({"type":")" + std::string(type) + R"(","id":"q","room":"r)" +
                      std::to_string(room) + "\"}");
    }
    for (const char* as : {"colleague", "guest"}) {
      reads.push_back(R"({"type":"invite.candidates","id":"q","room":"r)" + std::to_string(room) +
                      R"(","as":")" + as + "\"}");
    }
  }
  for (const char* type : {"room.list", "conversions.count", "unread.counts"}) {
    reads.push_back(R"({"type":")" + std::string(type) + R"(","id":"q"})");
  }
  for (int instance = 1000; instance < 1060; ++instance) {
    for (int n = 1; n < 300; ++n) {
      reads.push_back(R"({"type":"bulk.outcomes","id":"q","bulk":")" + std::to_string(instance) +
                      '.' + std::to_string(n) + "\"}");
    }
  }
  return reads;
}

void fold_all(const std::vector<Record>& log, Service& service) {
  for (std::size_t i = 0; i < log.size(); ++i) {
    const auto folded = service.fold(log[i], Position{i + 1});
    ASSERT_TRUE(folded.has_value()) << log[i].payload << ": " << folded.error();
  }
}

TEST(Replay, ATwinAnswersAlike) {
  PlayedService played;
  RandomPlay play(1);
  std::vector<RandomPlay::Sent> history;
  for (int i = 0; i < 24'000; ++i) {
    RandomPlay::Sent sent = play.next();
    played.now.wall += Milliseconds(play.draw(5)) - Milliseconds(2);
    sent.reply = played.send(sent.user, sent.payload).reply;
    history.push_back(std::move(sent));
  }
  const ServiceCounters counters = played.service().counters();
  ASSERT_GE(counters.rooms_inbound, 3U);
  ASSERT_GE(counters.rooms_general, 3U);
  ASSERT_GE(counters.rooms_negotiation, 2U);
  ASSERT_GE(counters.bulk_messages_total, 20U);
  ASSERT_GE(counters.bulk_refusals_total, 10U);
  ASSERT_GE(counters.events_total, 500U);
  std::string log;
  for (const Record& record : played.log()) log += record.payload;
  EXPECT_NE(log.find(R"("by":"system")"), std::string::npos) << "a referral by the server";
  EXPECT_NE(log.find(R"("action":"send_exemption")"), std::string::npos);
  for (const char* type :
       {"left", "handed_over", "room_changed", "room_deleted", "further_estimate"}) {
    EXPECT_NE(log.find(R"({"type":")" + std::string(type) + '"'), std::string::npos) << type;
  }
  for (const char* as : {"colleague", "guest", "successor"}) {
    EXPECT_NE(log.find(R"("as":")" + std::string(as) + '"'), std::string::npos) << as;
  }
  for (const char* told : {R"("reason":"retired")", R"("reason":"away")", R"("state":"cancelled")",
                           R"({"adjuster":"adj-)"}) {
    EXPECT_NE(log.find(told), std::string::npos) << told;
  }

  Service twin;
  fold_all(played.log(), twin);
  EXPECT_EQ(twin.counters().users, played.service().counters().users);
  EXPECT_EQ(twin.counters().rooms, played.service().counters().rooms);
  EXPECT_TRUE(twin.reconcile_directory(kSmallDirectory)->empty());
  const Position next{played.log().size() + 1};

  // Every command once more: the same reply as from the first, and as it was where it is kept.
  std::size_t repeated = 0;
  for (const RandomPlay::Sent& sent : history) {
    const std::string answer =
        answer_of(twin.decide(*twin.user_index(sent.user), sent.payload, next, played.now));
    EXPECT_EQ(answer, played.send(sent.user, sent.payload).reply);
    if (answer == sent.reply) ++repeated;
  }
  EXPECT_GE(repeated, 5 * claims::limits::kOutcomesPerInstance);
  EXPECT_EQ(Position{played.log().size() + 1}, next) << "a repeat has no effect";

  for (const char* user : kUsers) {
    const UserIndex index = *twin.user_index(user);
    EXPECT_EQ(index, played.index(user));
    const char* counts = R"({"type":"unread.counts","id":"q"})";
    EXPECT_EQ(answer_of(twin.decide(index, counts, next, played.now)),
              played.send(user, counts).reply);
    for (const std::string& read : reads_of_everything()) {
      EXPECT_EQ(answer_of(twin.decide(index, read, next, played.now)),
                played.send(user, read).reply);
    }
    const auto ranges = played.service().stream_ranges(index, Position{100});
    const auto twins = twin.stream_ranges(index, Position{100});
    ASSERT_EQ(twins.size(), ranges.size());
    for (std::size_t i = 0; i < ranges.size(); ++i) {
      EXPECT_EQ(twins[i].room, ranges[i].room);
      EXPECT_EQ(twins[i].first, ranges[i].first);
      EXPECT_EQ(twins[i].last, ranges[i].last);
    }
  }
}

TEST(Replay, ATwinGoesOnAlike) {
  PlayedService played;
  RandomPlay play(2);
  for (int i = 0; i < 1'000; ++i) {
    const RandomPlay::Sent sent = play.next();
    played.send(sent.user, sent.payload);
  }
  Service twin;
  fold_all(played.log(), twin);
  for (int i = 0; i < 500; ++i) {
    const RandomPlay::Sent sent = play.next();
    const std::size_t before = played.log().size();
    const Decision decision =
        twin.decide(*twin.user_index(sent.user), sent.payload, Position{before + 1}, played.now);
    const auto answer = played.send(sent.user, sent.payload);
    ASSERT_EQ(answer_of(decision), answer.reply);
    const auto* decided = std::get_if<Decided>(&decision);
    std::vector<Emitted> records = decided == nullptr ? std::vector<Emitted>{} : decided->records;
    while (twin.has_orders()) {
      const Position next{before + records.size() + 1};
      for (Emitted& one : twin.carry_out_order(next, played.now)) {
        records.push_back(std::move(one));
      }
    }
    ASSERT_EQ(records.size(), played.log().size() - before);
    for (std::size_t at = before; at < played.log().size(); ++at) {
      EXPECT_EQ(records[at - before].record.payload, played.log()[at].payload);
    }
  }
}

/// What clients must be told, from the delivered events and the acknowledged reads alone.
class UnreadModel {
 public:
  void saw(const PlayedService::Delivery& delivery) {
    const auto event = chat::parse_event(delivery.event);
    ASSERT_TRUE(event.has_value()) << event.error();
    Room& room = rooms_[to_string(event->event.room)];
    ASSERT_EQ(event->event.seq, room.authors.size() + 1);
    const bool message = std::holds_alternative<chat::Message>(event->event.body);
    room.authors.push_back(message ? event->event.sender.id : "");
    if (const auto* joined = std::get_if<chat::Joined>(&event->event.body)) {
      // What was read before stays read.
      room.read[joined->user.id] = std::max(joined->from - 1, room.was_read[joined->user.id]);
    } else if (const auto* left = std::get_if<chat::Left>(&event->event.body)) {
      room.was_read[left->user.id] = room.read.at(left->user.id);
      room.read.erase(left->user.id);
      ++ended_;
    } else if (std::holds_alternative<chat::RoomDeleted>(event->event.body)) {
      room.read.clear();
    }
  }
  void read(const std::string& user, const boost::json::object& result) {
    rooms_[std::string(result.at("room").as_string())].read[user] =
        result.at("seq").to_number<std::uint64_t>();
  }
  std::uint64_t unread(const std::string& room, const std::string& user) const {
    const Room& one = rooms_.at(room);
    std::uint64_t unread = 0;
    for (std::size_t seq = one.read.at(user) + 1; seq <= one.authors.size(); ++seq) {
      const std::string& author = one.authors[seq - 1];
      if (!author.empty() && author != user) ++unread;
    }
    return unread;
  }
  std::uint64_t unread_by(const std::string& room, std::uint64_t seq,
                          const std::string& sender) const {
    std::uint64_t unread = 0;
    for (const auto& [user, read] : rooms_.at(room).read) {
      if (user != sender && read < seq) ++unread;
    }
    return unread;
  }
  const auto& rooms() const { return rooms_; }
  std::size_t ended() const { return ended_; }

 private:
  struct Room {
    std::vector<std::string> authors;
    std::map<std::string, std::uint64_t> read;      ///< Of who is a member.
    std::map<std::string, std::uint64_t> was_read;  ///< Of who has left.
  };
  std::size_t ended_ = 0;
  std::map<std::string, Room> rooms_;
};

TEST(Unread, IsWhatTheModelCounts) {
  PlayedService played;
  RandomPlay play(3);
  UnreadModel model;
  for (int i = 0; i < 8'000; ++i) {
    const RandomPlay::Sent sent = play.next();
    const auto answer = played.send(sent.user, sent.payload);
    for (const auto& delivery : answer.deliveries) model.saw(delivery);
    const boost::json::object reply = boost::json::parse(answer.reply).as_object();
    if (!reply.at("ok").as_bool()) continue;
    const boost::json::object& result = reply.at("result").as_object();
    if (!result.contains("unread")) continue;
    model.read(sent.user, result);
    EXPECT_EQ(result.at("unread").to_number<std::uint64_t>(),
              model.unread(std::string(result.at("room").as_string()), sent.user));
  }
  std::size_t compared = 0;
  for (const auto& [room, state] : model.rooms()) {
    for (const auto& [user, read] : state.read) {
      const std::string count =
          played.ok(user, R"({"type":"unread.counts","id":"q","room":")" + room + "\"}");
      EXPECT_NE(count.find(R"("total":)" + std::to_string(model.unread(room, user)) + ','),
                std::string::npos)
          << count;
      const std::string page = played.ok(
          user, R"({"type":"room.messages","id":"q","room":")" + room + R"(","limit":100})");
      const auto events = boost::json::parse(page).at("result").at("events").as_array();
      for (const boost::json::value& event : events) {
        const auto parsed = chat::parse_event(boost::json::serialize(event));
        ASSERT_TRUE(parsed.has_value()) << parsed.error();
        EXPECT_EQ(static_cast<std::uint64_t>(parsed->unread_by),
                  model.unread_by(room, parsed->event.seq, parsed->event.sender.id));
        ++compared;
      }
    }
  }
  EXPECT_GE(compared, 300U);
  EXPECT_GE(model.ended(), 5U);
}

}  // namespace
}  // namespace claims::server
