#pragma once
// Every bound that claimchatd keeps, beside those of the contract (protocol/limits.h).

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "protocol/time.h"

namespace claims::server::limits {

inline constexpr std::size_t kConnectionsMax = 20'000;
inline constexpr std::size_t kSessionsPerUserMax = 8;
inline constexpr std::size_t kInsurersMax = 43;
inline constexpr std::size_t kUsersMax = 100'000;
inline constexpr std::size_t kRoomsMax = 4'000'000;
inline constexpr std::size_t kReceiptsMax = 4'000'000;
inline constexpr std::uint64_t kEventsPerRoomMax = 100'000;
/// Beyond that, for hand-overs that an insurer orders: a full room changes hands, too.
inline constexpr std::uint64_t kHandOverEventsPerRoom = 1'000;
/// Bytes a connection may have not drained before deliveries wait at the cursor.
inline constexpr std::size_t kOutputBytesMax = 256 * 1024;
/// Replies and acknowledgements are never dropped; a connection past this is closed.
inline constexpr std::size_t kOutputBytesHardMax = 4 * 1024 * 1024;
/// The same of all connections together.
inline constexpr std::size_t kOutputBytesTotalMax = 512 * 1024 * 1024;
inline constexpr std::size_t kSubscriptionsPerSessionMax = 16;
/// Events on the way to one session and not acknowledged (the client's receive maximum may be
/// less).
inline constexpr std::uint16_t kInflightMax = 64;
inline constexpr std::uint16_t kRequestsPerSessionMax = 256;  ///< Taken in and not answered.
/// Events a persistent session may have passed before its cursor is stored.
inline constexpr std::uint32_t kCursorLag = 256;
inline constexpr std::size_t kReadsPerUserMax = 32;  ///< Out at once; more: CONNECT is refused.
/// Commands of orders (bulk messages, hand-overs) between two inputs at most, so that an order does
/// not hold up the others.
inline constexpr std::size_t kOrderedPerTurn = 16;
/// Rooms or users that a page of a read looks at: where few of them fit, it is short.
inline constexpr std::size_t kScannedPerPage = 20'000;
inline constexpr std::size_t kCatchUpRows = 64;  ///< Rows of one catch-up read.
inline constexpr std::size_t kCatchUpBytes =
    128 * 1024;  ///< It ends with the row that reaches this.
/// Messages that one search looks at; where that is not enough for a page, the page ends there.
inline constexpr std::size_t kSearchLookedAtMax = 10'000;
/// The same of rooms by one page of a history, and of their events where a vehicle is asked for.
inline constexpr std::size_t kListedRoomsMax = 10'000;
inline constexpr std::uint64_t kListedEventsMax = 20'000;
inline constexpr std::size_t kRecordsPerBlockMax = 4'096;
inline constexpr std::size_t kBlockBytesMax = 4 * 1024 * 1024;
/// What waits for the disk; beyond it commands and CONNECTs are refused (server busy).
inline constexpr std::size_t kWaitingBytesMax = 128 * 1024 * 1024;
/// Records between two checkpoints of the state: so many are serialised in one pause.
inline constexpr std::uint64_t kCheckpointRecords = 2'048;
/// Records between two writings of the snapshot: about so many are folded again after a crash.
inline constexpr std::uint64_t kSnapshotRecords = 131'072;
/// It is written sooner when so much has changed, and no more when so much could not be written.
inline constexpr std::size_t kSnapshotBytes = 64 * 1024 * 1024;
inline constexpr std::size_t kSnapshotBytesMax = 256 * 1024 * 1024;
inline constexpr std::size_t kCheckpointsWaitingMax = 64;
inline constexpr Microseconds kConnectDeadline{5'000'000};  ///< From open to CONNECT.
inline constexpr std::uint32_t kSessionExpiryMaxS = 7 * 24 * 3'600;

// Open topics, all in memory.
inline constexpr std::size_t kOpenClientIdBytesMax = 256;
inline constexpr std::size_t kOpenSessionsMax = 100'000;  ///< Of who gave no user name.
inline constexpr std::size_t kOpenSubscriptionsMax = 1'000'000;
inline constexpr std::size_t kOpenSubscriptionsPerSessionMax = 1'000;
inline constexpr std::size_t kRetainedMessagesMax = 100'000;
inline constexpr std::size_t kRetainedBytesMax = 128 * 1024 * 1024;
/// What waits for one session: its window, its connection, its coming back.
inline constexpr std::size_t kOpenQueueMessagesMax = 10'000;
inline constexpr std::size_t kOpenQueueBytesMax = 16 * 1024 * 1024;
/// The same of all sessions, each counted as if it held its messages alone.
inline constexpr std::size_t kOpenQueueBytesTotalMax = 512 * 1024 * 1024;
inline constexpr std::size_t kWillBytesTotalMax = 64 * 1024 * 1024;
inline constexpr std::size_t kForbiddenFiltersMax = 64;         ///< --forbid-topic
inline constexpr std::uint16_t kTopicAliasMaximumDefault = 16;  ///< With open topics.
inline constexpr std::uint16_t kTopicAliasMaximumMax = 1'000;   ///< --topic-alias-maximum

}  // namespace claims::server::limits
