// Templates of insurers and garages (CPC-004-8).

#include "protocol/limits.h"
#include "reference-server/chat/commands.h"
#include "reference-server/chat/result_text.h"
#include "reference-server/chat/templates.h"
#include "reference-server/chat/text_template.h"

namespace claims::server {
namespace {

using chat::Error;
using chat::ErrorCode;

/// Whose templates the caller keeps, when it may name this owner.
Result<std::string, Error> find_owner(const UserEntry& caller, const std::string& named) {
  if (caller.role == chat::Role::adjuster) {
    return Error{ErrorCode::not_permitted, "type", std::string(to_string(caller.role)),
                 "insurer, garage"};
  }
  const std::string& own = caller.role == chat::Role::garage ? caller.id : caller.insurer;
  if (named.empty() || named == own) return own;
  return Error{ErrorCode::not_permitted, "owner", named, own};
}

std::string owned(const std::string& owner, const std::string& name) {
  return ResultText().add("owner", owner).add("name", name).take();
}

}  // namespace

CommandResult run(const chat::SetTemplate& command, DecisionDraft& draft, const ServiceBounds&) {
  const auto owner = find_owner(draft.caller(), command.owner);
  if (!owner) return owner.error();
  if (draft.caller().role == chat::Role::garage && is_reserved_template(command.name)) {
    return Error{ErrorCode::bad_value, "name", '"' + command.name + '"',
                 "[A-Za-z0-9._-]{1,32}, ≠ greeting, notice.<state>"};
  }
  if (const auto unknown = unknown_placeholder(command.text)) {
    return Error{ErrorCode::bad_value, "text", '"' + chat::excerpt(*unknown) + '"',
                 "{adjuster}, {garage}, {plate}"};
  }
  const Templates& templates = draft.state().templates();
  if (templates.find(*owner, command.name) == nullptr &&
      templates.count(*owner) >= claims::limits::kTemplatesPerOwnerMax) {
    return Error{ErrorCode::limit_reached, "name", "",
                 "<= " + std::to_string(claims::limits::kTemplatesPerOwnerMax) + " templates"};
  }
  draft.emit(TemplateEntry{*owner, command.name, command.text, command.role});
  return {boost::system::in_place_value, owned(*owner, command.name)};
}

CommandResult run(const chat::DeleteTemplate& command, DecisionDraft& draft, const ServiceBounds&) {
  const auto owner = find_owner(draft.caller(), command.owner);
  if (!owner) return owner.error();
  if (draft.state().templates().find(*owner, command.name) == nullptr) {
    return Error{ErrorCode::unknown_template, "name", command.name, ""};
  }
  draft.emit(TemplateRemoved{*owner, command.name});
  return {boost::system::in_place_value, owned(*owner, command.name)};
}

}  // namespace claims::server
