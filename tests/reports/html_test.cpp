#include "reports/html.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>

#include "reports/html_text.h"
#include "tests/reports/sample_result.h"

namespace claims::report {
namespace {

using testing::AllOf;
using testing::ElementsAreArray;
using testing::HasSubstr;
using testing::Not;

const std::vector<std::string> kSections{"verdict",    "tested",    "load",      "requirements",
                                         "thresholds", "latency",   "time",      "errors",
                                         "violations", "generator", "resources", "defects",
                                         "service",    "faults",    "repeat",    "signatures"};

std::vector<std::string> sections_of(const std::string& page) {
  std::vector<std::string> found;
  const std::regex pattern("<section id=\"([a-z]+)\"");
  for (std::sregex_iterator it(page.begin(), page.end(), pattern), end; it != end; ++it) {
    found.push_back((*it)[1]);
  }
  return found;
}

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

TEST(ReportHtml, HasEverySectionAlsoWithNothingToShow) {
  EXPECT_THAT(sections_of(report_html(sample_result())), ElementsAreArray(kSections));
  const std::string empty = report_html(RunResult{});
  EXPECT_THAT(sections_of(empty), ElementsAreArray(kSections));
  for (const char* sentence :
       {"cites no requirement clause", "sets no threshold", "No sample was taken in a hold phase",
        "No error reply came in this run", "No checker counted", "No fault was injected",
        "no list of defects", "has no service level", "names no command", "no record by second"}) {
    EXPECT_THAT(empty, HasSubstr(sentence));
  }
}

TEST(ReportHtml, SpeaksBothLanguages) {
  const std::string page = report_html(sample_result());
  for (const char* words :
       {"<span lang=\"ko\">불합격</span><span lang=\"en\">Fail</span>", "위반 1건", "1 violation",
        "남의 방 &lt;메시지&gt;를 보았다", "saw a &lt;message&gt; of a foreign room",
        "요구사항추적표", "Requirement traceability", "서명란", "Signatures"}) {
    EXPECT_THAT(page, HasSubstr(words));
  }
  EXPECT_EQ(count_of(page, "lang=\"ko\">"), count_of(page, "lang=\"en\">") + 1)
      << "the page's own, and each text in both";
}

TEST(ReportHtml, HostileTextStaysText) {
  const std::string hostile = "\"><script>alert('x')</script><img src=x onerror=y>&amp;\x01\xff";
  RunResult result = sample_result();
  const Text text{hostile, hostile};
  result.title = text;
  result.reasons = result.faults = {text};
  result.stories = {{hostile, text}};
  result.scenario_file = result.target = result.repeat_command = result.started_at = hostile;
  result.environment = {{hostile, hostile}};
  result.violations[hostile] = 1;
  result.steps_ms[hostile] = result.latency_ms[hostile] = sample_latency(20, 1);
  result.thresholds[0].metric = result.thresholds[0].limit = hostile;
  result.requirements[0] = {hostile, hostile, ClauseStatus::fail, text, text};
  result.errors[0].code = hostile;
  result.errors[0].message = result.load.basis = text;
  result.defects[0].id = hostile;
  result.defects[0].title = result.defects[0].evidence = text;
  result.workflows[0].name = hostile;
  result.workflows[0].title = result.load.country[0].title = text;
  result.phases[1].name = result.phases[0].kind = hostile;
  result.service = sample_service();
  result.service->architecture = result.service->credits[0].schedule = hostile;
  result.service->credits[0].title = text;
  result.simulation = sample_simulation();
  result.simulation->trace_hash = hostile;
  const std::string page = report_html(result);
  EXPECT_EQ(count_of(page, "<script"), 1U) << "the page's own";
  EXPECT_THAT(page, Not(HasSubstr("<img")));
  EXPECT_THAT(page, Not(HasSubstr("\x01")));
  EXPECT_THAT(page, Not(HasSubstr("\xff")));
  EXPECT_THAT(page, HasSubstr("&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;"));
  EXPECT_THAT(page, HasSubstr("&amp;amp;\xEF\xBF\xBD"));
}

TEST(ReportHtml, NeedsNothingFromElsewhereAndAllowsNothing) {
  const std::string page = report_html(sample_result());
  EXPECT_FALSE(std::regex_search(page, std::regex("(src|href)=\"(?!#)|url\\(|@import")));
  EXPECT_FALSE(std::regex_search(page, std::regex(" style=\"| on[a-z]+=\"")));
  EXPECT_TRUE(std::regex_search(
      page, std::regex("default-src 'none'; style-src 'sha256-[A-Za-z0-9+/]{43}='; "
                       "script-src 'sha256-[A-Za-z0-9+/]{43}='")));
}

TEST(ReportHtml, ComparesWithTheCountryAndMarksEstimates) {
  const std::string page = report_html(sample_result());
  EXPECT_THAT(page, HasSubstr("62.5 × <abbr class=\"estimate\""));
  EXPECT_THAT(page, HasSubstr("2026-11-22 18:00:00 KST (09:00:00 UTC)"));
  EXPECT_THAT(page, HasSubstr("back at 1000 ms or less at most 7.5 s after a fault"));
  EXPECT_THAT(page, HasSubstr("<b>17.75 ms</b>")) << "the maximum over all error replies";
}

TEST(ReportHtml, HoldsErrorRepliesToASecondOnlyWhereThatCounts) {
  RunResult result = sample_result();
  result.errors.push_back({"unknown_room", 1, 5'120, 5'120, {}});
  result.thresholds = {{"recovery.max_s", "<= 30", 4.0, true, false}};
  EXPECT_THAT(report_html(result), AllOf(HasSubstr("with faults the limit of 1 second does not "
                                                   "count, recovery.max_s &lt;= 30 does"),
                                         HasSubstr("1초가 아니라 recovery.max_s &lt;= 30이(가)"),
                                         Not(HasSubstr("above 1 second"))));
  result.faults.clear();
  EXPECT_THAT(report_html(result),
              AllOf(HasSubstr("above 1 second"), Not(HasSubstr("with faults the limit"))));
}

TEST(ReportHtml, OfAMonthHasDaysAndLowRates) {
  RunResult result = sample_result();
  result.duration_s = 30 * 86'400;
  result.workflows[0].target_rate = 0.000321;
  const std::string page = report_html(result);
  EXPECT_THAT(page, HasSubstr("30일"));
  EXPECT_THAT(page, HasSubstr("0.00032"));
}

TEST(ReportHtml, ShowsTheServiceLevelWithGradesAndCredits) {
  RunResult result = sample_result();
  result.service = sample_service();
  const std::string page = report_html(result);
  for (const char* words :
       {"<b>99.500 %</b>", "29일 22시간", "29 d 22 h", "4등급", "grade 4", "1등급", "grade 1",
        "1시간 12분", "1 h 12 min", "목표 초과", "goal 1 h (single)", "General (99.9 %)",
        "<code>strict</code>", "20 %", "45 min", "2 h 30 min"}) {
    EXPECT_THAT(page, HasSubstr(words));
  }
  EXPECT_THAT(page, Not(HasSubstr("has no service level")));
  EXPECT_EQ(count_of(page, "lang=\"ko\">"), count_of(page, "lang=\"en\">") + 1);
}

TEST(ReportHtml, ShowsOnlySoManyOutagesAndSaysHowManyMore) {
  RunResult result = sample_result();
  result.service = sample_service();
  result.service->outage_count = 1'234;
  result.service->outages.assign(1'000, {10, 20, 10, 4});
  const std::string page = report_html(result);
  EXPECT_EQ(count_of(page, ">grade 4<"), 100U);
  EXPECT_THAT(page, HasSubstr("and 1,134 more"));
}

TEST(ReportHtml, ShowsHowARunInVirtualTimeWasPlayed) {
  RunResult result = sample_result();
  EXPECT_THAT(report_html(result), Not(HasSubstr("virtual time")));
  result.simulation = sample_simulation();
  const std::string page = report_html(result);
  for (const char* words :
       {"<code>0123456789abcdef", "가상 시간", "Played in virtual time", "12,345,678"}) {
    EXPECT_THAT(page, HasSubstr(words));
  }
}

TEST(ReportHtml, ClosedArrivalsAreNotComparedWithATarget) {
  RunResult result = sample_result();
  result.workflows[0].target_rate = result.workflows[0].achieved_rate = 0;
  result.target_rate = result.achieved_rate = 0;
  result.load.country[0].target_rate = 0;
  result.workflows[0].closed_at_a_time = result.closed_at_a_time = 20;
  result.workflows[0].closed_rate = result.closed_rate = 12.5;
  const std::string closed = report_html(result);
  EXPECT_THAT(closed, HasSubstr("closed, 20 at a time"));
  EXPECT_THAT(closed, HasSubstr("닫힘, 한 번에 20건"));
  EXPECT_THAT(closed, HasSubstr("12.50"));
  EXPECT_THAT(closed, HasSubstr("Closed arrivals keep a number of workflows open"));
  EXPECT_THAT(closed, Not(HasSubstr("target (mean)")));
  EXPECT_THAT(closed, Not(HasSubstr(">0.0 ×"))) << "no multiple of the country's peak";
  const std::string open = report_html(sample_result());
  EXPECT_THAT(open, HasSubstr("target (mean) 50"));
  EXPECT_THAT(open, Not(HasSubstr("at a time")));
}

TEST(HtmlText, NumbersHaveSeparatorsAndOneRounding) {
  EXPECT_EQ(html::whole(0), "0");
  EXPECT_EQ(html::whole(999), "999");
  EXPECT_EQ(html::whole(1'234'567), "1,234,567");
  EXPECT_EQ(html::decimal(-1234.5, 2), "-1,234.50");
  EXPECT_EQ(html::milliseconds(0.004), "0.00");
  EXPECT_EQ(html::milliseconds(999.994), "999.99");
  EXPECT_EQ(html::milliseconds(999.996), "1,000");
  EXPECT_EQ(html::milliseconds(23'207.4), "23,207");
  EXPECT_EQ(html::milliseconds(std::nullopt), html::missing());
  EXPECT_EQ(html::multiple(62.5), "62.5 ×");
  EXPECT_EQ(html::multiple(1'250), "1,250 ×");
}

TEST(HtmlText, OneLanguageStandsForTheOther) {
  EXPECT_EQ(html::both("", "only"), "only");
  EXPECT_EQ(html::both("p99", "p99"), "p99");
  EXPECT_EQ(html::both("가", "a"), "<span lang=\"ko\">가</span><span lang=\"en\">a</span>");
}

TEST(HtmlText, BrokenUtf8BecomesReplacementCharacters) {
  EXPECT_EQ(html::escaped("가\xEA\xB0 b"), "가\xEF\xBF\xBD\xEF\xBF\xBD b");
  EXPECT_EQ(html::escaped("\xC0\x80\xED\xA0\x80"),
            "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
  EXPECT_EQ(html::escaped("a\nb\tc\x7f"), "a\nb\tc");
}

}  // namespace
}  // namespace claims::report
