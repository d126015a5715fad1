#include "simulator/check/event_view.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include "simulator/check/digest.h"

namespace claims::storm::audit {
namespace {

using ::testing::HasSubstr;
using ::testing::Optional;

/// An event of that type and body, as it comes on evt.
boost::json::object event_of(std::string_view type, std::string_view body) {
  boost::json::object event =
      boost::json::parse(R"({"room":"r1","seq":7,"at":5,"sender":{"id":"a","name":"b"},)"
                         R"("vehicle":"","cmd":"a:1.1","cursor":"c"})")
          .as_object();
  event["type"] = type;
  event["body"] = boost::json::parse(body);
  return event;
}

std::optional<std::string> problem_of(std::string_view type, std::string_view body) {
  EventView view;
  return read_event(event_of(type, body), EventEnd::cursor, view);
}

std::uint64_t digest(std::string_view type, std::string_view body) {
  const auto event = event_of(type, body);
  EventView view;
  EXPECT_EQ(read_event(event, EventEnd::cursor, view), std::nullopt);
  return digest_of(view);
}

constexpr std::string_view kStep =
    R"({"action":"object","by":"counterpart","ratio":"40:60","reason":"r",)"
    R"("state":"discussing","turn":"initiator","text":"t"})";

std::string edited_step(std::string_view from, std::string_view to) {
  std::string body(kStep);
  return body.replace(body.find(from), from.size(), to);
}

TEST(EventView, ReadsAStepOfANegotiation) {
  const auto event = event_of("negotiation", kStep);
  EventView view;
  ASSERT_EQ(read_event(event, EventEnd::cursor, view), std::nullopt);
  const NegotiationView& step = view.negotiation;
  EXPECT_EQ(step.action, chat::NegotiationAction::object);
  EXPECT_EQ(step.by, chat::Side::counterpart);
  EXPECT_EQ(step.turn, chat::Side::initiator);
  EXPECT_EQ(step.ratio, (chat::Ratio{40, 60}));
  EXPECT_EQ(step.reason, "r");
}

TEST(EventView, ReadsAReferralByTheServer) {
  const auto event =
      event_of("negotiation", R"({"action":"refer","by":"system","ratio":"","reason":"",)"
                              R"("state":"referred","turn":"","text":"t"})");
  EventView view;
  ASSERT_EQ(read_event(event, EventEnd::cursor, view), std::nullopt);
  EXPECT_EQ(view.negotiation.by, std::nullopt);
  EXPECT_EQ(view.negotiation.turn, std::nullopt);
  EXPECT_EQ(view.negotiation.ratio, std::nullopt);
}

TEST(EventView, TellsWhatIsWrongWithAStep) {
  const std::pair<std::string_view, std::string_view> kEdits[] = {
      {R"("action":"object")", R"("action":"shout")"},
      {R"("by":"counterpart")", R"("by":"me")"},
      {R"("ratio":"40:60")", R"("ratio":"40:61")"},
      {R"("state":"discussing")", R"("state":"x")"},
      {R"("turn":"initiator")", R"("turn":"system")"},
      {R"("reason":"r",)", ""}};
  for (const auto& [from, to] : kEdits) {
    EXPECT_THAT(problem_of("negotiation", edited_step(from, to)), Optional(HasSubstr("body.")))
        << from;
  }
}

TEST(EventView, ReadsPreEstimatesAndVehicles) {
  const auto event = event_of("pre_estimate", R"({"estimate":"E-1","amount":1000,"text":"t"})");
  EventView view;
  ASSERT_EQ(read_event(event, EventEnd::cursor, view), std::nullopt);
  EXPECT_EQ(view.estimate, "E-1");
  EXPECT_EQ(view.amount, 1000);
  EXPECT_EQ(problem_of("vehicle_added", R"({"text":"t"})"), std::nullopt);
  EXPECT_THAT(problem_of("pre_estimate", R"({"estimate":"E-1","amount":0,"text":"t"})"),
              Optional(HasSubstr("body.amount")));
  EXPECT_THAT(problem_of("pre_estimate", R"({"estimate":"E-1","text":"t"})"),
              Optional(HasSubstr("lacks a field")));
  EXPECT_THAT(problem_of("vehicle_added", R"({"text":"t","estimate":"E-1"})"),
              Optional(HasSubstr("body.estimate is an unknown field")));
}

TEST(EventView, ReadsATemplateOnlyWhereOneWasGiven) {
  EXPECT_EQ(problem_of("message", R"({"text":"t","template":"x-1"})"), std::nullopt);
  EXPECT_THAT(problem_of("message", R"({"text":"t","template":""})"),
              Optional(HasSubstr("body.template is empty")));
  EXPECT_THAT(problem_of("message", R"({"template":"x-1"})"), Optional(HasSubstr("lacks a field")));
}

TEST(EventView, EverythingThatAnEventShowsIsInItsDigest) {
  const std::pair<std::string_view, std::string_view> kEdits[] = {
      {R"("action":"object")", R"("action":"accept")"},
      {R"("by":"counterpart")", R"("by":"initiator")"},
      {R"("ratio":"40:60")", R"("ratio":"")"},
      {R"("reason":"r")", R"("reason":"s")"},
      {R"("state":"discussing")", R"("state":"agreed")"},
      {R"("turn":"initiator")", R"("turn":"counterpart")"}};
  for (const auto& [from, to] : kEdits) {
    EXPECT_NE(digest("negotiation", edited_step(from, to)), digest("negotiation", kStep)) << from;
  }
  EXPECT_NE(digest("message", R"({"text":"t","template":"x"})"),
            digest("message", R"({"text":"t"})"));
  EXPECT_NE(digest("pre_estimate", R"({"estimate":"E","amount":1,"text":"t"})"),
            digest("pre_estimate", R"({"estimate":"E","amount":2,"text":"t"})"));
}

}  // namespace
}  // namespace claims::storm::audit
