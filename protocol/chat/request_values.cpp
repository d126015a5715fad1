#include "protocol/chat/request_values.h"

#include <algorithm>
#include <utility>

#include "protocol/chat/text.h"
#include "protocol/limits.h"

namespace claims::chat {
namespace {

using Kind = FieldValue::Kind;

constexpr const char* kPlates = "12가3456, 123가4567, 서울32바1234, VIN";
constexpr const char* kUserIds = "[a-z0-9-]{1,32}";

bool is_visible_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; });
}

/// "[3] = …", as found in a list.
std::string element_found(std::size_t index, std::string_view text) {
  return '[' + std::to_string(index) + "] = " + excerpt(text);
}

/// "key: text, …" of an object in a list.
std::string members_text(const ListElement& element) {
  std::string found = element.text;
  for (const auto& [key, text] : element.members) {
    if (!found.empty()) found += ", ";
    found.append(key).append(": ").append(text);
  }
  return found;
}

/// In NFC; nothing when a file cannot be called so everywhere: no path, nothing that a system
/// reads otherwise.
std::optional<std::string> file_name(std::string_view text) {
  auto name = normalise_text(text);
  if (!name || name->empty() || *name == "." || *name == "..") return std::nullopt;
  if (name->find_first_of("/\\:*?\"<>|\n\t") != std::string::npos) return std::nullopt;
  if (count_characters(*name) > limits::kFileNameCharactersMax) return std::nullopt;
  return name;
}

}  // namespace

std::string found_in(const FieldValue& value) {
  switch (value.kind) {
    case Kind::absent:
      return {};
    case Kind::string:
      return '"' + excerpt(value.text) + '"';
    case Kind::integer:
      return std::to_string(value.integer);
    case Kind::list:
    case Kind::other:
      return value.text;
  }
  return {};
}

template <class Rule>
std::string RequestValues::matching(FieldName name, Rule rule, const char* allowed) {
  FieldValue& value = fields_[name];
  if (value.kind == Kind::string && rule(value.text)) return std::move(value.text);
  refuse(name, allowed);
  return {};
}

/// What `parse` makes of the string, or the first of its values.
template <class Parse>
auto RequestValues::parsed(FieldName name, Parse parse, const char* allowed) {
  const FieldValue& value = fields_[name];
  auto found = value.kind == Kind::string ? parse(value.text) : std::nullopt;
  if (!found) refuse(name, allowed);
  return found.value_or(typename decltype(found)::value_type{});
}

void RequestValues::refuse(FieldName name, std::string allowed) {
  refuse(name, found_in(fields_[name]), std::move(allowed));
}

void RequestValues::refuse(FieldName name, std::string found, std::string allowed) {
  if (error_) return;
  error_ = Error{ErrorCode::bad_field, std::string(to_string(name)), std::move(found),
                 std::move(allowed)};
}

std::string RequestValues::receipt_number() {
  return matching(FieldName::receipt, is_receipt_number, "[0-9A-Za-z-]{1,32}");
}

std::string RequestValues::user(FieldName name) {
  return matching(name, is_user_id, kUserIds);
}

std::string RequestValues::plate_of(FieldName name) {
  const FieldValue& value = fields_[name];
  if (value.kind == Kind::absent) return {};
  auto plate = value.kind == Kind::string ? normalise_plate(value.text) : std::nullopt;
  if (plate) return std::move(*plate);
  refuse(name, kPlates);
  return {};
}

std::string RequestValues::text_of(FieldName name, std::size_t most, bool one_line) {
  const FieldValue& value = fields_[name];
  if (value.kind == Kind::string) {
    auto text = normalise_text(value.text);
    // A character is at least a byte: only what may be too long is counted.
    const bool fits =
        text && !text->empty() && (text->size() <= most || count_characters(*text) <= most);
    if (fits && (!one_line || text->find_first_of("\n\t") == std::string::npos)) {
      return std::move(*text);
    }
  }
  std::string allowed = "1–" + std::to_string(most) + " characters (UTF-8";
  allowed += one_line ? ", one line)" : ", \\n, \\t)";
  refuse(name, std::move(allowed));
  return {};
}

RoomId RequestValues::room_id() {
  const FieldValue& value = fields_[FieldName::room];
  const auto room = value.kind == Kind::string ? parse_room_id(value.text) : std::nullopt;
  if (!room) refuse(FieldName::room, "\"r<number>\"");
  return room.value_or(RoomId{});
}

