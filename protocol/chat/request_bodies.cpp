#include "protocol/chat/request_bodies.h"

#include <utility>

#include "protocol/limits.h"

namespace claims::chat {
namespace {

using Kind = FieldValue::Kind;

constexpr std::size_t kHitsPerPage = 20;  ///< Unless a search tells.

struct BodyReader {
  const RequestFields& fields;
  RequestValues& values;

  bool has(FieldName name) const { return fields[name].kind != Kind::absent; }
  std::string text(FieldName name, std::size_t most, bool one_line = false) const {
    return values.text_of(name, most, one_line);
  }
  std::string optional_text(FieldName name, std::size_t most, bool one_line = false) const {
    return has(name) ? text(name, most, one_line) : std::string();
  }
  std::string optional_user(FieldName name) const {
    return has(name) ? values.user(name) : std::string();
  }
  Seq seq() const { return values.number(FieldName::seq, 1, limits::kInstanceMax, 1); }
  std::uint64_t amount() const {
    return values.number(FieldName::amount, 1, limits::kAmountMax, 1);
  }
  std::optional<RoomId> optional_room() const {
    if (!has(FieldName::room)) return std::nullopt;
    return values.room_id();
  }
  PageStart start(std::size_t limit = PageStart{}.limit) const {
    PageStart start{"", limit};
    if (has(FieldName::page)) start.page = values.page_text();
    start.limit = values.number(FieldName::limit, 1, limits::kPageRowsMax, start.limit);
    return start;
  }

  RegisterReceipt receipt() const {
    RegisterReceipt body;
    body.receipt = values.receipt_number();
    body.plate = values.plate_of(FieldName::plate);
    body.model = text(FieldName::model, limits::kNameCharactersMax, true);
    body.adjuster = values.user(FieldName::adjuster);
    return body;
  }
  WritePreEstimate pre_estimate() const {
    WritePreEstimate body;
    body.receipt = values.receipt_number();
    body.amount = amount();
    return body;
  }
  WriteFurtherEstimate further_estimate() const {
    WriteFurtherEstimate body;
    body.room = values.room_id();
    body.amount = amount();
    body.reason = text(FieldName::reason, limits::kReasonCharactersMax);
    return body;
  }
  OpenGeneral general() const {
    OpenGeneral body;
    body.adjuster = values.user(FieldName::adjuster);
    body.vehicles = values.vehicles();
    return body;
  }
  SendMessage message() const {
    SendMessage body;
    body.room = values.room_id();
    body.text = optional_text(FieldName::text, limits::kTextCharactersMax);
    body.vehicle = values.plate_of(FieldName::vehicle);
    body.from_template = values.template_name(FieldName::message_template);
    if (has(FieldName::files)) body.files = values.files();
    return body;
  }
  DeleteMessage message_delete() const {
    const RoomId room = values.room_id();
    return {room, seq()};
  }
  MarkRead room_read() const {
    const RoomId room = values.room_id();
    return {room, seq()};
  }
  ChangeRoom room_change() const {
    const RoomId room = values.room_id();
    return {room, text(FieldName::title, limits::kTitleCharactersMax, true)};
  }
  InviteUser invite() const {
    InviteUser body;
    body.room = values.room_id();
    body.user = values.user(FieldName::user);
    body.as = values.invitation();
    return body;
  }
  HandOverRoom room_hand_over() const {
    const RoomId room = values.room_id();
    return {room, values.user(FieldName::user)};
  }
  HandOverAdjuster adjuster_hand_over() const {
    HandOverAdjuster body;
    body.adjuster = values.user(FieldName::adjuster);
    body.to = values.user(FieldName::to);
    body.reason = values.absence();
    return body;
  }
  StepRepair repair_step() const {
    const RoomId room = values.room_id();
    return {room, values.repair_step()};
  }
  SendBulk bulk() const {
    SendBulk body;
    body.targets = values.targets();
    body.text = text(FieldName::text, limits::kTextCharactersMax);
    return body;
  }
  OpenNegotiation negotiation_open() const {
    OpenNegotiation body;
    body.receipt = values.receipt_number();
    body.counterpart = values.user(FieldName::counterpart);
    body.ratio = values.ratio();
    return body;
  }
  ActNegotiation negotiation_act() const {
    ActNegotiation body;
    body.room = values.room_id();
    body.action = values.negotiation_action();
    if (has(FieldName::ratio)) body.ratio = values.ratio();
    if (body.action == NegotiationAction::send_exemption) {
      body.exemption = values.exemption_reason();
    } else if (body.action == NegotiationAction::object) {
      body.reason = text(FieldName::reason, limits::kReasonCharactersMax);
    }
    return body;
  }
  SetTemplate template_set() const {
    SetTemplate body;
    body.name = values.template_name(FieldName::name);
    body.text = text(FieldName::text, limits::kTemplateCharactersMax);
    body.owner = optional_user(FieldName::owner);
    if (has(FieldName::role)) body.role = values.role();
    return body;
  }
  DeleteTemplate template_delete() const {
    DeleteTemplate body;
    body.name = values.template_name(FieldName::name);
    body.owner = optional_user(FieldName::owner);
    return body;
  }

