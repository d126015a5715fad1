#include "simulator/check/search_checker.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <limits>

#include "protocol/chat/error.h"
#include "protocol/chat/text.h"
#include "protocol/limits.h"
#include "simulator/limits.h"

namespace claims::storm::audit {
namespace {

namespace json = boost::json;

constexpr std::uint64_t kNever = std::numeric_limits<std::uint64_t>::max();

std::string_view text_in(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value == nullptr ? std::string_view{} : text_of(*value).value_or("");
}

std::int64_t number_in(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value == nullptr ? -1 : integer_of(*value).value_or(-1);
}

/// A few characters from within; nothing where they are no line of text.
std::string_view middle_of(std::string_view text) {
  constexpr std::size_t kCharacters = 6;
  const auto continues = [&](std::size_t at) {
    return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80;
  };
  std::size_t begin = text.size() / 3;
  while (begin > 0 && continues(begin)) --begin;
  std::size_t end = begin;
  for (std::size_t taken = 0; taken < kCharacters && end < text.size(); ++taken) {
    do ++end;
    while (continues(end));
  }
  const std::string_view part = text.substr(begin, end - begin);
  const bool line = std::ranges::none_of(part, [](char c) { return c >= 0 && c < ' '; });
  return line ? part : std::string_view{};
}

}  // namespace

bool could_read(const Room& room, UserNumber user, chat::Seq seq, std::uint64_t tick) {
  return std::ranges::any_of(room.members, [&](const Member& member) {
    const std::uint64_t joined = member.joined_tick == 0 ? room.found_tick : member.joined_tick;
    return member.user == user && member.may_read(seq) && joined != 0 && joined < tick;
  });
}

void SearchChecker::seen(const Room& room, const EventView& event, const Traced& traced) {
  if (event.kind != EventKind::message || event.deleted || event.text.empty()) return;
  const std::uint64_t sent = traced.command == nullptr ? 0 : traced.command->tick;
  book_.add({room.id,
             event.seq,
             event.at_ms,
             sent,
             scene_.tick,
             std::string(event.vehicle),
             std::string(event.text),
             {}});
}

std::vector<Auditor::Search> SearchChecker::to_ask() const {
  std::vector<Auditor::Search> searches;
  if (!answered_) return searches;
  const auto& all = book_.all();
  const std::size_t every = all.size() / limits::kFinalSearchesMax + 1;
  for (std::size_t i = 0; i < all.size(); i += every) {
    const BookedMessage& message = all[i];
    const std::string_view text = middle_of(message.text);
    const Room& room = *scene_.rooms.find(message.room);
    if (text.empty() || !room.linked || !room.judged) continue;
    const auto reader = std::ranges::find_if(room.observers, [&](const Observer& it) {
      return it.member != Observer::kNoMember && room.members[it.member].may_read(message.seq) &&
             scene_.roster.session(it.session).subscribed;
    });
    if (reader != room.observers.end()) searches.push_back({reader->session, std::string(text)});
  }
  return searches;
}

std::optional<std::string> SearchChecker::replied(const Ask& ask, const ReplyView& reply) {
  const json::value* hits = reply.result->if_contains("hits");
  const json::value* next = reply.result->if_contains("next");
  if (hits == nullptr || !hits->is_array() || next == nullptr || !text_of(*next) ||
      reply.result->size() != 2) {
    return "result is not hits and next";
  }
  answered_ = true;
  const Key key{ask.session, ask.text, ask.room ? static_cast<std::uint64_t>(*ask.room) : 0,
                ask.vehicle};
  const auto known = paged_.find(key);
  const bool first = ask.page.empty();
  const bool follows = !first && known != paged_.end() && known->second.next == ask.page;
  Paged paged;
  paged.tick = ask.tick;
  paged.last_tick = kNever;
  if (follows) paged = std::move(known->second);
  if (known != paged_.end()) paged_.erase(known);
  for (const json::value& value : hits->get_array()) {
    Hit hit;
    if (auto problem = read_hit(value, hit)) return problem;
    judge(ask, hit);
    if (first || follows) in_order(ask, paged, hit);
  }
  if (!first && !follows) return std::nullopt;
  const bool ends = text_of(*next)->empty();
  find_missing(ask, paged, ends);
  if (ends || paged_.size() >= kPagedMax || paged.found.size() > kFoundMax) return std::nullopt;
  paged.next = *text_of(*next);
  paged_.emplace(key, std::move(paged));
  return std::nullopt;
}

std::optional<std::string> SearchChecker::read_hit(const json::value& value, Hit& hit) {
  const json::object* fields = value.if_object();
  if (fields == nullptr || fields->size() != 6) return "a hit lacks a field";
  const auto room = chat::parse_room_id(text_in(*fields, "room"));
  const std::int64_t seq = number_in(*fields, "seq");
  hit.at_ms = number_in(*fields, "at");
  const json::value* sender = fields->if_contains("sender");
  if (!room || seq < 1 || hit.at_ms <= 0 || sender == nullptr || !sender->is_object() ||
      sender->get_object().size() != 2 || fields->if_contains("vehicle") == nullptr ||
      fields->if_contains("text") == nullptr) {
    return "a hit is not room, seq, at, sender, vehicle and text";
  }
  hit.room = *room;
  hit.seq = static_cast<chat::Seq>(seq);
  hit.sender = text_in(sender->get_object(), "id");
  hit.sender_name = text_in(sender->get_object(), "name");
  hit.vehicle = text_in(*fields, "vehicle");
  hit.text = text_in(*fields, "text");
  return std::nullopt;
}

void SearchChecker::judge(const Ask& ask, const Hit& hit) {
  const Room* room = scene_.rooms.find(hit.room);
  const UserNumber user = scene_.roster.session(ask.session).user;
  // What opened just now may not have been seen yet.
  if (room == nullptr || !room->linked || !room->judged) return;
  if (!scene_.rooms.reader_at(*room, user, hit.seq)) {
    if (scene_.rooms.may_join(room->id, user)) return;
    scene_.stories.tell(Checker::secrecy, [&] {
      const std::string who = scene_.roster.who(ask.session);
      return Story{fmt::format("{}: 볼 수 없는 {}이 검색되었습니다 ({}): \"{}\".", who,
                               place_ko(*room, hit.seq), ask.id, chat::excerpt(hit.text)),
                   fmt::format("{} found {} ({}), which it may not see: \"{}\".", who,
                               place_en(*room, hit.seq), ask.id, chat::excerpt(hit.text))};
    });
    return;
  }
  deletions_.found(*room, ask, hit.seq);
  if (is_right(ask, *room, hit)) return;
  tell(ask, hit.room, hit.seq,
       fmt::format("찾은 것이 맞지 않습니다: {} \"{}\", 차량 \"{}\".", chat::excerpt(hit.sender),
                   chat::excerpt(hit.text), chat::excerpt(hit.vehicle)),
       fmt::format(R"(the hit is wrong: {} "{}", vehicle "{}".)", chat::excerpt(hit.sender),
                   chat::excerpt(hit.text), chat::excerpt(hit.vehicle)));
}

bool SearchChecker::is_right(const Ask& ask, const Room& room, const Hit& hit) {
  if (ask.room && *ask.room != hit.room) return false;
  if (!ask.vehicle.empty() && ask.vehicle != hit.vehicle) return false;
  if (folded(hit.text).find(folded(ask.text)) == std::string::npos) return false;
  const auto sender = scene_.roster.find(hit.sender);
  if (!sender || scene_.roster.user(*sender).name != hit.sender_name) return false;
  if (hit.seq > room.last() + RoomModel::kJumpMax) return false;
  const std::uint8_t mark =
      hit.seq > room.last() ? mark::kUnseen : room.marks[static_cast<std::size_t>(hit.seq - 1)];
  if (mark == mark::kUnseen) return true;  // Nobody saw it yet.
  if (mark < mark::kMessage) return false;
  const std::uint32_t row = mark - mark::kMessage;
  if (row < room.members.size() && room.members[row].user != *sender) return false;
  const BookedMessage* booked = book_.find(hit.room, hit.seq);
  if (booked == nullptr) return true;
  const std::size_t due = std::min<std::size_t>(chat::count_characters(booked->text),
                                                claims::limits::kSnippetCharactersMax);
  return booked->vehicle == hit.vehicle && booked->at_ms == hit.at_ms &&
         chat::count_characters(hit.text) == due &&
         booked->text.find(hit.text) != std::string::npos;
}

void SearchChecker::in_order(const Ask& ask, Paged& paged, const Hit& hit) {
  for (const auto& [room, seq] : paged.found) {
    if (room != hit.room || seq > hit.seq) continue;
    tell(ask, hit.room, hit.seq,
         fmt::format("{}번 뒤에 나왔습니다. 뒤의 것부터 한 번씩 나와야 합니다.", seq),
         fmt::format("it came behind {}: the last come first, and once.", seq));
    break;
  }
  const BookedMessage* booked = book_.find(hit.room, hit.seq);
  if (booked != nullptr && booked->sent_tick > paged.last_tick) {
    tell(ask, hit.room, hit.seq, "앞의 것보다 나중의 글입니다. 나중의 것이 먼저 나와야 합니다.",
         "it is later than the one before: the last come first.");
  }
  paged.last_tick = booked == nullptr ? kNever : booked->tick;
  paged.found.emplace_back(hit.room, hit.seq);
}

void SearchChecker::find_missing(const Ask& ask, const Paged& paged, bool ends) {
  const std::string wanted = folded(ask.text);
  const UserNumber user = scene_.roster.session(ask.session).user;
  for (const BookedMessage& message : book_.all()) {
    if (message.tick >= paged.tick || (!ends && message.sent_tick <= paged.last_tick)) continue;
    if (ask.room && *ask.room != message.room) continue;
    if (!ask.vehicle.empty() && ask.vehicle != message.vehicle) continue;
    if (message.folded.find(wanted) == std::string::npos) continue;
    const Room& room = *scene_.rooms.find(message.room);
    if (!room.linked || !room.judged || room.second || may_be_deleted(room, message.seq)) continue;
    if (!could_read(room, user, message.seq, paged.tick)) continue;
    if (std::ranges::find(paged.found, std::pair(message.room, message.seq)) != paged.found.end()) {
      continue;
    }
    return tell(
        ask, message.room, message.seq,
        fmt::format("찾아야 하는 글이 빠졌습니다: \"{}\".", chat::excerpt(message.text)),
        fmt::format("it must be found, and is missing: \"{}\".", chat::excerpt(message.text)));
  }
}

void SearchChecker::tell(const Ask& ask, chat::RoomId id, chat::Seq seq, std::string_view ko,
                         std::string_view en) {
  scene_.stories.tell(Checker::searches, [&] {
    const std::string who = scene_.roster.who(ask.session);
    const std::string room = chat::to_string(id);
    const std::string text = chat::excerpt(ask.text);
    return Story{fmt::format("{}의 \"{}\" 검색({}), 대화방 {} 순번 {}: {}", who, text, ask.id, room,
                             seq, ko),
                 fmt::format("{}'s search for \"{}\" ({}), room {}, seq {}: {}", who, text, ask.id,
                             room, seq, en)};
  });
}

}  // namespace claims::storm::audit
