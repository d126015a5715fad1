#include "reference-server/chat/room_texts.h"

#include "reference-server/chat/templates.h"

namespace claims::server {
namespace {

std::string_view built_in_notice(chat::RepairState state) {
  using enum chat::RepairState;
  switch (state) {
    case in:
      return "차량이 입고되었습니다.";
    case in_repair:
      return "차량 수리를 시작했습니다.";
    case repaired:
      return "차량 수리가 완료되었습니다.";
    case out:
      return "차량이 출고되었습니다.";
    case cancelled:
      return "입고가 취소되었습니다.";
  }
  return "";
}

}  // namespace

TemplateNames names_of(const State& state, UserIndex adjuster, UserIndex garage,
                       std::string_view plate) {
  return {state.user(adjuster).entry.name, state.user(garage).entry.name, plate};
}

chat::Greeting greeting_by(const State& state, UserIndex adjuster, const TemplateNames& names) {
  const std::string& insurer = state.user(adjuster).entry.insurer;
  const TemplateEntry* own = state.templates().find(insurer, kGreetingTemplate);
  const std::string& text = own != nullptr ? own->text : state.insurer(insurer)->greeting;
  return {expand_template(text, names)};
}

chat::Notice notice_by(const State& state, UserIndex adjuster, chat::RepairState step,
                       const TemplateNames& names) {
  const TemplateEntry* own =
      state.templates().find(state.user(adjuster).entry.insurer, notice_template(step));
  if (own == nullptr) return {step, std::string(built_in_notice(step))};
  return {step, expand_template(own->text, names)};
}

}  // namespace claims::server