std::uint64_t RequestValues::number(FieldName name, std::uint64_t least, std::uint64_t most,
                                    std::uint64_t otherwise) {
  const FieldValue& value = fields_[name];
  if (value.kind == Kind::absent) return otherwise;
  if (value.kind == Kind::integer && value.integer >= 0) {
    const auto number = static_cast<std::uint64_t>(value.integer);
    if (number >= least && number <= most) return number;
  }
  refuse(name, std::to_string(least) + "–" + std::to_string(most));
  return otherwise;
}

RepairState RequestValues::repair_step() {
  const FieldValue& value = fields_[FieldName::step];
  const auto state = value.kind == Kind::string ? parse_repair_state(value.text) : std::nullopt;
  const bool is_step = state && *state != RepairState::in && *state != RepairState::cancelled;
  if (!is_step) refuse(FieldName::step, "in_repair, repaired, out");
  return state.value_or(RepairState::in);
}

std::string RequestValues::cursor_text() {
  return matching(
      FieldName::cursor,
      [](std::string_view text) {
        return !text.empty() && text.size() <= limits::kReadIdBytesMax && is_visible_ascii(text);
      },
      "the \"cursor\" of an event");
}

std::string RequestValues::template_name(FieldName field) {
  if (fields_[field].kind == Kind::absent) return {};
  return matching(
      field,
      [](std::string_view text) {
        return text.size() <= limits::kTemplateBytesMax && is_token_text(text);
      },
      "[A-Za-z0-9._-]{1,32}");
}

Invitation RequestValues::invitation() {
  return parsed(FieldName::as, parse_invitation, "colleague, guest");
}

Absence RequestValues::absence() {
  return parsed(FieldName::reason, parse_absence, "away, retired");
}

Role RequestValues::role() {
  return parsed(FieldName::role, parse_role, "insurer, adjuster, garage");
}

RoomKind RequestValues::room_kind() {
  return parsed(FieldName::kind, parse_room_kind, "inbound, general, negotiation");
}

std::string RequestValues::page_text() {
  return matching(
      FieldName::page,
      [](std::string_view text) {
        return text.size() <= limits::kPageTextBytesMax && is_visible_ascii(text);
      },
      "the \"next\" of a page");
}

std::string RequestValues::estimate_number() {
  return matching(FieldName::estimate, is_token_text, "E-<receipt>, F-<receipt>-<n>");
}

void RequestValues::exactly_one(std::initializer_list<FieldName> names) {
  std::string all, given;
  std::size_t count = 0;
  for (const FieldName name : names) {
    const std::string_view text = to_string(name);
    all.append(all.empty() ? "" : ", ").append(text);
    if (fields_[name].kind == Kind::absent) continue;
    given.append(given.empty() ? "" : ", ").append(text);
    ++count;
  }
  if (count == 1 || error_) return;
  error_ = Error{count == 0 ? ErrorCode::missing_field : ErrorCode::bad_field,
                 std::string(to_string(*names.begin())), std::move(given), "1 × " + all};
}

std::vector<std::string> RequestValues::vehicles() {
  const FieldValue& value = fields_[FieldName::vehicles];
  std::vector<std::string> plates;
  const auto fail = [&](std::string found) {
    refuse(FieldName::vehicles, std::move(found),
           "[1–" + std::to_string(limits::kVehiclesPerOpenMax) + " × " + kPlates + "], each once");
    return std::vector<std::string>{};
  };
  if (value.kind != Kind::list) return fail(found_in(value));
  if (fields_.list.empty() || fields_.list.size() > limits::kVehiclesPerOpenMax) {
    return fail(std::to_string(fields_.list.size()) + " ×");
  }
  for (std::size_t i = 0; i < fields_.list.size(); ++i) {
    const ListElement& element = fields_.list[i];
    auto plate =
        element.kind == ListElement::Kind::string ? normalise_plate(element.text) : std::nullopt;
    if (!plate || std::ranges::find(plates, *plate) != plates.end()) {
      return fail(element_found(i, element.text));
    }
    plates.push_back(std::move(*plate));
  }
  return plates;
}

