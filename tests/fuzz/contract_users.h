#pragma once
// The users of docs/contract.md, so that its examples can be played here.

#include <array>
#include <string_view>

#include "reference-server/chat/service.h"

namespace claims::fuzz {

inline constexpr std::array<std::string_view, 5> kContractUsers{"core-01", "adj-00001", "adj-00002",
                                                                "gar-00001", "gar-00002"};
inline constexpr server::ServiceBounds kContractBounds{12, 6, 4};
inline constexpr std::string_view kContractDirectory =
    R"({"format": "claims-directory/1",
 "insurers": [
  {"id": "ins-01", "code": "01", "name": "한마음손해보험",
   "greeting": "안녕하세요, {garage} 담당자님. {plate} 차량을 맡은 {adjuster}입니다.",
   "centres": [{"id": "c-001", "name": "강남보상센터", "region": "서울"}]},
  {"id": "ins-02", "code": "02", "name": "새빛화재",
   "greeting": "새빛화재 {adjuster}입니다.",
   "centres": [{"id": "c-001", "name": "부산보상센터", "region": "부산"}]}],
 "users": [
  {"id": "core-01", "role": "insurer", "name": "한마음손해보험 기간계", "insurer": "ins-01"},
  {"id": "adj-00001", "role": "adjuster", "name": "김민준", "insurer": "ins-01", "centre": "c-001"},
  {"id": "adj-00002", "role": "adjuster", "name": "이서연", "insurer": "ins-02", "centre": "c-001"},
  {"id": "gar-00001", "role": "garage", "name": "한빛자동차공업사", "region": "서울"},
  {"id": "gar-00002", "role": "garage", "name": "우리모터스", "region": "부산"}]})";

}  // namespace claims::fuzz
