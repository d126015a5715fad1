#pragma once
// The fields of a request as they stand in its JSON text, before their meaning is looked at.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "protocol/chat/error.h"

namespace claims::chat {

/// Every field that some request has.
enum class FieldName : std::uint8_t {
  type,
  id,
  receipt,
  plate,
  model,
  adjuster,
  room,
  text,
  vehicle,
  seq,
  step,
  after,
  limit,
  cursor,
  amount,
  vehicles,
  targets,
  bulk,
  counterpart,
  ratio,
  action,
  reason,
  message_template,
  files,
  title,
  user,
  as,
  owner,
  name,
  role,
  to,
  kind,
  garage,
  insurer,
  estimate,
  page,
};
inline constexpr std::size_t kFieldNames = 36;
std::string_view to_string(FieldName name);
std::optional<FieldName> parse_field_name(std::string_view text);

/// An element of a list: a string, or a flat object whose values are all strings.
struct ListElement {
  enum class Kind : std::uint8_t { string, object, other };
  Kind kind = Kind::other;
  std::string text;                                          ///< The string.
  std::vector<std::pair<std::string, std::string>> members;  ///< In the order of the text.
};

struct FieldValue {
  enum class Kind : std::uint8_t { absent, string, integer, list, other };
  Kind kind = Kind::absent;
  std::int64_t integer = 0;
  std::string text;  ///< The string; for other kinds what was found, fit for an error message.
};

struct RequestFields {
  std::array<FieldValue, kFieldNames> values;
  std::uint64_t present = 0;  ///< A bit for each field that is not absent, by its number.
  /// Of `vehicles`, `targets` or `files`: no type takes two of them. Of lists elsewhere nothing is
  /// kept.
  std::vector<ListElement> list;
  std::string unknown;  ///< An excerpt of the first key that is no FieldName.
  bool has_unknown = false;

  FieldValue& operator[](FieldName name) { return values[static_cast<std::size_t>(name)]; }
  const FieldValue& operator[](FieldName name) const {
    return values[static_cast<std::size_t>(name)];
  }
};

/// Nothing when `json` is one JSON object without duplicate keys; `fields` is filled then. Values
/// that are no string, integer or list are told apart by no more than their kind.
std::optional<Error> scan_request_fields(std::string_view json, RequestFields& fields);

}  // namespace claims::chat
