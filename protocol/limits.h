#pragma once
// Every bound that the contract keeps (docs/contract.md).

#include <cstddef>
#include <cstdint>

namespace claims::limits {

inline constexpr std::size_t kCommandBytesMax = 65'536;    ///< One command's payload.
inline constexpr std::size_t kPacketBytesMax = 72 * 1024;  ///< One MQTT packet, either way.
inline constexpr std::size_t kConnectBytesMax = 8 * 1024;  ///< Of who is not known yet.
inline constexpr std::size_t kTextCharactersMax = 4'000;   ///< Code points after NFC.
inline constexpr std::size_t kNameCharactersMax = 100;     ///< Names of users, models.
inline constexpr std::size_t kUserIdBytesMax = 32;         ///< [a-z0-9-]
inline constexpr std::size_t kClientIdBytesMax = 64;       ///< [A-Za-z0-9._-]
inline constexpr std::size_t kReceiptBytesMax = 32;        ///< [0-9A-Za-z-]
inline constexpr std::size_t kReadIdBytesMax = 64;
inline constexpr std::size_t kPageTextBytesMax = 96;        ///< `page` of the reads in pages.
inline constexpr std::size_t kTemplateBytesMax = 32;        ///< `template` of a message.
inline constexpr std::size_t kReasonCharactersMax = 500;    ///< Of an objection.
inline constexpr std::uint64_t kAmountMax = 1'000'000'000;  ///< Of a pre-estimate, in won.
inline constexpr std::size_t kTitleCharactersMax = 100;     ///< Of a room.
inline constexpr std::size_t kFilesPerMessageMax = 10;
inline constexpr std::size_t kFileNameCharactersMax = 255;
inline constexpr std::size_t kFurtherEstimatesMax = 20;     ///< Of one inbound room.
inline constexpr std::size_t kMembersPerRoomMax = 50;       ///< At one time.
inline constexpr std::size_t kMembershipsPerRoomMax = 200;  ///< Over time, who left included.
inline constexpr std::size_t kTemplatesPerOwnerMax = 100;
inline constexpr std::size_t kTemplateCharactersMax = 1'000;
inline constexpr std::size_t kSearchCharactersMax = 100;  ///< message.search `text`.
inline constexpr std::size_t kSnippetCharactersMax = 200;
inline constexpr std::size_t kChoicesMax = 20;           ///< Receipts that intake.by_plate offers.
inline constexpr std::size_t kVehiclesPerOpenMax = 20;   ///< general.open
inline constexpr std::size_t kVehiclesPerRoomMax = 100;  ///< Of a general room.
inline constexpr std::size_t kBulkTargetsMax = 100;      ///< Garages of one bulk.send.
inline constexpr std::size_t kBulksPerUser = 16;         ///< Last bulk messages remembered.
inline constexpr std::size_t kHandOversPerUser = 16;     ///< adjuster.hand_over under way.
/// The objection that reaches this refers the negotiation to the dispute committee.
inline constexpr std::uint32_t kObjectionsMax = 5;
inline constexpr std::uint64_t kInstanceMax = std::uint64_t{1} << 53;
inline constexpr std::size_t kInstancesPerUser = 8;      ///< Highest instances remembered.
inline constexpr std::size_t kOutcomesPerInstance = 64;  ///< Last outcomes remembered of each.
inline constexpr std::uint16_t kReceiveMaximum = 64;     ///< Commands in flight per session.
inline constexpr std::size_t kPageRowsMax = 100;         ///< `limit` of the reads in pages.
/// A page ends with the event that reaches this, so that its reply fits into a packet.
inline constexpr std::size_t kPageBytesMax = 48 * 1024;
inline constexpr std::size_t kUnreadRoomsMax = 200;    ///< unread.counts rows.
inline constexpr std::size_t kVehiclesListedMax = 20;  ///< Of a room in room.list.
inline constexpr std::size_t kTopicBytesMax = 256;
inline constexpr std::size_t kTopicFiltersPerPacketMax = 16;
inline constexpr std::size_t kPropertiesPerPacketMax = 32;
inline constexpr int kJsonDepthMax = 8;

}  // namespace claims::limits
