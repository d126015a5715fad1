#pragma once
// Templates: texts that insurers and garages keep ready (CPC-004-8). A part of State.

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "protocol/chat/repair.h"
#include "protocol/result.h"
#include "reference-server/chat/typed_record.h"

namespace claims::server {

/// The names of an insurer's templates that the server itself uses: "greeting", "notice.in" …
inline constexpr std::string_view kGreetingTemplate = "greeting";
std::string notice_template(chat::RepairState state);
bool is_reserved_template(std::string_view name);

class Templates {
 public:
  /// An error when the owner would have too many.
  Result<void, std::string> set(const TemplateEntry& entry);
  /// An error when there is none.
  Result<void, std::string> remove(const TemplateRemoved& removed);

  const TemplateEntry* find(std::string_view owner, std::string_view name) const;
  std::size_t count(std::string_view owner) const;
  /// The owner's first template with a name behind `name`; null at the end.
  const TemplateEntry* next(std::string_view owner, std::string_view name) const;

 private:
  friend struct StateCodec;
  using ByName = std::map<std::string, TemplateEntry, std::less<>>;
  std::map<std::string, ByName, std::less<>> by_owner_;
};

}  // namespace claims::server
