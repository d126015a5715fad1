#pragma once
// OpenTopicsChecker: open topics (docs/contract.md) as their clients see them.
//
//  - What comes was published to that topic, with that text, no more often than it was sent, and to
//    who had subscribed. It says that it is retained when a SUBSCRIBE brought it, and only then.
//  - A SUBSCRIBE brings what may be retained while it is under way: no message that another
//    retained one, or one without text, had taken the place of before; and, when exactly one can be
//    there, that one.
//  - What has expired when a SUBSCRIBE, or the CONNECT of who comes back, is sent, does not come;
//    what expires later says how long it has left.
//  - Who has subscribed gets what is published from then on, in the order of its publisher.
//
// Only what clients saw counts: when they sent something, and when its answer had come; in between
// the server did it. What was not answered may have happened at any time until its client connected
// anew. A message is due only where nothing can have taken it away: neither a lost connection nor a
// restart of the server, which keeps open topics in memory alone. It is told as missing when a
// later one of its publisher came first, or when somebody waited for it in vain.
//
// Each workflow has topics of its own, its `scope`; kept are those that are open, and the last
// limits::kOpenScopesKept that are over.

#include <cstdint>
#include <optional>
#include <string_view>

#include "simulator/check/open_book.h"
#include "simulator/check/scene.h"

namespace claims::storm::audit {

struct OpenPublish {
  std::uint64_t scope = 0;
  std::string_view topic, text;
  std::uint8_t qos = 0;
  bool retain = false;
  std::uint32_t expiry_s = 0;  ///< 0: none.
};

struct OpenSubscribe {
  std::uint64_t scope = 0;
  std::string_view filter;
  std::uint8_t qos = 0, retain_handling = 0;
  bool retain_as_published = false;
};

struct OpenDelivery {
  std::uint64_t scope = 0;  ///< As the topic says.
  std::string_view topic, text;
  std::uint8_t qos = 0;
  bool retain = false, dup = false;
  std::optional<std::uint32_t> expiry_s{};  ///< Message Expiry Interval.
};

/// What somebody waits for: whatever the filter covers; with that text, if it is set.
struct OpenWait {
  std::uint64_t scope = 0;
  std::string_view filter;
  std::optional<std::string_view> text{};
};

/// What is wrong with a delivery.
enum class OpenFault : std::uint8_t {
  none,
  no_retained_one,  ///< Retained, and was published without.
  not_said,         ///< Retained as published was asked for, and it does not say so.
  superseded,
  expired,
  too_often,
  before,    ///< Published before the session had subscribed, and not as retained.
  after,     ///< Published when it had unsubscribed.
  repeated,  ///< DUP in a session that began with the connection.
  no_interval,
  interval_too_long,
  interval_too_short,
  interval_added,  ///< Published without an expiry.
  higher_qos,
  lower_qos,  ///< Than both the message and all that covers it.
};

/// Times are steady, of one clock, and do not go back.
class OpenTopicsChecker {
 public:
  explicit OpenTopicsChecker(Scene& scene) : scene_(scene) {}

  /// CONNACK and SUBACK have come. `resumed`: the server still had the session.
  void connected(SessionNumber session, bool resumed, Microseconds connect_sent, Microseconds at);
  void connection_lost(SessionNumber session);
  void server_restarted();

  OpenNumber publish_sent(SessionNumber session, const OpenPublish& publish, Microseconds at);
  /// By the client itself, on the session that goes on.
  void publish_sent_again(std::uint64_t scope, OpenNumber publish);
  void publish_answered(std::uint64_t scope, OpenNumber publish, bool taken, Microseconds at);
  /// Its client has connected anew since, and will not send it again.
  void publish_lost(std::uint64_t scope, OpenNumber publish, Microseconds at);
  OpenNumber subscribe_sent(SessionNumber session, const OpenSubscribe& subscribe, Microseconds at);
  /// `granted_qos`: of SUBACK; nothing: refused.
  void subscribe_answered(SessionNumber session, std::uint64_t scope, OpenNumber subscribe,
                          std::optional<std::uint8_t> granted_qos, Microseconds at);
  OpenNumber unsubscribe_sent(SessionNumber session, std::uint64_t scope, std::string_view filter);
  /// With success.
  void unsubscribe_answered(SessionNumber session, std::uint64_t scope, std::string_view filter,
                            OpenNumber unsubscribe, Microseconds at);
  void delivered(SessionNumber session, const OpenDelivery& delivery, Microseconds at);
  /// A topic that is none of the harness's, nor the session's own.
  void foreign(SessionNumber session, std::string_view topic, std::string_view text);

  /// Such a message is due to the session: it must come, whatever happens.
  bool owes(SessionNumber session, const OpenWait& wait, Microseconds at);
  /// It was waited for in vain: a violation for each that is due.
  void missed(SessionNumber session, const OpenWait& wait, Microseconds at);
  /// The workflow is over, and nobody waits.
  void end(std::uint64_t scope) { book_.end(scope); }

 private:
  struct Judgement {
    OpenFault fault = OpenFault::none;
    bool retained = false;  ///< As brought by a SUBSCRIBE.
    bool either = false;    ///< As published, too: nobody can tell.
  };
  struct Delivered;  // A delivery with what is known of where it comes to.

  static bool superseded(const OpenTopic& topic, const OpenMessage& message, Microseconds by);
  Judgement judge(const Delivered& what, OpenMessage& message) const;
  OpenFault judge_live(const Delivered& what, OpenMessage& message) const;
  OpenFault judge_retained(const Delivered& what, OpenMessage& message) const;
  static OpenFault judge_interval(const Delivered& what, const OpenMessage& message,
                                  Microseconds earliest);
  static void fulfil(const Delivered& what, const OpenMessage& message, bool retained);
  void accept(const Delivered& what, OpenMessage& message, const Judgement& judgement);
  void check_order(const Delivered& what, const OpenMessage& message);
  void tell(const Delivered& what, const OpenMessage& message, OpenFault fault);
  void tell_unknown(SessionNumber session, const OpenDelivery& delivery, bool subscribed);
  void tell_missing(const OpenDue& due, const OpenMessage& message, std::string_view later);

  void retained_due(OpenScope& scope, const OpenSubscription& subscription,
                    const OpenSubscription::Asked& asked);
  void live_due(OpenScope& scope, const OpenTopic& topic, const OpenMessage& message);
  static void add_due(OpenScope& scope, OpenDue due);
  bool still_due(OpenScope& scope, const OpenDue& due, SessionNumber session, const OpenWait& wait,
                 Microseconds at);

  Scene& scene_;
  OpenBook book_;
  std::uint32_t restarts_ = 0;  // Of the server.
};

}  // namespace claims::storm::audit
