// Error replies, violations with their stories, faults injected, how to repeat the run, signatures.

#include <fmt/format.h>

#include "reports/checker_text.h"
#include "reports/error_reply_limit.h"
#include "reports/html_sections.h"
#include "reports/html_text.h"

namespace claims::report::html {
namespace {

/// Whether it is within what counts, and what that is.
std::string error_judgement(const RunResult& result, double most) {
  if (const auto instead = counts_instead_of_error_replies(result)) {
    return "<span class=\"note\">" +
           both(instead->empty()
                    ? Text{"장애를 넣은 실행에서는 1초가 기준이 아닙니다",
                           "with faults the limit of 1 second does not count"}
                    : Text{fmt::format("장애를 넣은 실행에서는 1초가 아니라 {}이(가) 기준입니다",
                                       *instead),
                           fmt::format("with faults the limit of 1 second does not count, {} does",
                                       *instead)}) +
           "</span>";
  }
  return most <= kErrorReplyLimitMs ? badge("pass", "✓", {"1초 이내", "within 1 second"})
                                    : badge("fail", "✕", {"1초 초과", "above 1 second"});
}

std::string error_maximum(const RunResult& result) {
  double most = 0;
  std::string code;
  for (const ErrorReplies& one : result.errors) {
    if (!code.empty() && one.max_ms <= most) continue;
    most = one.max_ms;
    code = one.code;
  }
  return fmt::format(
      "<p class=\"headline\">{} {} {} <span class=\"note\">({}; <code>{}</code>)</span></p>\n",
      both("모든 오류 응답의 최대:", "The maximum over all error replies:"),
      fmt::format("<b>{} ms</b>", milliseconds(most)), error_judgement(result, most),
      both("PER-001: 1초 이내", "PER-001: within 1 second"), escaped(code));
}

/// A name with underscores, which a narrow column may break after them.
std::string breakable_code(std::string_view name) {
  std::string out;
  for (const char c : escaped(name)) out += c == '_' ? std::string("_<wbr>") : std::string(1, c);
  return "<code>" + out + "</code>";
}

std::string stories(const RunResult& result) {
  if (result.stories.empty()) return {};
  std::string out = fmt::format("<h3>{}</h3>\n<ol class=\"stories\">\n",
                                both("위반 이야기", "The stories of the violations"));
  for (const Story& story : result.stories) {
    out += fmt::format("<li><code>{}</code><p>{}</p></li>\n", escaped(story.checker),
                       both(story.text));
  }
  return out + "</ol>\n";
}

}  // namespace

std::string errors_section(const RunResult& result) {
  std::string content;
  if (result.errors.empty()) {
    content =
        nothing({"이 실행에서는 오류 응답이 오지 않았습니다.", "No error reply came in this run."});
  } else {
    Table table("stack codes",
                {"오류 코드별 (실행 전체, 요청 예정 시각부터)",
                 "By error code (the whole run, from the intended time)"},
                {{{"코드", "Code"}},
                 {{"건수", "Count"}, true},
                 {{"평균 (ms)", "Mean (ms)"}, true},
                 {{"최대 (ms)", "Max (ms)"}, true},
                 {{"안내 예", "Message, an example"}}});
    for (const ErrorReplies& one : result.errors) {
      table.row({fmt::format("<code>{}</code>", escaped(one.code)), whole(one.count),
                 milliseconds(one.mean_ms), milliseconds(one.max_ms), both(one.message)});
    }
    content = error_maximum(result) + table.html();
  }
  return section("errors", {"오류 응답", "Error replies"},
                 {"잘못된 입력은 1초 안에 알맞은 안내로 답해야 합니다.",
                  "A malformed input has to be answered with a fitting message within a second."},
                 content);
}

std::string violations_section(const RunResult& result) {
  std::string content;
  if (result.violations.empty()) {
    content =
        nothing({"검사기가 아무것도 세지 않은 결과입니다.", "No checker counted in this result."});
  } else {
    Table table("compact", {"검사기별 위반 건수", "Violations by checker"},
                {{{"검사기", "Checker"}},
                 {{"증명하는 것", "What it proves"}},
                 {{"위반", "Violations"}, true}});
    for (const auto& [checker, count] : result.violations) {
      table.row({breakable_code(checker), both(checker_text(checker)),
                 count == 0 ? "0" : fmt::format("<b class=\"bad\">✕ {}</b>", whole(count))});
    }
    table.row({both("합계", "Total"), "", whole(result.violations_total)}, "sum");
    content = table.html() + stories(result);
  }
  return section("violations", {"위반", "Violations"},
                 {"모든 전달을 모델과 비교했습니다. 위반이 하나라도 있으면 불합격입니다.",
                  "Every delivery was compared with the model. One violation fails the run."},
                 content);
}

std::string repeat_section(const RunResult& result) {
  return section("repeat", {"다시 실행하기", "How to repeat the run"},
                 {"같은 시드는 같은 사람, 같은 업무, 같은 시각을 냅니다.",
                  "The same seed gives the same people, the same work, the same moments."},
                 result.repeat_command.empty()
                     ? nothing({"명령이 결과에 없습니다.", "The result names no command."})
                     : fmt::format("<pre><code>{}</code></pre>\n", escaped(result.repeat_command)));
}

std::string signatures_section() {
  std::string content = "<div class=\"signatures\">\n";
  for (const Text& role :
       {Text{"작성", "Prepared"}, Text{"검토", "Reviewed"}, Text{"승인", "Approved"}}) {
    content += fmt::format("<div><b>{}</b><span>{}</span><span>{}</span><span>{}</span></div>\n",
                           both(role), both("이름", "Name"), both("날짜", "Date"),
                           both("서명", "Signature"));
  }
  return section("signatures", {"서명란", "Signatures"}, {}, content + "</div>\n");
}

}  // namespace claims::report::html
