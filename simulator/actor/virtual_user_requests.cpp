// VirtualUser's commands and reads: their ids, their replies, their repetition.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cassert>
#include <iterator>
#include <utility>

#include "protocol/chat/ids.h"
#include "protocol/chat/topics.h"
#include "protocol/limits.h"
#include "simulator/actor/json_member.h"
#include "simulator/actor/virtual_user_input.h"
#include "simulator/limits.h"

namespace claims::storm {
namespace {

/// Far above any counter of a run.
constexpr std::uint64_t kUncountedFrom = std::uint64_t{1} << 40U;

/// What these refuse did not use up its n.
constexpr std::array<std::string_view, 7> kNotCounted{
    "too_large", "malformed_json", "missing_field", "unknown_field",
    "bad_field", "unknown_type",   "id_gap"};

bool leaves_number_unused(const Value& reply) {
  const Value* error = member(reply, "error");
  if (error == nullptr) return false;
  const std::string_view code = text_member(*error, "code");
  return std::any_of(kNotCounted.begin(), kNotCounted.end(),
                     [&](std::string_view one) { return one == code; });
}

}  // namespace

bool VirtualUser::can_send() const {
  return state_ == State::ready && requests_.size() < limits::kRequestsPerUserMax &&
         client_.unacknowledged() < limits::kRequestsPerUserMax;
}

std::string VirtualUser::next_id(const NewRequest& request) {
  if (request.read) return fmt::format("q{}", ++reads_);
  const std::uint64_t n = request.uncounted ? kUncountedFrom + ++uncounted_ : ++commands_;
  return fmt::format("{}.{}", shared_.instance + static_cast<std::uint64_t>(device_), n);
}

std::uint16_t VirtualUser::publish(std::string_view payload) {
  // Taken: online, and can_send() leaves room in the window; the bound of bytes is the contract's.
  const auto packet_id = client_.publish(chat::command_topic(person_.id), payload,
                                         mqtt::QoS::at_least_once, now(), output_);
  return packet_id.value_or(0);
}

void VirtualUser::wait_to_send(RoleKey role) {
  waiting_.push_back(role);
}

std::optional<RoleKey> VirtualUser::next_waiting() {
  if (waiting_.empty() || !can_send()) return std::nullopt;
  const RoleKey role = waiting_.front();
  waiting_.erase(waiting_.begin());
  if (waiting_.empty()) waiting_ = {};
  return role;
}

/// Goes on where it left off: the events since, then what was not answered, under the old ids. The
/// first time it asks where it stands, so that it can do so even if no event comes before it must.
void VirtualUser::catch_up() {
  boost::json::object body;
  body["type"] = "sync";
  if (!cursor_.empty()) body["cursor"] = cursor_;
  // Not by send(): that would queue it behind the requests that fill the bound.
  std::vector<Request> before = std::exchange(requests_, {});
  send(
      {.body = std::move(body),
       .read = true,
       .type = "sync",
       .step = "sync",
       .intended = turn().begin.steady,
       .held_until = {},
       .owner = {cursor_.empty() ? RequestOwner::Kind::standing : RequestOwner::Kind::sync, {}, 0}},
      turn());
  before.insert(before.end(), std::make_move_iterator(requests_.begin()),
                std::make_move_iterator(requests_.end()));
  requests_ = std::move(before);
  syncing_ = !cursor_.empty();
  ask_again(false);
}

/// What was not answered, under the old ids; but not what the client itself sends again. Without
/// the session, `sync` was asked anew already.
void VirtualUser::ask_again(bool resumed) {
  // A read that nobody waits for need not be read again.
  std::erase_if(requests_, [](const Request& request) { return request.read && request.given_up; });
  for (Request& request : requests_) {
    const auto kind = request.owner.kind;
    const bool own = kind == RequestOwner::Kind::sync || kind == RequestOwner::Kind::standing;
    if (own && !resumed) continue;
    request.again = 0;  // What was on its way is gone with the connection.
    request.patience_ends.reset();
    if (!request.refusal.empty()) continue;
    if (request.packet_id == 0) request.packet_id = publish(request.payload);
    if (waits_for_ever(request)) {
      request.patience_ends = turn().handled + limits::kReplyTimeout;
    }
  }
  settle_refused();
}

bool VirtualUser::waits_for_ever(const Request& request) const {
  return shared_.patient && request.owner.kind == RequestOwner::Kind::step;
}

bool VirtualUser::may_repeat() const {
  // What a kept session sent goes out again by itself; that copy must be the only one.
  return state_ == State::ready && !kept_ && client_.unacknowledged() < limits::kRequestsPerUserMax;
}

void VirtualUser::repeat_command(const Turn& turn) {
  if (!may_repeat() || last_payload_.empty()) return;
  const Input input(*this, turn);
  shared_.auditor.repeated(session_, last_id_, session_);
  publish(last_payload_);
  const auto waiting = std::find_if(requests_.begin(), requests_.end(),
                                    [&](const Request& one) { return one.id == last_id_; });
  if (waiting != requests_.end()) ++waiting->again;
}

void VirtualUser::repeat_command_of(const VirtualUser& other, const Turn& turn) {
  assert(&other.person_ == &person_ && other.last_command_answered());
  if (!may_repeat()) return;
  const Input input(*this, turn);
  shared_.auditor.repeated(session_, other.last_id_, other.session_);
  publish(other.last_payload_);
}

bool VirtualUser::last_command_answered() const {
  return !last_payload_.empty() &&
         std::none_of(requests_.begin(), requests_.end(),
                      [&](const Request& one) { return one.id == last_id_; });
}

void VirtualUser::remember(const Request& request) {
  if (request.read || request.raw) return;
  last_id_ = request.id;
  last_payload_ = request.payload;
}

/// Without its answer it is unknown where the server's session stands.
bool VirtualUser::waits_for_sync() const {
  return std::any_of(requests_.begin(), requests_.end(), [](const Request& request) {
    const auto kind = request.owner.kind;
    return kind == RequestOwner::Kind::sync || kind == RequestOwner::Kind::standing;
  });
}

void VirtualUser::take_reply(std::string_view payload) {
  const Value* value = shared_.reader.read(payload);
  if (value == nullptr || !value->is_object()) {
    shared_.auditor.malformed(session_, chat::reply_topic(person_.id), payload);
    return;
  }
  const auto found = find_request(*value);
  if (found == requests_.end() || found->owner.audited()) {
    shared_.auditor.replied(session_, value->get_object(), turn());
  }
  if (found == requests_.end()) return;
  if (comes_again(*found, *value)) return;
  const RequestOwner owner = found->owner;
  const bool given_up = found->given_up;
  if (!found->read && !found->raw) take_back_number(found->id, *value);
  requests_.erase(found);
  if (requests_.empty()) requests_ = {};
  if (owner.kind == RequestOwner::Kind::sync) syncing_ = false;
  if (owner.kind == RequestOwner::Kind::standing && cursor_.empty()) {
    const Value* result = member(*value, "result");
    if (result != nullptr) cursor_ = text_member(*result, "cursor");
  }
  if (!given_up) shared_.handler.user_replied(*this, owner, *value, turn());
}

/// The one that a reply answers. A reply without `re` is to the first whose id may have been
/// unreadable: sent raw, or too large to be read.
std::vector<VirtualUser::Request>::iterator VirtualUser::find_request(const Value& reply) {
  const Value* re = member(reply, "re");
  if (re != nullptr && re->is_null()) {
    return std::find_if(requests_.begin(), requests_.end(), [](const Request& request) {
      return request.raw || request.payload.size() > claims::limits::kCommandBytesMax / 2;
    });
  }
  const std::string_view id = text_member(reply, "re");
  return std::find_if(requests_.begin(), requests_.end(),
                      [&](const Request& request) { return !id.empty() && request.id == id; });
}

/// A command that is not well-formed, or came too early, did not use up its n: the next one takes
/// it, or all that follow would be refused for the gap.
void VirtualUser::take_back_number(std::string_view id, const Value& reply) {
  if (!leaves_number_unused(reply)) return;
  const auto refused = chat::parse_command_id(id);
  if (refused && refused->n <= commands_) commands_ = refused->n - 1;
  if (id == last_id_) {  // Its id will be another's.
    last_id_.clear();
    last_payload_.clear();
  }
}

bool VirtualUser::comes_again(Request& request, const Value& reply) {
  if (request.again == 0 || !leaves_number_unused(reply)) return false;
  --request.again;
  request.refusal = boost::json::serialize(reply);
  return true;
}

/// Requests whose refusal came before the connection was lost, and with it the copies of it that
/// were still to come: nothing more is asked.
void VirtualUser::settle_refused() {
  const auto refused = [](const Request& request) { return !request.refusal.empty(); };
  for (auto found = std::find_if(requests_.begin(), requests_.end(), refused);
       found != requests_.end();
       found = std::find_if(requests_.begin(), requests_.end(), refused)) {
    const Request request = std::move(*found);
    requests_.erase(found);
    const Value reply = boost::json::parse(request.refusal);
    if (!request.raw) take_back_number(request.id, reply);
    if (!request.given_up) shared_.handler.user_replied(*this, request.owner, reply, turn());
  }
}

void VirtualUser::expire_requests() {
  bool dead = open_patience_ends().value_or(Microseconds::max()) <= turn().handled;
  // By index: who is told may ask something else at once, which is added at the end.
  for (std::size_t i = 0; i < requests_.size(); ++i) {  // NOLINT(modernize-loop-convert)
    Request& request = requests_[i];
    if (state_ == State::ready &&
        request.patience_ends.value_or(Microseconds::max()) <= turn().handled) {
      dead = true;
    }
    if (request.given_up || request.late || request.deadline > turn().handled) continue;
    const bool waits = waits_for_ever(request);
    (waits ? request.late : request.given_up) = true;
    const RequestOwner owner = request.owner;
    if (owner.kind == RequestOwner::Kind::sync) syncing_ = false;
    if (owner.audited()) {
      shared_.auditor.unanswered(session_, request.id, now(), waits);
    }
    if (!waits) shared_.handler.user_unanswered(*this, owner, turn());
  }
  if (dead && state_ == State::ready) lose(true);
  // A late reply to a read is still known as one until the bound of outstanding requests is near.
  if (requests_.size() > limits::kRequestsPerUserMax / 2) {
    std::erase_if(requests_,
                  [](const Request& request) { return request.read && request.given_up; });
  }
}

bool VirtualUser::token_has_ended(const Now& now) const {
  constexpr std::int64_t kClockSkewS = 60;  // The server's clock may be a little ahead.
  const std::int64_t expires_s = person_.token_expires_s;
  return expires_s != 0 && now.wall.count() / 1'000 + kClockSkewS >= expires_s;
}

void VirtualUser::turn_away(mqtt::ReasonCode reason, const std::string& why) {
  const bool retired = shared_.auditor.may_have_retired(session_);
  const bool token_ended = !retired && token_has_ended(now());
  if (ever_ready_ && reason == mqtt::ReasonCode::not_authorized && !token_ended) {
    shared_.auditor.turned_away(session_);
    if (retired) withdraw_requests();
  }
  refuse(why);
}

/// Nobody will answer them, and of who has retired that is right.
void VirtualUser::withdraw_requests() {
  for (const Request& request : std::exchange(requests_, {})) {
    if (request.owner.audited()) shared_.auditor.withdrawn(session_, request.id, now());
    if (!request.given_up) shared_.handler.user_unanswered(*this, request.owner, turn());
  }
}

bool VirtualUser::settled_down() const {
  if (state_ == State::gone) return true;
  return state_ == State::ready && outstanding() == 0 && !client_.ping_unanswered();
}

std::size_t VirtualUser::outstanding() const {
  const auto waited_for = std::count_if(requests_.begin(), requests_.end(),
                                        [](const Request& request) { return !request.given_up; });
  std::size_t of_open_topics = 0;
  if (open_topics_) {
    for (const auto& one : open_topics_->outstanding) of_open_topics += one.owned ? 1U : 0U;
  }
  return static_cast<std::size_t>(waited_for) + of_open_topics;
}

}  // namespace claims::storm
