// The traceability table of requirement clauses, thresholds, and the defects of an earlier system.

#include <fmt/format.h>

#include <algorithm>

#include "reports/html_sections.h"
#include "reports/html_text.h"

namespace claims::report::html {
namespace {

/// "≤ 1000" of "<= 1000".
std::string shown_limit(std::string_view limit) {
  for (const auto& [op, sign] :
       {std::pair{"<= ", "≤ "}, std::pair{">= ", "≥ "}, std::pair{"== ", "= "}}) {
    if (limit.starts_with(op)) return sign + escaped(limit.substr(3));
  }
  return escaped(limit);
}

template <class Entries>
std::string tally(const Entries& entries) {
  std::string out = "<ul class=\"tally\">";
  for (const ClauseStatus status :
       {ClauseStatus::pass, ClauseStatus::fail, ClauseStatus::partial, ClauseStatus::not_covered}) {
    const auto count = std::count_if(entries.begin(), entries.end(),
                                     [&](const auto& one) { return one.status == status; });
    if (count == 0 && status == ClauseStatus::partial) continue;
    out += fmt::format("<li>{} <b>{}</b></li>", badge(status), count);
  }
  return out + "</ul>\n";
}

std::string traceability(const RunResult& result) {
  Table table("stack trace",
              {"요구사항추적표 (ID 앞의 KIDI-는 줄임)",
               "Traceability of requirements (IDs without their prefix KIDI-)"},
              {{{"ID", "ID"}},
               {{"요구사항명", "Requirement"}},
               {{"조항", "Clause"}},
               {{"판정", "Verdict"}},
               {{"근거", "Evidence"}}});
  std::string id;
  for (const Requirement& one : result.requirements) {
    if (one.id != id) table.begin_group();
    id = one.id;
    const bool whole_id = one.clause.empty();
    table.row(
        {escaped(one.id), both(one.title),
         whole_id ? both("전체", "whole") : fmt::format("<code>{}</code>", escaped(one.clause)),
         badge(one.status), both(one.evidence)},
        whole_id ? "group" : "");
  }
  return table.html();
}

}  // namespace

std::string requirements_section(const RunResult& result) {
  std::vector<Requirement> clauses;
  std::copy_if(result.requirements.begin(), result.requirements.end(), std::back_inserter(clauses),
               [](const Requirement& one) { return !one.clause.empty(); });
  const std::string content = result.requirements.empty()
                                  ? nothing({"이 시나리오는 요구사항 조항을 인용하지 않습니다.",
                                             "This scenario cites no requirement clause."})
                                  : tally(clauses) + traceability(result);
  return section(
      "requirements", {"요구사항추적표", "Requirement traceability"},
      {"요구사항은 모든 조항이 적합일 때만 적합입니다. 그렇지 않으면 빠진 조항을 적습니다.",
       "A requirement passes only when every clause of it does; otherwise the clauses "
       "that are missing are named."},
      content);
}

std::string thresholds_section(const RunResult& result) {
  std::string content;
  if (result.thresholds.empty()) {
    content = nothing({"이 시나리오에는 기준이 없습니다.", "This scenario sets no threshold."});
  } else {
    Table table("stack defects", {"시나리오가 정한 기준", "As the scenario sets them"},
                {{{"지표 (_ms: 밀리초, _percent: %)", "Metric (_ms: milliseconds, _percent: %)"}},
                 {{"기준", "Limit"}, true},
                 {{"측정값", "Value"}, true},
                 {{"결과", "Result"}}});
    for (const Threshold& one : result.thresholds) {
      const bool time = one.metric.ends_with("_ms");
      const bool part =
          one.value && *one.value != static_cast<double>(static_cast<std::int64_t>(*one.value));
      table.row({fmt::format("<code>{}</code>", escaped(one.metric)), shown_limit(one.limit),
                 time ? milliseconds(one.value) : decimal(one.value, part ? 2 : 0),
                 one.ok                ? badge("pass", "✓", {"충족", "met"})
                 : one.too_few_samples ? badge("open", "○", {"표본 부족", "too few samples"})
                                       : badge("fail", "✕", {"미달", "missed"})});
    }
    content = table.html();
  }
  return section("thresholds", {"기준", "Thresholds"}, {}, content);
}

std::string defects_section(const RunResult& result) {
  std::string content;
  if (result.defects.empty()) {
    content = nothing({"시나리오 옆에 결함 목록(defects.json)이 없습니다.",
                       "There is no list of defects (defects.json) beside the scenario."});
  } else {
    Table table("stack defects",
                {"이전 시스템에서 고객이 찾은 결함",
                 "Defects that the customer found in an earlier system"},
                {{{"번호", "No."}},
                 {{"결함", "Defect"}},
                 {{"재발 여부", "Regression"}},
                 {{"근거", "Evidence"}}});
    for (const Defect& one : result.defects) {
      const std::string mark =
          one.status == ClauseStatus::pass ? badge("pass", "✓", {"재발 없음", "has not come again"})
          : one.status == ClauseStatus::fail ? badge("fail", "✕", {"재발", "has come again"})
                                             : badge(one.status);
      table.row({escaped(one.id), both(one.title), mark, both(one.evidence)});
    }
    content = table.html();
  }
  return section(
      "defects", {"결함 회귀 시험", "Regression of earlier defects"},
      {"각 결함은 다시 나타나면 안 되는 검사입니다. 검사할 것이 없었으면 미검증입니다.",
       "Each is a check that must never fail again. Where there was nothing to check, it "
       "is not covered."},
      content);
}

}  // namespace claims::report::html
