#pragma once
// Scene: what the checkers share. Each of them reads it, changes only what is its own, and tells
// violations to the stories.

#include <cstdint>
#include <string>

#include "simulator/check/absence_book.h"
#include "simulator/check/bulk_book.h"
#include "simulator/check/command_ledger.h"
#include "simulator/check/event_view.h"
#include "simulator/check/general_book.h"
#include "simulator/check/receipt_book.h"
#include "simulator/check/room_model.h"
#include "simulator/check/roster.h"
#include "simulator/check/stories.h"
#include "simulator/measure/recorder.h"

namespace claims::storm::audit {

struct Scene {
  explicit Scene(Recorder& to) : recorder(to) {}

  Recorder& recorder;
  Roster roster;
  RoomModel rooms{roster};
  ReceiptBook receipts;
  GeneralBook generals;
  CommandLedger ledger;
  BulkBook bulks;
  AbsenceBook absences;
  Stories stories;
  AuditCounts counts;
  std::uint64_t tick = 0;            ///< The number of this call.
  std::uint32_t restarts = 0;        ///< Of the server.
  std::uint64_t received_bytes = 0;  ///< By all sessions.
};

/// Where an event's `cmd` leads.
struct Traced {
  CommandKey key;
  bool sent = false;           ///< By us, ever.
  Command* command = nullptr;  ///< While it is not settled.
  Outcome outcome = Outcome::none;
  CommandType type{};
  std::string_view derived;      ///< Of a command that another brought about: see ParsedCmd.
  Bulk* bulk = nullptr;          ///< While it is not settled.
  BulkTarget* target = nullptr;  ///< That garage's, if it is one.
};
Traced trace(Scene& scene, const EventView& event);

/// "대화방 r5 순번 7", "room r5, seq 7".
std::string place_ko(const Room& room, chat::Seq seq);
std::string place_en(const Room& room, chat::Seq seq);
/// What an event is, for stories: its type and the beginning of its text.
std::string content(const EventView& event);

}  // namespace claims::storm::audit
