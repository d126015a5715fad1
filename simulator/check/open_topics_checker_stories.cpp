// OpenTopicsChecker: its stories.

#include <fmt/format.h>

#include "protocol/chat/error.h"
#include "simulator/check/open_delivered.h"

namespace claims::storm::audit {
namespace {

std::string in_quotes(std::string_view text) {
  return text.empty() ? std::string("\"\"") : fmt::format("\"{}\"", chat::excerpt(text));
}

/// Of a delivery that was wrong: what is wrong with it.
Story fault_of(const OpenMessage& message, const OpenDelivery& delivery, OpenFault fault) {
  const std::string left =
      delivery.expiry_s ? std::to_string(*delivery.expiry_s) : std::string("-");
  const auto expiry = std::to_string(message.expiry_s);
  switch (fault) {
    case OpenFault::no_retained_one:
      return {"보관하라고 보낸 적이 없는데 보관된 메시지라고 합니다",
              "it says that it is retained, and was not published as such"};
    case OpenFault::not_said:
      return {"보관하라고 보낸 것인데 그 표시가 없습니다",
              "it was published as retained, and does not say so, though that was asked for"};
    case OpenFault::superseded:
      return {"구독하기 전에 이미 다른 메시지로 바뀌었거나 지워진 것입니다",
              "it had been replaced or cleared before the session subscribed"};
    case OpenFault::expired:
      return {fmt::format("{}초가 지나 만료된 것입니다", expiry),
              fmt::format("it had expired, {} s after it was published", expiry)};
    case OpenFault::too_often:
      return {"보낸 횟수보다 더 자주 왔습니다", "it came more often than it was sent"};
    case OpenFault::before:
      return {
          "구독하기 전에 보낸 것인데 보관된 메시지로 오지 않았습니다",
          "it was published before the session subscribed, and does not come as a retained one"};
    case OpenFault::after:
      return {"구독을 끝낸 뒤에 보낸 것입니다",
              "it was published when the session had unsubscribed from it"};
    case OpenFault::repeated:
      return {"새로 시작한 세션에 다시 보낸 것(DUP)이라고 합니다",
              "it says that it is sent again (DUP), in a session that began with this connection"};
    case OpenFault::no_interval:
      return {fmt::format("만료 시간 {}초로 보냈는데 남은 시간이 없습니다", expiry),
              fmt::format("it was published with an expiry of {} s, and does not say what is left",
                          expiry)};
    case OpenFault::interval_too_long:
      return {fmt::format("{}초 중 {}초가 남았다고 하지만 그보다 더 지났습니다", expiry, left),
              fmt::format("it says that {} of {} s are left, and more have passed", left, expiry)};
    case OpenFault::interval_too_short:
      return {fmt::format("{}초 중 {}초만 남았다고 하지만 그만큼 지나지 않았습니다", expiry, left),
              fmt::format("it says that {} of {} s are left, and fewer have passed", left, expiry)};
    case OpenFault::interval_added:
      return {fmt::format("만료 시간 없이 보냈는데 {}초가 남았다고 합니다", left),
              fmt::format("it was published without an expiry, and says that {} s are left", left)};
    case OpenFault::lower_qos:
      return {"보낸 것과 구독한 것보다 낮은 QoS로 왔습니다",
              "it came at a lower QoS than it was published and subscribed at"};
    case OpenFault::none:
    case OpenFault::higher_qos:
      break;
  }
  return {"보낸 것보다 높은 QoS로 왔습니다", "it came at a higher QoS than it was published at"};
}

}  // namespace

void OpenTopicsChecker::tell_unknown(SessionNumber session, const OpenDelivery& delivery,
                                     bool subscribed) {
  scene_.stories.tell(Checker::open_topics, [&] {
    const std::string who = scene_.roster.who(session);
    const std::string topic = chat::excerpt(delivery.topic), text = in_quotes(delivery.text);
    if (!subscribed) {
      return Story{
          fmt::format("{}에게 구독하지 않은 토픽 {}의 메시지 {}이(가) 왔습니다.", who, topic, text),
          fmt::format("{} got {} on the topic {}, to which it has not subscribed.", who, text,
                      topic)};
    }
    return Story{fmt::format("{}에게 토픽 {}에 아무도 보내지 않은 메시지 {}이(가) 왔습니다.", who,
                             topic, text),
                 fmt::format("{} got {} on the topic {}, and nobody published that there.", who,
                             text, topic)};
  });
}

void OpenTopicsChecker::tell_missing(const OpenDue& due, const OpenMessage& message,
                                     std::string_view later) {
  scene_.stories.tell(Checker::open_topics, [&] {
    const std::string who = scene_.roster.who(due.session);
    const std::string by = scene_.roster.who(message.publisher);
    const std::string then_ko =
        later.empty() ? std::string("기다렸지만 오지 않았습니다")
                      : fmt::format("그 뒤에 보낸 {}이(가) 먼저 왔습니다", in_quotes(later));
    const std::string then_en =
        later.empty() ? std::string("it was waited for and did not come")
                      : fmt::format("{}, published later, came first", in_quotes(later));
    return Story{fmt::format("{}은(는) 토픽 {}의 {} {}(보낸 이 {})을(를) 받아야 하는데 {}.", who,
                             due.topic, due.retained ? "보관된 메시지" : "메시지",
                             in_quotes(message.text), by, then_ko),
                 fmt::format("{} had to get the {}message {} of {} on the topic {}: {}.", who,
                             due.retained ? "retained " : "", in_quotes(message.text), by,
                             due.topic, then_en)};
  });
}

void OpenTopicsChecker::tell(const Delivered& what, const OpenMessage& message, OpenFault fault) {
  scene_.stories.tell(Checker::open_topics, [&] {
    const std::string who = scene_.roster.who(what.session);
    const std::string by = scene_.roster.who(message.publisher);
    const Story story = fault_of(message, what.message, fault);
    const std::string text = in_quotes(what.message.text);
    return Story{fmt::format("{}에게 토픽 {}의 메시지 {}(보낸 이 {})이(가) 왔는데, {}.", who,
                             what.topic.name, text, by, story.ko),
                 fmt::format("{} got {} of {} on the topic {}, but {}.", who, text, by,
                             what.topic.name, story.en)};
  });
}

}  // namespace claims::storm::audit
