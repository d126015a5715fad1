#pragma once
// RequestValues: the values of a request's fields, checked one by one.

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/chat/command.h"
#include "protocol/chat/request_fields.h"

namespace claims::chat {

/// What stands there, fit for an error message.
std::string found_in(const FieldValue& value);

/// Takes values out of the fields; the first that is not allowed stays as the error, and what is
/// taken after that is empty or the least allowed.
class RequestValues {
 public:
  explicit RequestValues(RequestFields& fields) : fields_(fields) {}

  std::optional<Error> take_error() { return std::move(error_); }

  std::string receipt_number();
  std::string user(FieldName name);
  /// Empty when it is absent.
  std::string plate_of(FieldName name);
  /// NFC text of 1 … `most` characters; `one_line` refuses line breaks and tabs too.
  std::string text_of(FieldName name, std::size_t most, bool one_line);
  RoomId room_id();
  /// `otherwise` when it is absent.
  std::uint64_t number(FieldName name, std::uint64_t least, std::uint64_t most,
                       std::uint64_t otherwise);
  RepairState repair_step();
  std::string cursor_text();
  /// Empty when it is absent.
  std::string template_name(FieldName field);
  std::vector<AttachedFile> files();
  Invitation invitation();
  Absence absence();
  Role role();
  RoomKind room_kind();
  std::string page_text();
  std::string estimate_number();
  /// Refuses all but one of these fields present.
  void exactly_one(std::initializer_list<FieldName> names);
  std::vector<std::string> vehicles();
  std::vector<SendBulk::Target> targets();
  CommandId bulk_id();
  Ratio ratio();
  NegotiationAction negotiation_action();
  ExemptionReason exemption_reason();

 private:
  template <class Parse>
  auto parsed(FieldName name, Parse parse, const char* allowed);
  template <class Rule>
  std::string matching(FieldName name, Rule rule, const char* allowed);
  void refuse(FieldName name, std::string allowed);
  void refuse(FieldName name, std::string found, std::string allowed);

  RequestFields& fields_;
  std::optional<Error> error_;
};

}  // namespace claims::chat
