#include "reports/checker_text.h"

#include <array>

namespace claims::report {
namespace {

struct Proof {
  std::string_view checker, ko, en;
};

constexpr std::array<Proof, 31> kProofs{
    {{"agreement", "모두가 같은 내용을 봄", "everybody sees the same content"},
     {"completeness", "빠짐·중복 없이 순서대로 받음", "no gap, no repeat, in order"},
     {"secrecy", "남의 것은 아무도 보지 못함", "nobody sees what is not theirs"},
     {"real_time", "확인된 것보다 뒤에 놓임", "later than all acknowledged before it"},
     {"origin", "보낸 명령에서만 생김", "every event comes from a command sent"},
     {"outcome", "확인은 한 번, 거절은 없음", "acknowledged once, refused never"},
     {"reconciliation", "최종 이력이 전달과 같음", "the final history is what was delivered"},
     {"one_room_per_intake", "입고마다 방 하나, 인사말 하나; 일반 방과 과실협의 방도 하나씩",
      "one room and one greeting per intake; one general room, one negotiation"},
     {"legal_repair_steps", "정해진 정비 단계만", "only legal repair steps"},
     {"bulk_once_per_garage", "일괄 발송이 정비공장마다 정확히 한 번",
      "a bulk message exactly once per garage"},
     {"legal_negotiation_steps", "차례에 맞는 협의 단계만",
      "only legal negotiation steps, by turn"},
     {"same_end", "양쪽이 같은 협의 결과를 봄", "both sides see the same end"},
     {"negotiation_hidden", "정비공장에는 과실협의가 보이지 않음",
      "a garage never sees a negotiation"},
     {"general_vehicles", "일반 방의 글마다 차량이 맞음",
      "each message of a general room carries its vehicle"},
     {"read_receipts", "읽음 표시가 참여자의 실제 읽음과 같음",
      "read receipts are what members have read"},
     {"unread_counts", "안 읽은 수가 정확함", "unread counts are exact"},
     {"devices_in_step", "한 사용자의 기기들이 같은 내용을 봄",
      "the devices of a user stay in step"},
     {"present_fields", "이름·시각·차량이 맞음", "names, times and vehicles are there and right"},
     {"well_formed", "규약의 형태를 지킴", "the shape of the contract is kept"},
     {"membership", "초대·나가기대로 참여함", "members come and go as they were asked to"},
     {"in_charge", "담당자가 인계대로 바뀜", "who is in charge follows the hand-overs"},
     {"room_changes", "대화방 변경·삭제가 보낸 대로", "rooms change and end as they were asked to"},
     {"room_lists", "대화방 목록이 정확함", "lists of rooms are exact"},
     {"invite_candidates", "초대할 수 있는 사람만 나옴", "only who may be invited is offered"},
     {"conversions", "전환 건수가 정확함", "conversions are counted right"},
     {"deleted_messages", "삭제된 글은 다시 보이지 않음", "deleted texts are never shown again"},
     {"searches", "검색이 정확함", "searches find everything, and nothing else"},
     {"histories", "이력 조회가 정확함", "histories are whole, and nothing else"},
     {"templates", "템플릿이 정확함", "templates say what they were set to"},
     {"open_topics", "일반 토픽의 보관·만료·전달이 정확함",
      "open topics retain, expire and deliver as they should"},
     {"steps", "모든 단계가 시나리오대로", "every step went as the scenario says"}}};

}  // namespace

Text checker_text(std::string_view checker) {
  for (const Proof& one : kProofs) {
    if (one.checker == checker) return {std::string(one.ko), std::string(one.en)};
  }
  return {};
}

}  // namespace claims::report
