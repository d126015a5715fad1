// The people of the tests, and scenario A.
#include "scripted_history.h"

namespace claims::storm {

ScriptedHistory cast() {
  ScriptedHistory history;
  history.add_user("insurer-1", "가나손해보험", chat::Role::insurer, "ins-1");
  history.add_user("adjuster-1", "김보상", chat::Role::adjuster, "ins-1");
  history.add_user("adjuster-2", "이담당", chat::Role::adjuster, "ins-2");
  history.add_user("garage-1", "한빛정비", chat::Role::garage);
  history.add_user("garage-2", "새길공업사", chat::Role::garage);
  return history;
}

ScriptedHistory opened_with_colleague() {
  ScriptedHistory history = cast();
  history.add_user("adjuster-3", "박동료", chat::Role::adjuster, "ins-1");
  history.register_receipt("insurer-1", "2024-1234567", "123가4567", "adjuster-1");
  history.drain();
  history.intake("garage-1", "2024-1234567");
  history.drain();
  return history;
}

ScriptedHistory scenario_a() {
  ScriptedHistory history = cast();
  history.register_receipt("insurer-1", "2024-1234567", "123가4567", "adjuster-1");
  history.drain();
  history.intake("garage-1", "2024-1234567");
  history.drain();
  history.send("garage-1", "r1", "앞 범퍼가 파손되었습니다.");
  history.drain();
  history.read("adjuster-1", "r1", 5);
  history.send("adjuster-1", "r1", "사진을 보내 주세요.");
  history.drain();
  history.unread_counts("garage-1");
  history.read("garage-1", "r1", 6);
  history.step("garage-1", "r1", "in_repair");
  history.drain();
  history.step("garage-1", "r1", "repaired");
  history.convert("garage-1", "r1");
  history.drain();
  history.refused("garage-1", "r1", "limit_reached");
  history.step("garage-1", "r1", "out");
  history.drain();
  history.send("garage-1", "r1", "감사합니다.");
  history.drain();
  return history;
}

}  // namespace claims::storm
