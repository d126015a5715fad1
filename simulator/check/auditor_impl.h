#pragma once
// The auditor's parts put together; for auditor*.cpp only.

#include <optional>
#include <string_view>

#include "simulator/check/auditor.h"
#include "simulator/check/bulk_checker.h"
#include "simulator/check/candidate_checker.h"
#include "simulator/check/charge_checker.h"
#include "simulator/check/choice_checker.h"
#include "simulator/check/conversion_checker.h"
#include "simulator/check/deletion_checker.h"
#include "simulator/check/delivery_checker.h"
#include "simulator/check/delivery_clock.h"
#include "simulator/check/end_checker.h"
#include "simulator/check/field_checker.h"
#include "simulator/check/founding_checker.h"
#include "simulator/check/further_estimate_checker.h"
#include "simulator/check/history_checker.h"
#include "simulator/check/membership_checker.h"
#include "simulator/check/negotiation_checker.h"
#include "simulator/check/open_topics_checker.h"
#include "simulator/check/opening_checker.h"
#include "simulator/check/order_checker.h"
#include "simulator/check/origin_checker.h"
#include "simulator/check/outcome_checker.h"
#include "simulator/check/own_read_checker.h"
#include "simulator/check/page_checker.h"
#include "simulator/check/read_receipt_checker.h"
#include "simulator/check/real_time_checker.h"
#include "simulator/check/reconciliation.h"
#include "simulator/check/repair_checker.h"
#include "simulator/check/repeat_checker.h"
#include "simulator/check/retirement_checker.h"
#include "simulator/check/room_change_checker.h"
#include "simulator/check/room_list_checker.h"
#include "simulator/check/scene.h"
#include "simulator/check/search_checker.h"
#include "simulator/check/stranger_checker.h"
#include "simulator/check/template_checker.h"
#include "simulator/check/unread_checker.h"
#include "simulator/check/vehicle_checker.h"

namespace claims::storm {

struct Auditor::Impl {
  explicit Impl(Recorder& recorder) : scene(recorder) {}

  audit::Scene scene;
  audit::StrangerChecker strangers{scene};
  audit::DeliveryChecker deliveries{scene, strangers};
  audit::OpeningChecker openings{scene, deliveries};
  audit::ChoiceChecker choices{scene};
  audit::MembershipChecker memberships{scene, deliveries, strangers};
  audit::ChargeChecker charges{scene};
  audit::RetirementChecker retirements{scene};
  audit::RoomChangeChecker changes{scene};
  audit::DeletionChecker deletions{scene};
  audit::SearchChecker searches{scene, deletions};
  audit::HistoryChecker histories{scene};
  audit::TemplateChecker templates{scene};
  audit::FurtherEstimateChecker further{scene};
  audit::ConversionChecker conversions{scene};
  audit::CandidateChecker candidates{scene};
  audit::FoundingChecker foundings{scene};
  audit::BulkChecker bulks{scene};
  audit::NegotiationChecker negotiations{scene};
  audit::EndChecker ends{scene};
  audit::VehicleChecker vehicles{scene};
  audit::ReadReceiptChecker receipts{scene};
  audit::OwnReadChecker own_reads{scene};
  audit::OrderChecker orders{scene};
  audit::OriginChecker origins{scene};
  audit::OutcomeChecker outcomes{scene};
  audit::RepeatChecker repeats{scene};
  audit::RealTimeChecker real_time{scene};
  audit::RepairChecker repairs{scene};
  audit::UnreadChecker unread{scene, strangers};
  audit::RoomListChecker lists{scene, strangers, unread};
  audit::FieldChecker fields{scene};
  audit::PageChecker pages{scene, vehicles};
  audit::Reconciliation reconciliation{scene};
  audit::OpenTopicsChecker open_topics{scene};
  audit::DeliveryClock clock{scene};
  bool finished = false;

  // auditor.cpp: events.
  /// The intended time of the delivery that it is a sample of, if it is one.
  std::optional<Microseconds> event(SessionNumber session, const boost::json::object& object,
                                    const Turn& turn);
  struct Sight {
    audit::SeenEvent* seen = nullptr;  ///< Null when it left the window already, or does not count.
    bool counts = true;                ///< False: it differs from what was seen, or has no place.
  };
  /// Compares with what was seen of it, or judges it as the first sight of it.
  Sight see(audit::Room& room, SessionNumber session, const audit::EventView& event,
            std::uint64_t digest, Checker teller);
  Sight first_sight(audit::Room& room, SessionNumber session, const audit::EventView& event,
                    std::uint64_t digest, Checker teller);
  void take_in(audit::Room& room, const audit::EventView& event, const audit::Traced& traced);
  /// What depends on everything before having been seen.
  void advance(audit::Room& room, const audit::EventView& event);
  void fold_changes(audit::Room& room);
  void settle_if_done(audit::Command& command);
  void settle_rest();  // auditor_end.cpp
  void malformed(SessionNumber session, std::string_view what, std::string_view problem);

  // auditor_requests.cpp, auditor_replies.cpp: commands, reads and their replies.
  void command_sent(SessionNumber session, const SentRequest& request, audit::Ask& ask);
  void replied(SessionNumber session, const boost::json::object& reply, const Turn& turn);
  std::optional<SessionNumber> asked_by_other_device(SessionNumber session, std::string_view re);
  void stray_reply(SessionNumber session, const audit::ReplyView& reply);
  void effects_acknowledged(audit::Command& command, const audit::ResultView& result);
  void command_acknowledged(SessionNumber session, const audit::Ask& ask,
                            const audit::ReplyView& reply);
  void command_refused(SessionNumber session, const audit::Ask& ask, const audit::ReplyView& reply);
  void read_replied(const audit::Ask& ask, const audit::ReplyView& reply);
};

}  // namespace claims::storm
