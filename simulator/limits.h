#pragma once
// Every bound that claimstorm keeps.

#include <cstddef>
#include <cstdint>

#include "protocol/time.h"

namespace claims::storm::limits {

inline constexpr Microseconds kReplyTimeout{10'000'000};
inline constexpr Microseconds kConnectTimeout{10'000'000};
inline constexpr Microseconds kAwaitTimeoutMax{7LL * 24 * 3'600'000'000};
inline constexpr std::size_t kRequestsPerUserMax = 32;  ///< Commands and reads without an answer.
inline constexpr std::size_t kUsersMax = 18'000;        ///< So many connections, too.
inline constexpr std::size_t kDevicesPerUserMax = 3;
inline constexpr std::size_t kPahoUsersMax = 500;  ///< Of a run with --client paho.
/// What Paho has reported and the loop has not taken yet.
inline constexpr std::size_t kPahoReportsMax = 65'536, kPahoReportBytesMax = 64 << 20;
/// Of the ports of a loopback address, which leaves enough for those that rest after a connection.
inline constexpr std::size_t kUsersPerSourceAddress = 4'000;
inline constexpr std::uint32_t kSourceAddressesMax = 250;  ///< 127.0.0.1 and the following.
inline constexpr std::size_t kScenarioFileBytesMax = 1 << 20;
inline constexpr std::size_t kStepsMax = 500;
inline constexpr std::int64_t kGroupMax = 100;           ///< Members of a role that is a group.
inline constexpr int kBlockDepthMax = 4;                 ///< Loops and branches in each other.
inline constexpr std::int64_t kRoundsMax = 1'000;        ///< Of one loop.
inline constexpr std::size_t kStepsPlayedMax = 100'000;  ///< By one role of one workflow instance.
inline constexpr std::size_t kWorkflowsMax = 50;
inline constexpr std::size_t kFaultEntriesMax = 10'000;  ///< Of a fault plan.
/// That a plan may come to in a run, at its shortest gaps, and connections that they happen to.
inline constexpr std::uint64_t kFaultsMax = 100'000, kFaultConnectionsMax = 10'000'000;
inline constexpr std::size_t kPlatesRememberedMax = 1'000'000;
inline constexpr std::size_t kUnmatchedEventsPerRole = 256;  ///< Waiting for an `await`.
inline constexpr std::size_t kUnboundEventsPerUser = 256;    ///< For roles that may come to a room.
inline constexpr std::size_t kRecentDigestsPerRoom = 64;     ///< Ring of the agreement check.
/// Events that a server may send again on a session that it kept: those in its window; after a
/// restart also what the client acknowledged since its cursor was stored.
inline constexpr std::uint32_t kCopiesMax = 64;
inline constexpr std::uint32_t kCopiesAfterRestartMax = 512;
/// A read receipt finds no room where a connection, or all of them together, have so many bytes on
/// their way (contract).
inline constexpr std::uint64_t kRoomForReceiptsBytes = 256 * 1024;
inline constexpr std::uint64_t kRoomForReceiptsTotalBytes = 512 * 1024 * 1024;
inline constexpr std::size_t kBookedTextBytesMax = 2 << 20;  ///< Of messages, to judge searches.
/// Of open topics: a step's topic and text; subscribe, unsubscribe and publish steps that one
/// workflow instance plays; what the checker keeps of it, which is so much for steps that are asked
/// again on other connections, too; of how many that are over, for what still comes to them.
inline constexpr std::size_t kOpenTopicBytesMax = 200, kOpenTextBytesMax = 4'000;
inline constexpr std::uint32_t kOpenStepsPlayedMax = 256;
inline constexpr std::size_t kOpenTopicsMax = 256;
inline constexpr std::size_t kOpenMessagesMax = 256, kOpenSubscriptionsMax = 256;
inline constexpr std::size_t kOpenAskedMax = 256;  ///< SUBSCRIBEs of one session for one filter.
inline constexpr std::size_t kOpenScopesKept = 256;
inline constexpr std::size_t kOpenDuePerWorkflow = 256;
/// A server may take the time once for all that it reads in a turn of its loop: so much earlier or
/// later than it came.
inline constexpr Microseconds kOpenClockSlack{1'000'000};
inline constexpr std::size_t kStoriesMax = 20;         ///< Violations told in full.
inline constexpr std::size_t kStepFiguresMax = 1'000;  ///< Steps with a histogram of their own.
inline constexpr std::size_t kErrorCodesMax = 64;      ///< Rows of the error table.
inline constexpr std::size_t kErrorExampleBytesMax = 500;
inline constexpr std::size_t kEventTypesMax = 64;
inline constexpr std::size_t kSeriesMax = 4'000;    ///< Entries of a run's time series.
inline constexpr std::size_t kFaultsToldMax = 200;  ///< Faults that a result lists in full.
inline constexpr std::size_t kHistoryReadsInFlight = 64;
inline constexpr std::size_t kFinalSearchesMax = 64;        ///< At the end of a run.
inline constexpr std::uint64_t kFinalSearchPagesMax = 100;  ///< Of each.
inline constexpr Microseconds kPhasesLengthMax{366LL * 24 * 3'600'000'000};  ///< Of all together.
/// No run is longer; times 100,000 it is still an integer of 64 bits.
inline constexpr Microseconds kServicePeriodMax{1'000LL * 24 * 3'600'000'000};
/// A closed arrival's workflow that failed is followed by the next no sooner than this.
inline constexpr Microseconds kPauseAfterFailure{100'000};

}  // namespace claims::storm::limits
