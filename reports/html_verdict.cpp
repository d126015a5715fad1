// What the run came to, and what was tested on what.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>

#include "reports/duration_text.h"
#include "reports/html_sections.h"
#include "reports/html_text.h"

namespace claims::report::html {
namespace {

constexpr double kHour = 3'600;

std::string_view style_of(Verdict verdict) {
  return verdict == Verdict::pass ? "pass" : verdict == Verdict::fail ? "fail" : "invalid";
}

/// Told apart by its shape as well: a tick, a cross, an exclamation mark.
std::string_view mark_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass:
      return "M14 25l7 7 14-16";
    case Verdict::fail:
      return "M16 16l16 16M32 16L16 32";
    case Verdict::invalid:
      break;
  }
  return "M24 13v14M24 34v1";
}

Text meaning_of(const RunResult& result) {
  switch (result.verdict) {
    case Verdict::pass:
      return {"위반이 없고, 모든 기준을 충족했으며, 부하 발생기는 한계에 이르지 않았습니다.",
              "Nothing was violated, every threshold was met, and the generator was never the "
              "limit."};
    case Verdict::fail:
      return {"위반이 있었거나 기준에 미치지 못했습니다.",
              "Something was violated, or a threshold was missed."};
    case Verdict::invalid:
      break;
  }
  return {"이 실행은 서버에 대해 아무것도 증명하지 못합니다. 다시 실행해야 합니다.",
          "This run proves nothing about the server. It has to be repeated."};
}

std::string tile(const Text& name, std::string_view value, const Text& note) {
  return fmt::format(
      "<li><span class=\"name\">{}</span><span class=\"value\">{}</span><span "
      "class=\"note\">{}</span></li>\n",
      both(name), value, both(note));
}

const Latency* figure_of(const RunResult& result, const char* figure) {
  const auto found = result.latency_ms.find(figure);
  return found == result.latency_ms.end() || found->second.count == 0 ? nullptr : &found->second;
}

std::string tiles(const RunResult& result) {
  std::string out = "<ul class=\"tiles\">\n";
  out += tile({"위반", "Violations"}, whole(result.violations_total),
              {fmt::format("전달 {}건 확인", whole(result.counts.deliveries)),
               fmt::format("in {} deliveries checked", whole(result.counts.deliveries))});
  out += tile({"완료한 업무", "Workflows completed"}, whole(result.counts.workflows_completed),
              {fmt::format("시작 {}건", whole(result.counts.workflows_started)),
               fmt::format("of {} started", whole(result.counts.workflows_started))});
  if (const Latency* delivery = figure_of(result, "delivery")) {
    // With few samples there is no p99; the maximum always is.
    const bool guarded = delivery->p99.has_value();
    out += tile(guarded ? Text{"전달 99 %", "Delivery, 99 %"} : Text{"전달 최대", "Delivery, max"},
                milliseconds(guarded ? delivery->p99 : delivery->max) + " ms",
                {fmt::format("표본 {}개", whole(delivery->count)),
                 fmt::format("{} samples", whole(delivery->count))});
  }
  std::size_t clauses = 0, passed = 0;
  for (const Requirement& one : result.requirements) {
    if (one.clause.empty()) continue;
    ++clauses;
    if (one.status == ClauseStatus::pass) ++passed;
  }
  if (clauses > 0) {
    out += tile({"적합 조항", "Clauses passed"}, whole(passed),
                {fmt::format("인용된 조항 {}개 중", whole(clauses)),
                 fmt::format("of {} cited", whole(clauses))});
  }
  return out + "</ul>\n";
}

/// "2026-11-22 18:00:00 KST (09:00:00 UTC)" of "2026-11-22T09:00:00Z"; what is none stays as it is.
std::string local_time(const std::string& iso) {
  int year = 0;
  unsigned month = 0, day = 0, hour = 0, minute = 0, second = 0;
  if (std::sscanf(iso.c_str(), "%4d-%2u-%2uT%2u:%2u:%2uZ", &year, &month, &day, &hour, &minute,
                  &second) != 6) {
    return escaped(iso);
  }
  using namespace std::chrono;
  const year_month_day date{std::chrono::year(year), std::chrono::month(month),
                            std::chrono::day(day)};
  if (!date.ok() || hour > 23 || minute > 59 || second > 60) return escaped(iso);
  constexpr hours kKorea{9};
  const auto there = sys_days(date) + hours(hour) + kKorea;
  const auto day_there = floor<days>(there);
  const year_month_day date_there{day_there};
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02} KST ({:02}:{:02}:{:02} UTC)",
                     static_cast<int>(date_there.year()), static_cast<unsigned>(date_there.month()),
                     static_cast<unsigned>(date_there.day()), (there - day_there).count(), minute,
                     second, hour, minute, second);
}

