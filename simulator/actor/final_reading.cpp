#include "simulator/actor/final_reading.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "protocol/limits.h"
#include "simulator/actor/json_member.h"
#include "simulator/limits.h"

namespace claims::storm {
namespace {

std::uint64_t seq_of(const boost::json::object& event) {
  const Value* seq = event.if_contains("seq");
  if (seq == nullptr) return 0;
  if (seq->is_uint64()) return seq->get_uint64();
  return seq->is_int64() && seq->get_int64() > 0 ? static_cast<std::uint64_t>(seq->get_int64()) : 0;
}

}  // namespace

void FinalReading::start(const Turn& turn) {
  // Sessions are added in the order of the connections, so their numbers are the same.
  for (const Auditor::RoomToRead& room : auditor_.rooms_to_read()) {
    to_ask_.push_back(static_cast<std::uint32_t>(rooms_.size()));
    const ConnectionNumber reader{static_cast<std::uint32_t>(room.session)};
    rooms_.push_back({room.room, reader, room.whole, 0, false, {}});
  }
  for (Auditor::Search& search : auditor_.searches_to_ask()) {
    to_ask_.push_back(static_cast<std::uint32_t>(rooms_.size()));
    const ConnectionNumber reader{static_cast<std::uint32_t>(search.session)};
    rooms_.push_back({{}, reader, false, 0, false, std::move(search.text)});
  }
  go_on(turn);
}

void FinalReading::go_on(const Turn& turn) {
  for (std::size_t i = to_ask_.size(); i > 0 && in_flight_ < limits::kHistoryReadsInFlight; --i) {
    const std::uint32_t place = to_ask_.front();
    to_ask_.pop_front();
    const auto reader = static_cast<std::size_t>(rooms_[place].reader);
    if (users_[reader]->state() == VirtualUser::State::gone) {
      finish(place, false);
    } else if (users_[reader]->can_send()) {
      ask(place, turn);
    } else {
      to_ask_.push_back(place);
    }
  }
}

boost::json::object FinalReading::question(const Room& room) const {
  boost::json::object body;
  if (room.text.empty()) {
    body["type"] = "room.messages";
    body["room"] = chat::to_string(room.room);
    body["after"] = room.after;
  } else {
    body["type"] = "message.search";
    body["text"] = room.text;
    if (!room.page.empty()) body["page"] = room.page;
  }
  body["limit"] = claims::limits::kPageRowsMax;
  return body;
}

void FinalReading::ask(std::uint32_t place, const Turn& turn) {
  const Room& room = rooms_[place];
  ++in_flight_;
  users_[static_cast<std::size_t>(room.reader)]->send(
      {.body = question(room),
       .read = true,
       .type = room.text.empty() ? "room.messages" : "message.search",
       .step = "final reading",
       .intended = turn.handled,
       .owner = {RequestOwner::Kind::history, {}, place}},
      turn);
}

void FinalReading::replied(std::uint32_t place, const Value& reply, const Turn& turn) {
  --in_flight_;
  Room& room = rooms_[place];
  if (room.finished) return;
  const auto more = room.text.empty() ? take_page(room, reply) : take_hits(room, reply);
  if (!more) {
    finish(place, false);
  } else if (*more) {
    to_ask_.push_front(place);
  } else {
    finish(place, true);
  }
  go_on(turn);
}

std::optional<bool> FinalReading::take_page(Room& room, const Value& reply) {
  const Value* result = member(reply, "result");
  const Value* events = result == nullptr ? nullptr : member(*result, "events");
  const Value* more = result == nullptr ? nullptr : member(*result, "more");
  if (events == nullptr || !events->is_array() || more == nullptr || !more->is_bool()) {
    return std::nullopt;
  }
  const std::uint64_t before = room.after;
  for (const Value& event : events->get_array()) {
    if (!event.is_object()) continue;
    // What a part reader gets is judged as its page.
    if (room.whole) auditor_.history_event(room.room, event.get_object());
    room.after = std::max(room.after, seq_of(event.get_object()));
  }
  if (!more->get_bool()) return false;
  // "more", but nothing new: it would be read for ever.
  return room.after == before ? std::nullopt : std::optional(true);
}

/// The auditor judges the hits as those of every search.
std::optional<bool> FinalReading::take_hits(Room& search, const Value& reply) {
  const Value* result = member(reply, "result");
  const Value* next = result == nullptr ? nullptr : member(*result, "next");
  if (next == nullptr || !next->is_string()) return std::nullopt;
  const boost::json::string& page = next->get_string();
  if (page.empty()) return false;
  if (search.page == page || ++search.after == limits::kFinalSearchPagesMax) return std::nullopt;
  search.page.assign(page.data(), page.size());
  return true;
}

void FinalReading::unanswered(std::uint32_t place, const Turn& turn) {
  --in_flight_;
  finish(place, false);
  go_on(turn);
}

void FinalReading::give_up() {
  for (std::uint32_t place = 0; place < rooms_.size(); ++place) finish(place, false);
}

void FinalReading::finish(std::uint32_t place, bool complete) {
  Room& room = rooms_[place];
  if (room.finished) return;
  room.finished = true;
  ++finished_;
  if (room.whole) auditor_.history_end(room.room, complete);
}

}  // namespace claims::storm