  ListRooms room_list() const {
    ListRooms body;
    if (has(FieldName::kind)) body.kind = values.room_kind();
    body.vehicle = values.plate_of(FieldName::vehicle);
    if (has(FieldName::receipt)) body.receipt = values.receipt_number();
    body.text = optional_text(FieldName::text, limits::kSearchCharactersMax, true);
    body.start = start();
    return body;
  }
  ListMessages room_messages() const {
    ListMessages body;
    body.room = values.room_id();
    body.after = values.number(FieldName::after, 0, limits::kInstanceMax, 0);
    body.limit = values.number(FieldName::limit, 1, limits::kPageRowsMax, body.limit);
    body.vehicle = values.plate_of(FieldName::vehicle);
    return body;
  }
  ListCandidates candidates() const {
    ListCandidates body;
    body.room = values.room_id();
    body.as = values.invitation();
    body.text = optional_text(FieldName::text, limits::kSearchCharactersMax, true);
    body.start = start();
    return body;
  }
  SearchMessages search() const {
    SearchMessages body;
    body.text = text(FieldName::text, limits::kSearchCharactersMax, true);
    body.room = optional_room();
    body.vehicle = values.plate_of(FieldName::vehicle);
    body.start = start(kHitsPerPage);
    return body;
  }
  ListHistory history() const {
    ListHistory body;
    values.exactly_one({FieldName::room, FieldName::vehicle, FieldName::insurer, FieldName::garage,
                        FieldName::receipt, FieldName::estimate});
    body.room = optional_room();
    body.vehicle = values.plate_of(FieldName::vehicle);
    body.insurer = optional_user(FieldName::insurer);
    body.garage = optional_user(FieldName::garage);
    if (has(FieldName::receipt)) body.receipt = values.receipt_number();
    if (has(FieldName::estimate)) body.estimate = values.estimate_number();
    body.start = start();
    return body;
  }
  CountUnread unread() const { return {optional_room()}; }
  ListTemplates templates() const {
    ListTemplates body;
    body.owner = optional_user(FieldName::owner);
    body.start = start();
    return body;
  }
  Sync sync() const {
    Sync body;
    if (has(FieldName::cursor)) body.cursor = values.cursor_text();
    return body;
  }
};

}  // namespace

CommandBody command_body(RequestKind kind, const RequestFields& fields, RequestValues& values) {
  const BodyReader read{fields, values};
  switch (kind) {
    case RequestKind::receipt_register:
      return read.receipt();
    case RequestKind::intake_register:
      return RegisterIntake{values.receipt_number()};
    case RequestKind::intake_by_plate:
      return TakeInByPlate{values.plate_of(FieldName::plate)};
    case RequestKind::intake_cancel:
      return CancelIntake{values.room_id()};
    case RequestKind::pre_estimate_write:
      return read.pre_estimate();
    case RequestKind::estimate_further:
      return read.further_estimate();
    case RequestKind::general_open:
      return read.general();
    case RequestKind::message_send:
      return read.message();
    case RequestKind::message_delete:
      return read.message_delete();
    case RequestKind::room_read:
      return read.room_read();
    case RequestKind::room_change:
      return read.room_change();
    case RequestKind::room_delete:
      return DeleteRoom{values.room_id()};
    case RequestKind::room_invite:
      return read.invite();
    case RequestKind::room_leave:
      return LeaveRoom{values.room_id()};
    case RequestKind::room_hand_over:
      return read.room_hand_over();
    case RequestKind::adjuster_hand_over:
      return read.adjuster_hand_over();
    case RequestKind::adjuster_back:
      return RecallAdjuster{values.user(FieldName::adjuster)};
    case RequestKind::repair_step:
      return read.repair_step();
    case RequestKind::bulk_send:
      return read.bulk();
    case RequestKind::negotiation_open:
      return read.negotiation_open();
    case RequestKind::negotiation_act:
      return read.negotiation_act();
    case RequestKind::template_set:
      return read.template_set();
    case RequestKind::template_delete:
      return read.template_delete();
    default:
      return ConvertClaim{values.room_id()};
  }
}

ReadBody read_body(RequestKind kind, const RequestFields& fields, RequestValues& values) {
  const BodyReader read{fields, values};
  switch (kind) {
    case RequestKind::room_list:
      return read.room_list();
    case RequestKind::room_show:
      return ShowRoom{values.room_id()};
    case RequestKind::room_messages:
      return read.room_messages();
    case RequestKind::room_reads:
      return ListReads{values.room_id()};
    case RequestKind::invite_candidates:
      return read.candidates();
    case RequestKind::message_search:
      return read.search();
    case RequestKind::history_list:
      return read.history();
    case RequestKind::unread_counts:
      return read.unread();
    case RequestKind::bulk_outcomes:
      return ListBulkOutcomes{values.bulk_id()};
    case RequestKind::negotiation_status:
      return ShowNegotiation{values.room_id()};
    case RequestKind::templates_list:
      return read.templates();
    case RequestKind::conversions_count:
      return CountConversions{};
    default:
      return read.sync();
  }
}

}  // namespace claims::chat
