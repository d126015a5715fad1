#include "reference-server/chat/search_reads.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "protocol/chat/reply.h"
#include "protocol/chat/text.h"
#include "protocol/limits.h"
#include "reference-server/chat/commands.h"
#include "reference-server/chat/page_text.h"
#include "reference-server/chat/refusals.h"
#include "reference-server/chat/result_text.h"
#include "reference-server/history/grams.h"

namespace claims::server {
namespace {

void append_readable(chat::RoomId id, const Room& room, UserIndex user,
                     std::vector<StreamRange>& ranges) {
  for (const SeqRange& range : room.readable_by(user)) {
    ranges.push_back({id, range.first, range.last});
  }
}

bool continues_character(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80;
}
/// The place so many characters before, or behind.
std::size_t back(std::string_view text, std::size_t at, std::size_t characters) {
  for (; at > 0 && characters > 0; --characters) {
    do --at;
    while (at > 0 && continues_character(text[at]));
  }
  return at;
}
std::size_t forth(std::string_view text, std::size_t at, std::size_t characters) {
  for (; at < text.size() && characters > 0; --characters) {
    do ++at;
    while (at < text.size() && continues_character(text[at]));
  }
  return at;
}

std::string hit_of(const chat::Event& event, std::string_view text) {
  const std::string sender =
      ResultText().add("id", event.sender.id).add("name", event.sender.name).take();
  return ResultText()
      .add("room", event.room)
      .add("seq", event.seq)
      .add("at", static_cast<std::uint64_t>(event.at.count()))
      .add_json("sender", sender)
      .add("vehicle", event.vehicle)
      .add("text", text)
      .take();
}

}  // namespace

std::string_view snippet_of(std::string_view text, std::string_view wanted) {
  using claims::limits::kSnippetCharactersMax;
  if (chat::count_characters(text) <= kSnippetCharactersMax) return text;
  const std::size_t found = folded_case(text).find(folded_case(wanted));
  const std::size_t hit = found == std::string::npos ? 0 : found;
  const std::size_t around = kSnippetCharactersMax - chat::count_characters(wanted);
  std::size_t begin = back(text, hit, around / 2);
  const std::size_t end = forth(text, begin, kSnippetCharactersMax);
  if (end == text.size()) begin = back(text, end, kSnippetCharactersMax);
  return text.substr(begin, end - begin);
}

Decision search_messages(const std::string& re, const chat::SearchMessages& search, UserIndex user,
                         const State& state) {
  SearchQuery query;
  Position last{};
  if (!search.start.page.empty()) {
    const auto before = parse_page_number(search.start.page);
    if (!before) return Answered{chat::error_reply(re, bad_page(search.start.page))};
    query.before = Position{*before};
  }
  if (search.room) {
    const auto room = find_readable_room(state, user, *search.room);
    if (!room) return Answered{chat::error_reply(re, room.error())};
    if (!search.vehicle.empty() && !(*room)->has_vehicle(search.vehicle)) {
      return Answered{chat::error_reply(re, unknown_vehicle(**room, search.vehicle))};
    }
    append_readable(*search.room, **room, user, query.ranges);
    last = (*room)->last_position();
  } else {
    for (const chat::RoomId id : state.user(user).rooms) {
      const Room& room = *state.room(id);
      if (search.vehicle.empty() || room.has_vehicle(search.vehicle)) {
        append_readable(id, room, user, query.ranges);
        last = std::max(last, room.last_position());
      }
    }
  }
  // Nothing is looked at that is later than the last event of these rooms.
  const std::uint64_t behind = static_cast<std::uint64_t>(last) + 1;
  query.before = std::min(query.before, Position{behind});
  query.text = search.text;
  query.vehicle = search.vehicle;
  query.limit = search.start.limit + 1;
  query.bytes_max = claims::limits::kPageBytesMax;
  query.looked_at_max = limits::kSearchLookedAtMax;
  return PageRead{re, std::move(query), HitsPage{}};
}

std::string search_reply(const PageRead& read, const SearchQuery& query,
                         const std::vector<Row>& rows) {
  const std::size_t shown = std::min(rows.size(), query.limit - 1);
  std::string hits = "[";
  for (std::size_t i = 0; i < shown; ++i) {
    const auto parsed = chat::parse_event(rows[i].event);
    const auto* message = parsed ? std::get_if<chat::Message>(&parsed->event.body) : nullptr;
    if (message == nullptr) continue;  // Where the search stopped on its way.
    if (hits.size() > 1) hits += ',';
    hits += hit_of(parsed->event, snippet_of(message->text, query.text));
  }
  hits += ']';
  std::string next;
  const bool stopped = !rows.empty() && rows.back().event.empty();
  if (ends_at_bound(query, rows) || stopped) {
    const Row& last = rows[std::max<std::size_t>(shown, 1) - 1];
    next = std::to_string(static_cast<std::uint64_t>(last.position));
  }
  return chat::read_reply(read.re, ResultText().add_json("hits", hits).add("next", next).take(),
                          "{}");
}

}  // namespace claims::server
