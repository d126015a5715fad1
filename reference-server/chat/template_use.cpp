#include "reference-server/chat/template_use.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "protocol/chat/reply.h"
#include "protocol/chat/text.h"
#include "protocol/limits.h"
#include "reference-server/chat/page_text.h"
#include "reference-server/chat/refusals.h"
#include "reference-server/chat/result_text.h"
#include "reference-server/chat/text_template.h"

namespace claims::server {
namespace {

using chat::Error;
using chat::ErrorCode;
using chat::Role;

/// Whose templates the user may see some of, rising.
std::vector<std::string_view> owners_for(const UserEntry& user, const State& state) {
  if (user.role != Role::garage) return {user.insurer};
  std::vector<std::string_view> owners{user.id};
  for (const std::string_view insurer : state.insurer_ids()) owners.push_back(insurer);
  std::ranges::sort(owners);
  return owners;
}

/// Of a negotiation the adjuster is the one that asks, and the garage that of the receipt.
TemplateNames names_in(const Room& room, UserIndex asker, std::string_view plate,
                       const State& state) {
  const bool negotiates = room.kind() == chat::RoomKind::negotiation;
  const auto adjuster = negotiates ? std::optional(asker) : room.in_charge();
  auto garage = room.garage();
  if (negotiates) {
    const Receipt* receipt = state.receipt(room.receipt());
    if (receipt != nullptr && receipt->room != chat::RoomId{}) garage = receipt->garage;
  }
  const auto name = [&](std::optional<UserIndex> user) {
    return user ? std::string_view(state.user(*user).entry.name) : std::string_view();
  };
  return {name(adjuster), name(garage), plate};
}

const TemplateEntry* find_usable(const UserEntry& user, const Room& room, const std::string& name,
                                 const State& state) {
  const std::array<std::string_view, 2> owners{
      user.role == Role::garage ? user.id : user.insurer,
      user.role == Role::garage ? state.insurer_of(room) : std::string_view()};
  for (const std::string_view owner : owners) {
    const TemplateEntry* found = state.templates().find(owner, name);
    if (found != nullptr && may_use(user, *found)) return found;
  }
  return nullptr;
}

std::string shown(const TemplateEntry& entry) {
  return ResultText()
      .add("owner", entry.owner)
      .add("name", entry.name)
      .add("role", entry.role ? to_string(*entry.role) : std::string_view())
      .add("text", entry.text)
      .take();
}

}  // namespace

bool may_use(const UserEntry& user, const TemplateEntry& entry) {
  const bool for_role = !entry.role || *entry.role == user.role;
  switch (user.role) {
    case Role::insurer:
      return entry.owner == user.insurer;
    case Role::adjuster:
      return entry.owner == user.insurer && for_role && !is_reserved_template(entry.name);
    case Role::garage:
      return entry.owner == user.id || (for_role && !is_reserved_template(entry.name));
  }
  return false;
}

Result<std::string, Error> template_text(const DecisionDraft& draft, const Room& room,
                                         const std::string& name, const std::string& plate) {
  const State& state = draft.state();
  const TemplateEntry* found = find_usable(draft.caller(), room, name, state);
  if (found == nullptr) return Error{ErrorCode::unknown_template, "template", name, ""};
  std::string text = expand_template(found->text, names_in(room, draft.user(), plate, state));
  const std::size_t characters = chat::count_characters(text);
  if (characters <= claims::limits::kTextCharactersMax) return text;
  return Error{ErrorCode::limit_reached, "template", std::to_string(characters) + " characters",
               "<= " + std::to_string(claims::limits::kTextCharactersMax) + " characters"};
}

Decision list_templates(const std::string& re, const chat::ListTemplates& list, UserIndex user,
                        const State& state) {
  const UserEntry& caller = state.user(user).entry;
  const std::string& page = list.start.page;
  const std::size_t colon = page.find(':');
  if (!page.empty() && colon == std::string::npos) {
    return Answered{chat::error_reply(re, bad_page(page))};
  }
  const std::string_view begin_owner = std::string_view(page).substr(0, colon);
  std::string rows = "[";
  std::string next;
  std::size_t shown_rows = 0;
  const TemplateEntry* last = nullptr;
  for (const std::string_view owner : owners_for(caller, state)) {
    if (owner < begin_owner || (!list.owner.empty() && owner != list.owner)) continue;
    std::string_view after;
    if (owner == begin_owner && !page.empty()) after = std::string_view(page).substr(colon + 1);
    const TemplateEntry* entry = state.templates().next(owner, after);
    for (; entry != nullptr; entry = state.templates().next(owner, entry->name)) {
      if (!may_use(caller, *entry)) continue;
      if (shown_rows == list.start.limit || rows.size() >= claims::limits::kPageBytesMax) {
        next = last->owner + ':' + last->name;
        break;
      }
      if (shown_rows++ > 0) rows += ',';
      rows += shown(*entry);
      last = entry;
    }
    if (!next.empty()) break;
  }
  rows += ']';
  return Answered{chat::read_reply(
      re, ResultText().add_json("templates", rows).add("next", next).take(), "{}")};
}

}  // namespace claims::server
