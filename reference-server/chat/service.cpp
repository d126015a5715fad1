#include "reference-server/chat/service.h"

#include <utility>

#include "protocol/chat/reply.h"
#include "reference-server/chat/body_hash.h"
#include "reference-server/chat/commands.h"
#include "reference-server/chat/decision_draft.h"
#include "reference-server/chat/directory.h"
#include "reference-server/chat/reads.h"
#include "reference-server/chat/record_codec.h"
#include "reference-server/chat/state.h"
#include "reference-server/chat/state_codec.h"

namespace claims::server {

struct Service::Impl {
  ServiceBounds bounds;
  State state;
  ServiceCounters counters;
  std::unique_ptr<StateLoader> loader;  // While rows are given.

  Decision decide(UserIndex user, const chat::Command& command, std::string_view payload,
                  Position next, const Now& now);
  std::vector<Emitted> carry_out(const State::PendingBulk& pending, Position next, const Now& now);
  std::vector<Emitted> carry_out(const State::PendingHandOver& pending, Position next,
                                 const Now& now);
  static std::optional<UserIndex> retired_by(const chat::CommandBody& body, const State& state);
  void count(const std::vector<Emitted>& records);
};

Service::Service() : Service(ServiceBounds{}) {}
Service::Service(const ServiceBounds& bounds) : impl_(std::make_unique<Impl>()) {
  impl_->bounds = bounds;
}
Service::~Service() = default;

Decision Service::decide(UserIndex user, std::string_view payload, Position next, const Now& now) {
  const auto request = chat::parse_request(payload);
  if (!request) {
    ++impl_->counters.malformed_total;
    return Answered{chat::error_reply(request.error().re, request.error().error)};
  }
  if (const auto* read = std::get_if<chat::Read>(&*request)) {
    ++impl_->counters.reads_total;
    return run_read(*read, user, impl_->state);
  }
  return impl_->decide(user, std::get<chat::Command>(*request), payload, next, now);
}

Decision Service::Impl::decide(UserIndex user, const chat::Command& command,
                               std::string_view payload, Position next, const Now& now) {
  const std::uint64_t hash = body_hash(payload);
  CommandWindow::Verdict verdict = state.user(user).commands.judge(command.id, hash);
  if (auto* repeated = std::get_if<CommandWindow::Repeated>(&verdict)) {
    ++counters.repeated_total;
    return Answered{std::move(repeated->reply)};
  }
  const std::string re = to_string(command.id);
  if (const auto* error = std::get_if<chat::Error>(&verdict)) {
    ++counters.refused_total;
    return Answered{chat::error_reply(re, *error)};
  }

  ++counters.commands_total;
  DecisionDraft draft(state, user, command.id, {}, next, now);
  const CommandResult result = run_command(command.body, draft, bounds);
  if (!result) ++counters.refused_total;
  Decided decided;
  decided.reply = result ? chat::ok_reply(re, *result) : chat::error_reply(re, result.error());
  draft.emit(CommandOutcome{state.user(user).entry.id, command.id, hash, decided.reply});
  decided.records = draft.take_records();
  decided.read = draft.take_read_notice();
  if (result) decided.retired = retired_by(command.body, state);
  count(decided.records);
  if (!result) return decided;
  if (std::holds_alternative<chat::ConvertClaim>(command.body)) ++counters.claims_total;
  if (std::holds_alternative<chat::SendBulk>(command.body)) ++counters.bulks_total;
  return decided;
}

std::optional<UserIndex> Service::Impl::retired_by(const chat::CommandBody& body,
                                                   const State& state) {
  const auto* handed = std::get_if<chat::HandOverAdjuster>(&body);
  if (handed == nullptr || handed->reason != chat::Absence::retired) return std::nullopt;
  return state.find_user(handed->adjuster);
}

void Service::Impl::count(const std::vector<Emitted>& records) {
  for (const Emitted& emitted : records) {
    if (emitted.record.kind == RecordKind::event) ++counters.events_total;
  }
}

bool Service::has_orders() const {
  return impl_->state.has_pending_orders();
}

std::vector<Emitted> Service::carry_out_order(Position next, const Now& now) {
  const auto pending = *impl_->state.pending_order();
  std::vector<Emitted> records =
      std::visit([&](const auto& one) { return impl_->carry_out(one, next, now); }, pending);
  impl_->count(records);
  return records;
}

std::vector<Emitted> Service::Impl::carry_out(const State::PendingBulk& pending, Position next,
                                              const Now& now) {
  // Copied: the state that holds them changes while they are carried out.
  const BulkTarget target = pending.bulk->next();
  const std::string text = pending.bulk->text;
  DecisionDraft draft(state, pending.user, pending.bulk->id, target.garage, next, now);
  const bool sent = run_bulk_target(target, text, draft, bounds);
  ++(sent ? counters.bulk_messages_total : counters.bulk_refusals_total);
  return draft.take_records();
}

std::vector<Emitted> Service::Impl::carry_out(const State::PendingHandOver& pending, Position next,
                                              const Now& now) {
  DecisionDraft draft(state, pending.user, pending.id, to_string(pending.room), next, now);
  run_hand_over_of_room(pending, draft);
  return draft.take_records();
}

std::string Service::finish_page(const PageRead& read, const std::vector<Row>& rows) const {
  return page_reply(read, rows, impl_->state);
}

Result<void, std::string> Service::fold(const Record& record, Position position) {
  if (!is_chat_record(record.kind)) return {};
  const auto typed = decode_record(record);
  if (!typed) return typed.error();
  return impl_->state.apply(*typed, position);
}

Result<std::vector<Record>, std::string> Service::reconcile_directory(
    std::string_view directory_json) const {
  const auto directory = parse_directory(directory_json);
  if (!directory) return directory.error();
  return reconcile(*directory, impl_->state);
}

std::optional<UserIndex> Service::user_index(std::string_view user) const {
  return impl_->state.find_user(user);
}

const std::string& Service::user_id(UserIndex user) const {
  return impl_->state.user(user).entry.id;
}

bool Service::is_retired(UserIndex user) const {
  return impl_->state.user(user).absence == chat::Absence::retired;
}

std::vector<StreamRange> Service::stream_ranges(UserIndex user, Position after) const {
  std::vector<StreamRange> ranges;
  for (const chat::RoomId id : impl_->state.user(user).rooms) {
    const Room& room = *impl_->state.room(id);
    if (room.last_position() <= after) continue;
    for (const Room::Membership& one : room.memberships()) {
      if (one.user != user) continue;
      ranges.push_back({id, one.live_from, one.current() ? room.last_seq() : one.left});
    }
  }
  return ranges;
}

ServiceCounters Service::counters() const {
  ServiceCounters counters = impl_->counters;
  counters.users = impl_->state.users();
  counters.rooms = impl_->state.rooms();
  counters.rooms_inbound = impl_->state.rooms(chat::RoomKind::inbound);
  counters.rooms_general = impl_->state.rooms(chat::RoomKind::general);
  counters.rooms_negotiation = impl_->state.rooms(chat::RoomKind::negotiation);
  return counters;
}

void Service::begin_changes() {
  impl_->state.changes().begin();
}

void Service::write_changes(RowBatch& rows) {
  server::write_changes(impl_->state, rows);
}

void Service::write_everything(RowBatch& rows) {
  note_everything(impl_->state);
  server::write_changes(impl_->state, rows);
}

Result<void, std::string> Service::load(RowKind kind, std::string_view key,
                                        std::string_view value) {
  if (!impl_->loader) impl_->loader = std::make_unique<StateLoader>(impl_->state);
  return impl_->loader->take(kind, key, value);
}

Result<void, std::string> Service::loaded() {
  if (!impl_->loader) return std::string("there are no rows");
  auto finished = impl_->loader->finish();
  impl_->loader.reset();
  return finished;
}

}  // namespace claims::server
