#pragma once
// OpenBook: what clients did with open topics, as they saw it: when they sent it, and when its
// answer had come. In between the server did it, at a time that nobody else knows.

#include <cstdint>
#include <deque>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/time.h"
#include "simulator/check/auditor.h"

namespace claims::storm::audit {

inline constexpr Microseconds kOpenUnknown{std::numeric_limits<std::int64_t>::max()};

/// A publish or a subscribe, numbered from 1 in a run; 0: none.
enum class OpenNumber : std::uint64_t {};

/// One PUBLISH of one client. Sent anew on another connection, it is another.
struct OpenMessage {
  OpenNumber number{};
  SessionNumber publisher{};
  std::uint32_t connection = 0;  ///< Of the publisher.
  std::uint32_t restarts = 0;    ///< Of the server, before it was sent.
  std::string text;
  std::uint8_t qos = 0;
  bool retain = false;
  std::uint32_t expiry_s = 0;  ///< 0: none.
  Microseconds sent{0};
  /// By then the server had done it, if ever: it was acknowledged, or the client has connected anew
  /// since, which ends what an earlier connection had under way.
  Microseconds done = kOpenUnknown;
  bool taken = false;            ///< Acknowledged with success.
  std::uint32_t copies_max = 1;  ///< One more for each time it was sent again in its session.
  struct Copies {
    SessionNumber session{};
    std::uint32_t live = 0, retained = 0;  ///< Not counting those with DUP.
    Microseconds last_live{-1}, last_retained{-1};
  };
  std::vector<Copies> copies{};

  Copies& copies_of(SessionNumber session);
  Microseconds gone_for_certain() const;   ///< From then on it has expired; kOpenUnknown: never.
  Microseconds there_for_certain() const;  ///< Until then it has not.
};

struct OpenTopic {
  std::string name;
  std::vector<OpenMessage> messages;  ///< In the order they were sent.
  bool forgot = false;                ///< Older ones were dropped.

  /// Whether that text came to the session, as a retained message or not, at that time or later.
  bool came(SessionNumber session, std::string_view text, bool retained, Microseconds since) const;
};

/// A session's subscription to a filter. It stays when it has ended, for what still comes.
struct OpenSubscription {
  SessionNumber session{};
  std::string filter;
  std::uint8_t qos = 0;  ///< As asked for the last time.
  bool retain_as_published = false;
  struct Asked {  ///< A SUBSCRIBE.
    OpenNumber number{};
    Microseconds sent{0}, acked = kOpenUnknown;
    std::uint8_t retain_handling = 0;
    std::uint8_t granted_qos = 0;       ///< 0 while that is not known.
    Microseconds ended = kOpenUnknown;  ///< UNSUBACK of an UNSUBSCRIBE after it.
  };
  std::vector<Asked> asked;
  /// Since then it stands for certain: SUBACK, with nothing after it that could have ended it.
  std::optional<Microseconds> stands_since{};
};

/// A message that a session must get, once.
struct OpenDue {
  SessionNumber session{};
  OpenNumber message{};
  std::string topic, filter;
  Microseconds since{0};              ///< By then the server had it to send.
  Microseconds until = kOpenUnknown;  ///< It may have expired then.
  std::uint8_t qos = 0;
  bool retained = false;  ///< Because of its SUBSCRIBE.
};

/// What belongs to one workflow: nobody else has to do with its topics.
struct OpenScope {
  std::vector<OpenTopic> topics;
  std::vector<OpenSubscription> subscriptions;
  std::vector<OpenDue> due;
  bool over = false;
  /// More than is kept: who got what, and whether it should have, cannot be told any more.
  bool unjudged = false;

  void give_up();
  OpenTopic& topic(std::string_view name);
  OpenTopic* find_topic(std::string_view name);
  OpenSubscription* find_subscription(SessionNumber session, std::string_view filter);
  OpenMessage* find_message(OpenNumber number);
};

/// A session as far as open topics go.
struct OpenSession {
  std::uint32_t connection = 0;  ///< Rises with each.
  bool used = false;             ///< Ever, by an input of the checker's.
  bool online = false, resumed = false;
  Microseconds connect_sent{0}, ready{0};
};

class OpenBook {
 public:
  OpenScope& scope(std::uint64_t number);
  /// Null: never begun, or over for so long that it was dropped.
  OpenScope* find(std::uint64_t number);
  bool may_be_dropped(std::uint64_t number) const { return number <= last_dropped_; }
  void end(std::uint64_t number);
  /// All that are kept, by number.
  std::map<std::uint64_t, OpenScope>& scopes() { return scopes_; }
  OpenSession& session(SessionNumber number);
  OpenNumber next_number() { return OpenNumber{++numbers_}; }

 private:
  std::map<std::uint64_t, OpenScope> scopes_;
  std::deque<std::uint64_t> over_;  // In the order they ended.
  std::vector<OpenSession> sessions_;
  std::uint64_t last_dropped_ = 0, numbers_ = 0;
};

}  // namespace claims::storm::audit
