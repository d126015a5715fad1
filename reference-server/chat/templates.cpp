#include "reference-server/chat/templates.h"

#include <algorithm>
#include <array>

#include "protocol/limits.h"

namespace claims::server {

std::string notice_template(chat::RepairState state) {
  return "notice." + std::string(to_string(state));
}

bool is_reserved_template(std::string_view name) {
  using enum chat::RepairState;
  return name == kGreetingTemplate ||
         std::ranges::any_of(std::array{in, in_repair, repaired, out, cancelled},
                             [&](auto state) { return name == notice_template(state); });
}

Result<void, std::string> Templates::set(const TemplateEntry& entry) {
  const bool added = find(entry.owner, entry.name) == nullptr;
  if (added && count(entry.owner) >= claims::limits::kTemplatesPerOwnerMax) {
    return entry.owner + " has too many templates";
  }
  by_owner_[entry.owner].insert_or_assign(entry.name, entry);
  return {};
}

Result<void, std::string> Templates::remove(const TemplateRemoved& removed) {
  const auto owner = by_owner_.find(removed.owner);
  if (owner == by_owner_.end() || owner->second.erase(removed.name) == 0) {
    return removed.owner + " has no template " + removed.name;
  }
  if (owner->second.empty()) by_owner_.erase(owner);
  return {};
}

const TemplateEntry* Templates::find(std::string_view owner, std::string_view name) const {
  const auto named = by_owner_.find(owner);
  if (named == by_owner_.end()) return nullptr;
  const auto found = named->second.find(name);
  return found == named->second.end() ? nullptr : &found->second;
}

std::size_t Templates::count(std::string_view owner) const {
  const auto named = by_owner_.find(owner);
  return named == by_owner_.end() ? 0 : named->second.size();
}

const TemplateEntry* Templates::next(std::string_view owner, std::string_view name) const {
  const auto named = by_owner_.find(owner);
  if (named == by_owner_.end()) return nullptr;
  const auto found = named->second.upper_bound(name);
  return found == named->second.end() ? nullptr : &found->second;
}

}  // namespace claims::server
