#include "simulator/scenario/metric_name.h"

#include <algorithm>

namespace claims::storm {
namespace {

std::vector<std::string> make_names() {
  std::vector<std::string> names;
  for (const std::string figure : {"reply", "delivery", "delivery_last_member", "error_reply",
                                   "catch_up", "workflow", "connect", "lateness", "read_lag"}) {
    for (const char* statistic :
         {"mean_ms", "p50_ms", "p90_ms", "p95_ms", "p99_ms", "p999_ms", "max_ms"}) {
      names.push_back(figure + "." + statistic);
    }
  }
  for (const std::string count :
       {"commands", "acknowledged", "error_replies", "timeouts", "unsent", "connections_lost",
        "deliveries_expected", "deliveries", "workflows_started", "workflows_completed"}) {
    names.push_back("counts." + count);
  }
  for (const std::string checker : {"total",
                                    "agreement",
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
                                    "open_topics",
                                    "steps"}) {
    names.push_back("violations." + checker);
  }
  names.emplace_back("workflows.completed_percent");
  names.emplace_back("outage.seconds");
  names.emplace_back("recovery.max_s");
  names.emplace_back("service.availability_percent");
  return names;
}

}  // namespace

const std::vector<std::string>& metric_names() {
  static const std::vector<std::string> names = make_names();
  return names;
}

bool is_metric(std::string_view name) {
  const auto& names = metric_names();
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace claims::storm
