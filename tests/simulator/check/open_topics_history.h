#pragma once
// A history of open topics: two users with a session each, and a clock set by hand.

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "simulator/check/open_topics_checker.h"
#include "simulator/measure/recorder.h"

namespace claims::storm {

/// Two users with a session each, and a clock. What is sent is answered a tenth of a second later,
/// unless the test does both by itself.
class OpenTopicsHistory : public testing::Test {
 protected:
  static constexpr std::uint64_t kScope = 7;
  static constexpr const char* kTopic = "storm/1/7/notice";

  OpenTopicsHistory() {
    auditor_.know_user("adj", "김보상", chat::Role::adjuster, "ins-01");
    auditor_.know_user("gar", "한빛정비", chat::Role::garage);
    ann_ = auditor_.add_session("adj");
    bob_ = auditor_.add_session("gar");
    connects(ann_);
    connects(bob_);
  }

  audit::OpenTopicsChecker& checker() { return auditor_.open_topics(); }
  void passes(std::int64_t ms) { now_ += Microseconds{ms * 1'000}; }

  void connects(SessionNumber session, bool resumed = false) {
    const Microseconds sent = now_;
    passes(100);
    checker().connected(session, resumed, sent, now_);
  }
  void loses(SessionNumber session) {
    checker().connection_lost(session);
    passes(1);
  }

  audit::OpenNumber begins_publish(SessionNumber session, std::string_view text, bool retain,
                                   std::uint32_t expiry_s = 0) {
    const auto number = checker().publish_sent(session,
                                               {.scope = kScope,
                                                .topic = kTopic,
                                                .text = text,
                                                .qos = 1,
                                                .retain = retain,
                                                .expiry_s = expiry_s},
                                               now_);
    passes(100);
    return number;
  }
  void ends_publish(audit::OpenNumber number, bool taken = true) {
    checker().publish_answered(kScope, number, taken, now_);
    passes(100);
  }
  void publishes(SessionNumber session, std::string_view text, bool retain = false,
                 std::uint32_t expiry_s = 0) {
    ends_publish(begins_publish(session, text, retain, expiry_s));
  }

  audit::OpenNumber begins_subscribe(SessionNumber session, const char* filter = kTopic,
                                     std::uint8_t handling = 0, bool as_published = false) {
    const auto number = checker().subscribe_sent(session,
                                                 {.scope = kScope,
                                                  .filter = filter,
                                                  .qos = 1,
                                                  .retain_handling = handling,
                                                  .retain_as_published = as_published},
                                                 now_);
    passes(100);
    return number;
  }
  void ends_subscribe(SessionNumber session, audit::OpenNumber number) {
    checker().subscribe_answered(session, kScope, number, std::uint8_t{1}, now_);
    passes(100);
  }
  void subscribes(SessionNumber session, const char* filter = kTopic, std::uint8_t handling = 0,
                  bool as_published = false) {
    ends_subscribe(session, begins_subscribe(session, filter, handling, as_published));
  }

  audit::OpenDelivery message(std::string_view text, bool retain = false) const {
    return {.scope = kScope, .topic = kTopic, .text = text, .qos = 1, .retain = retain};
  }
  audit::OpenDelivery retained(std::string_view text) const { return message(text, true); }
  void gets(SessionNumber session, const audit::OpenDelivery& delivery) {
    checker().delivered(session, delivery, now_);
    passes(10);
  }
  void gets(const audit::OpenDelivery& delivery) { gets(bob_, delivery); }
  void gets_left(std::string_view text, std::uint32_t left_s, bool retain = true) {
    auto delivery = message(text, retain);
    delivery.expiry_s = left_s;
    gets(delivery);
  }
  void misses(std::string_view text) {
    checker().missed(bob_, {.scope = kScope, .filter = kTopic, .text = text}, now_);
  }
  bool is_owed(std::string_view text) {
    return checker().owes(bob_, {.scope = kScope, .filter = kTopic, .text = text}, now_);
  }

  std::uint64_t told() const {
    EXPECT_EQ(auditor_.violations_total(), auditor_.violations(Checker::open_topics));
    return auditor_.violations_total();
  }
  std::string story() const { return auditor_.stories().empty() ? "" : auditor_.stories()[0].en; }

  Recorder recorder_;
  Auditor auditor_{recorder_};
  SessionNumber ann_{}, bob_{};
  Microseconds now_{1'000'000'000};
};

}  // namespace claims::storm
