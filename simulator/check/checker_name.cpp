#include <array>

#include "simulator/check/auditor.h"

namespace claims::storm {
namespace {

constexpr std::array<std::string_view, kCheckers> kNames{"agreement",
                                                         "completeness",
                                                         "secrecy",
                                                         "real_time",
                                                         "origin",
                                                         "outcome",
                                                         "reconciliation",
                                                         "one_room_per_intake",
                                                         "legal_repair_steps",
                                                         "bulk_once_per_garage",
                                                         "legal_negotiation_steps",
                                                         "same_end",
                                                         "negotiation_hidden",
                                                         "general_vehicles",
                                                         "read_receipts",
                                                         "unread_counts",
                                                         "devices_in_step",
                                                         "present_fields",
                                                         "well_formed",
                                                         "membership",
                                                         "in_charge",
                                                         "room_changes",
                                                         "room_lists",
                                                         "invite_candidates",
                                                         "conversions",
                                                         "deleted_messages",
                                                         "searches",
                                                         "histories",
                                                         "templates",
                                                         "open_topics"};

}  // namespace

std::string_view to_string(Checker checker) {
  return kNames[static_cast<std::size_t>(checker)];
}

}  // namespace claims::storm
