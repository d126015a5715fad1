#include "simulator/actor/defect_outcomes.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

namespace claims::storm {
namespace {

using report::ClauseStatus;
using report::Defect;
using report::RunResult;

std::uint64_t violations_of(const RunResult& result, const std::string& checker) {
  const auto found = result.violations.find(checker);
  return found == result.violations.end() ? 0 : found->second;
}

void judge_by_checkers(const DefectEntry& entry, const RunResult& result, const Recorder& recorder,
                       Defect& defect) {
  std::string told, unseen, seen;
  std::uint64_t violations = 0;
  for (const std::string& checker : entry.checkers) {
    violations += violations_of(result, checker);
    told +=
        fmt::format("{}{} {}", told.empty() ? "" : ", ", checker, violations_of(result, checker));
  }
  for (const std::string& event : entry.events) {
    const std::uint64_t count = recorder.events_seen(event);
    std::string& list = count == 0 ? unseen : seen;
    list += fmt::format("{}{}", list.empty() ? "" : ", ", event);
    if (count > 0) list += fmt::format(" {}", count);
  }
  if (violations > 0) {
    defect.status = ClauseStatus::fail;
    defect.evidence = {fmt::format("검사기가 위반을 찾음: {}", told),
                       fmt::format("the checkers found violations: {}", told)};
  } else if (!unseen.empty()) {
    defect.evidence = {fmt::format("이 실행에 검사할 이벤트가 없었음: {}", unseen),
                       fmt::format("this run had no such events to check: {}", unseen)};
  } else {
    defect.status = ClauseStatus::pass;
    defect.evidence = {fmt::format("검사기 위반 없음({}); 확인한 전달: {}", told, seen),
                       fmt::format("no violation ({}); deliveries checked: {}", told, seen)};
  }
}

void judge_by_clauses(const DefectEntry& entry, const RunResult& result, Defect& defect) {
  std::string failed, missing, all;
  const auto add = [](std::string& list, const std::string& one) {
    list += (list.empty() ? "" : ", ") + one;
  };
  for (const std::string& clause : entry.clauses) {
    add(all, clause);
    const auto found = std::find_if(result.requirements.begin(), result.requirements.end(),
                                    [&](const auto& requirement) {
                                      return requirement.id + "/" + requirement.clause == clause;
                                    });
    if (found != result.requirements.end() && found->status == ClauseStatus::fail) {
      add(failed, clause);
    } else if (found == result.requirements.end() || found->status != ClauseStatus::pass) {
      add(missing, clause);
    }
  }
  if (!failed.empty()) {
    defect.status = ClauseStatus::fail;
    defect.evidence = {fmt::format("부적합 조항: {}", failed),
                       fmt::format("clauses that failed: {}", failed)};
  } else if (!missing.empty()) {
    defect.evidence = {fmt::format("이 실행에서 확인되지 않은 조항: {}", missing),
                       fmt::format("clauses that this run did not prove: {}", missing)};
  } else {
    defect.status = ClauseStatus::pass;
    defect.evidence = {fmt::format("적합 조항: {}", all),
                       fmt::format("clauses that passed: {}", all)};
  }
}

}  // namespace

std::vector<Defect> defect_outcomes(const std::vector<DefectEntry>& catalogue,
                                    const RunResult& result, const Recorder& recorder) {
  std::vector<Defect> outcomes;
  for (const DefectEntry& entry : catalogue) {
    Defect defect{.id = entry.id,
                  .title = {entry.title.ko, entry.title.en},
                  .status = ClauseStatus::not_covered,
                  .evidence = {entry.not_covered.ko, entry.not_covered.en}};
    if (!entry.checkers.empty()) judge_by_checkers(entry, result, recorder, defect);
    if (!entry.clauses.empty()) judge_by_clauses(entry, result, defect);
    outcomes.push_back(std::move(defect));
  }
  return outcomes;
}

}  // namespace claims::storm