std::string fact(const Text& name, std::string_view value) {
  return fmt::format("<div><dt>{}</dt><dd>{}</dd></div>\n", both(name),
                     value.empty() ? missing() : std::string(value));
}

Text name_of_environment(const std::string& key) {
  struct Name {
    std::string_view key, ko, en;
  };
  constexpr std::array<Name, 6> kNames{{{"client", "MQTT 클라이언트", "MQTT client"},
                                        {"cores", "코어", "Cores"},
                                        {"memory", "메모리", "Memory"},
                                        {"kernel", "커널", "Kernel"},
                                        {"compiler", "컴파일러", "Compiler"},
                                        {"version", "claimstorm 버전", "claimstorm version"}}};
  for (const Name& name : kNames) {
    if (name.key == key) return {std::string(name.ko), std::string(name.en)};
  }
  return {key, key};
}

}  // namespace

std::string verdict_header(const RunResult& result) {
  std::string reasons;
  for (const Text& reason : result.reasons) {
    reasons += fmt::format("<li>{}</li>\n", both(reason));
  }
  if (!reasons.empty()) reasons = "<ul class=\"reasons\">\n" + reasons + "</ul>\n";
  const std::string early =
      result.ended_early
          ? fmt::format("<p class=\"early\">{}</p>\n",
                        both("실행을 도중에 끝냈습니다.", "The run was ended early."))
          : "";
  return fmt::format(
      "<section id=\"verdict\" class=\"verdict {0}\" aria-labelledby=\"verdict-heading\">\n"
      "<p class=\"kicker\">{1}</p>\n<p class=\"title\">{2}</p>\n"
      "<div class=\"word\"><svg viewBox=\"0 0 48 48\" aria-hidden=\"true\"><circle cx=\"24\" "
      "cy=\"24\" r=\"22\"/><path d=\"{3}\"/></svg><h1 id=\"verdict-heading\"><span "
      "class=\"quiet\">{4}</span>{5}</h1></div>\n<p "
      "class=\"meaning\">{6}</p>\n{7}{8}{9}</section>\n",
      style_of(result.verdict), both("성능·인수 시험 보고서", "Performance and acceptance report"),
      both(result.title), mark_of(result.verdict), both("판정", "Verdict"),
      both(word_of(result.verdict)), both(meaning_of(result)), reasons, early, tiles(result));
}

std::string tested_section(const RunResult& result) {
  std::string facts = "<dl class=\"facts\">\n";
  facts += fact(
      {"시나리오", "Scenario"},
      fmt::format("{} <code>{}</code>", both(result.title),
                  escaped(result.scenario_file.empty() ? result.scenario : result.scenario_file)));
  facts += fact({"시험 대상", "Target"}, fmt::format("<code>{}</code>", escaped(result.target)));
  facts += fact({"시작", "Started"}, local_time(result.started_at));
  facts += fact({"시드", "Seed"}, fmt::format("<code>{}</code>", result.seed));
  facts += fact({"사용자", "Users"}, whole(result.users));
  facts += fact({"유지 구간", "Hold phases"},
                result.duration_s > 0
                    ? (result.duration_s < kHour
                           ? fmt::format("{} {}", decimal(result.duration_s, 1), both("초", "s"))
                           : both(duration_text(result.duration_s)))
                    : both("없음 (그 전에 끝남)", "none (ended before)"));
  facts += fact(
      {"시간 배율", "Time scale"},
      fmt::format("{} <span class=\"note\">{}</span>",
                  whole(static_cast<std::uint64_t>(std::max<std::int64_t>(0, result.time_scale))),
                  both("생각하는 시간만 이만큼 나눔", "divides think times only")));
  for (const auto& [key, value] : result.environment) {
    facts += fact(name_of_environment(key), escaped(value));
  }
  facts += "</dl>\n";
  return section(
      "tested", {"시험 대상과 환경", "What was tested, on what"},
      {"수치는 이 환경에서만 비교할 수 있습니다. 서버가 내장(embedded)이면 발생기와 같은 "
       "기계를 나누어 씁니다.",
       "Figures compare within this environment only. An embedded server shares the "
       "machine with the generator."},
      facts);
}

}  // namespace claims::report::html