std::vector<SendBulk::Target> RequestValues::targets() {
  const FieldValue& value = fields_[FieldName::targets];
  std::vector<SendBulk::Target> targets;
  const auto fail = [&](std::string found) {
    refuse(FieldName::targets, std::move(found),
           "[1–" + std::to_string(limits::kBulkTargetsMax) +
               R"( × {"garage":"[a-z0-9-]{1,32}","vehicle":"12가3456"}], each garage once)");
    return std::vector<SendBulk::Target>{};
  };
  if (value.kind != Kind::list) return fail(found_in(value));
  if (fields_.list.empty() || fields_.list.size() > limits::kBulkTargetsMax) {
    return fail(std::to_string(fields_.list.size()) + " ×");
  }
  for (std::size_t i = 0; i < fields_.list.size(); ++i) {
    const ListElement& element = fields_.list[i];
    SendBulk::Target target;
    std::size_t garages = 0, vehicles = 0;
    for (const auto& [key, text] : element.members) {
      if (key == "garage") target.garage = text, ++garages;
      if (key == "vehicle") target.vehicle = normalise_plate(text).value_or(""), ++vehicles;
    }
    const bool whole = element.kind == ListElement::Kind::object && element.members.size() == 2 &&
                       garages == 1 && vehicles == 1;
    const bool again = std::ranges::any_of(
        targets, [&](const SendBulk::Target& other) { return other.garage == target.garage; });
    if (!whole || !is_user_id(target.garage) || target.vehicle.empty() || again) {
      return fail(element_found(i, members_text(element)));
    }
    targets.push_back(std::move(target));
  }
  return targets;
}

std::vector<AttachedFile> RequestValues::files() {
  const FieldValue& value = fields_[FieldName::files];
  std::vector<AttachedFile> files;
  const auto fail = [&](std::string found) {
    refuse(FieldName::files, std::move(found),
           "[1–" + std::to_string(limits::kFilesPerMessageMax) +
               R"( × {"name":"1–255 characters without / \ : * ? \" < > |","kind":"general"}], )" +
               "kind: general, guide, manual");
    return std::vector<AttachedFile>{};
  };
  if (value.kind != Kind::list) return fail(found_in(value));
  if (fields_.list.empty() || fields_.list.size() > limits::kFilesPerMessageMax) {
    return fail(std::to_string(fields_.list.size()) + " ×");
  }
  for (std::size_t i = 0; i < fields_.list.size(); ++i) {
    const ListElement& element = fields_.list[i];
    std::optional<std::string> name;
    std::optional<FileKind> kind;
    bool whole = element.kind == ListElement::Kind::object && !element.members.empty() &&
                 element.members.size() <= 2;
    for (const auto& [key, text] : element.members) {
      if (key == "name" && !name) {
        name = file_name(text);
        whole = whole && name;
      } else if (key == "kind" && !kind) {
        kind = parse_file_kind(text);
        whole = whole && kind;
      } else {
        whole = false;
      }
    }
    if (!whole || !name) return fail(element_found(i, members_text(element)));
    files.push_back({std::move(*name), kind.value_or(FileKind::general)});
  }
  return files;
}

CommandId RequestValues::bulk_id() {
  const FieldValue& value = fields_[FieldName::bulk];
  const auto id = value.kind == Kind::string ? parse_command_id(value.text) : std::nullopt;
  if (!id) refuse(FieldName::bulk, "\"<instance>.<n>\"");
  return id.value_or(CommandId{});
}

Ratio RequestValues::ratio() {
  const FieldValue& value = fields_[FieldName::ratio];
  const auto ratio = value.kind == Kind::string ? parse_ratio(value.text) : std::nullopt;
  if (!ratio) refuse(FieldName::ratio, "\"70:30\", own:other, 0–100, sum 100");
  return ratio.value_or(Ratio{});
}

NegotiationAction RequestValues::negotiation_action() {
  const FieldValue& value = fields_[FieldName::action];
  const auto action =
      value.kind == Kind::string ? parse_negotiation_action(value.text) : std::nullopt;
  if (action && *action != NegotiationAction::open) return *action;
  refuse(FieldName::action,
         "accept, object, accept_objection, send_exemption, accept_exemption, "
         "send_prior_agreement, accept_prior_agreement, refer");
  return NegotiationAction::refer;
}

ExemptionReason RequestValues::exemption_reason() {
  const FieldValue& value = fields_[FieldName::reason];
  const auto reason =
      value.kind == Kind::string ? parse_exemption_reason(value.text) : std::nullopt;
  if (!reason) refuse(FieldName::reason, "not_liable, not_covered");
  return reason.value_or(ExemptionReason{});
}

}  // namespace claims::chat
