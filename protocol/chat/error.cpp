#include "protocol/chat/error.h"

#include <array>
#include <cstddef>
#include <cstdint>

#include "protocol/chat/text.h"

namespace claims::chat {
namespace {

constexpr std::size_t kExcerptCharacters = 40;

struct ErrorText {
  std::string_view name, ko, en;
};

/// In the order of ErrorCode.
constexpr std::array kTexts{
    ErrorText{"too_large", "입력이 너무 큽니다.", "The input is too large."},
    ErrorText{"malformed_json", "올바른 JSON 객체가 아닙니다.", "This is not a valid JSON object."},
    ErrorText{"missing_field", "필수 항목이 없습니다.", "A required field is missing."},
    ErrorText{"unknown_field", "알 수 없는 항목입니다.", "This field is not known here."},
    ErrorText{"bad_field", "항목의 값이 올바르지 않습니다.",
              "The value of the field is not allowed."},
    ErrorText{"unknown_type", "알 수 없는 명령입니다.", "This type of command is not known."},
    ErrorText{"id_too_old", "너무 오래된 명령 번호입니다.",
              "The command id is too old; its outcome is no longer kept."},
    ErrorText{"id_reused", "이미 다른 내용으로 사용된 명령 번호입니다.",
              "The command id was used before with another content."},
    ErrorText{"id_gap", "명령 번호가 순서를 건너뛰었습니다.", "The command id skips numbers."},
    ErrorText{"unknown_instance", "더 이상 받지 않는 인스턴스 번호입니다.",
              "The instance is not accepted any more."},
    ErrorText{"not_permitted", "이 사용자에게 허용되지 않은 작업입니다.",
              "The user's role does not permit this."},
    ErrorText{"unknown_user", "등록되지 않은 사용자입니다.", "There is no such user."},
    ErrorText{"foreign_adjuster", "다른 보험사의 담당자입니다.",
              "The adjuster does not belong to this insurer."},
    ErrorText{"receipt_exists", "이미 등록된 접수번호입니다.",
              "The receipt is registered already."},
    ErrorText{"unknown_receipt", "등록되지 않은 접수번호입니다.", "There is no such receipt."},
    ErrorText{"receipt_in_use", "다른 정비공장이 사용 중인 접수번호입니다.",
              "The receipt is in use by another garage."},
    ErrorText{"unknown_room", "참여 중인 대화방이 아닙니다.",
              "There is no such room among those of the user."},
    ErrorText{"unknown_vehicle", "이 대화방의 차량이 아닙니다.",
              "The vehicle does not belong to the room."},
    ErrorText{"bad_seq", "대화방에 없는 순번입니다.", "The room has no such seq."},
    ErrorText{"bad_cursor", "올바르지 않은 위치 정보입니다.",
              "The cursor does not fit this session."},
    ErrorText{"bad_value", "이 상황에 맞지 않는 값입니다.", "The value does not fit here."},
    ErrorText{"illegal_step", "지금 상태에서 할 수 없는 정비 단계입니다.",
              "The repair step is not possible from the present state."},
    ErrorText{"already_converted", "이미 청구로 전환되었습니다.",
              "The chat was converted to a claim already."},
    ErrorText{"already_estimated", "선견적이 이미 작성되었습니다.",
              "The pre-estimate was written already."},
    ErrorText{"wrong_kind", "이 종류의 대화방에서는 할 수 없습니다.",
              "This is not possible in a room of this kind."},
    ErrorText{"same_insurer", "같은 보험사끼리는 과실협의를 할 수 없습니다.",
              "Fault is negotiated between two different insurers."},
    ErrorText{"negotiation_exists", "이 접수의 과실협의가 이미 있습니다.",
              "The receipt has a negotiation already."},
    ErrorText{"illegal_action", "지금 상태에서 할 수 없는 과실협의 동작입니다.",
              "The negotiation does not allow this now."},
    ErrorText{"bad_ratio", "과실 비율이 여기에 맞지 않습니다.",
              "The fault ratio does not fit here."},
    ErrorText{"unknown_bulk", "보낸 적이 없거나 더 이상 보관하지 않는 일괄 발송입니다.",
              "There is no such bulk message, or it is no longer kept."},
    ErrorText{"unknown_plate", "이 차량번호로 접수된 건이 없습니다.",
              "There is no open receipt of this plate."},
    ErrorText{"own_colleague", "같은 보험사의 직원은 동료로 초대해야 합니다.",
              "Staff of the room's own insurer is invited as a colleague."},
    ErrorText{"already_member", "이미 참여 중인 사용자입니다.",
              "The user is a member of the room already."},
    ErrorText{"must_stay", "대화방을 맡고 있는 동안에는 나갈 수 없습니다.",
              "Whoever is in charge of the room cannot leave it."},
    ErrorText{"not_in_service", "부재 중이거나 퇴직한 직원입니다.",
              "The adjuster is away or retired."},
    ErrorText{"already_deleted", "이미 삭제된 메시지입니다.", "The message was deleted already."},
    ErrorText{"unknown_template", "사용할 수 있는 문구가 아닙니다.",
              "There is no such template that the user may use."},
    ErrorText{"limit_reached", "서버의 한도에 도달했습니다.", "A limit of the server is reached."},
};
static_assert(kTexts.size() == static_cast<std::size_t>(ErrorCode::limit_reached) + 1);

const ErrorText& text_of(ErrorCode code) {
  return kTexts[static_cast<std::size_t>(code)];
}

void append_part(std::string& out, std::string_view label, std::string_view value) {
  if (value.empty()) return;
  out += ' ';
  out += label;
  out += ": ";
  out += value;
  out += '.';
}

/// The bytes of the character at text[at], 0 when they are no UTF-8.
std::size_t character_bytes(std::string_view text, std::size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  const std::size_t size = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (text.size() - at < size) return 0;
  // normalise_text also refuses control characters, C1 among them.
  return normalise_text(text.substr(at, size)) ? size : 0;
}

}  // namespace

std::string_view to_string(ErrorCode code) {
  return text_of(code).name;
}

std::string excerpt(std::string_view text) {
  std::string out;
  std::size_t characters = 0;
  for (std::size_t at = 0; at < text.size(); ++characters) {
    if (characters == kExcerptCharacters) {
      out += "…";
      break;
    }
    const std::size_t size = character_bytes(text, at);
    if (size == 0 || text[at] == '\n' || text[at] == '\t') {
      out += "\xEF\xBF\xBD";  // U+FFFD
      ++at;
      continue;
    }
    out.append(text, at, size);
    at += size;
  }
  return out;
}

std::string message_ko(const Error& error) {
  std::string out(text_of(error.code).ko);
  append_part(out, "항목", error.field);
  append_part(out, "입력", error.found);
  append_part(out, "허용", error.allowed);
  return out;
}

std::string message_en(const Error& error) {
  std::string out(text_of(error.code).en);
  append_part(out, "Field", error.field);
  append_part(out, "Found", error.found);
  append_part(out, "Allowed", error.allowed);
  return out;
}

}  // namespace claims::chat
