#include "reports/junit.h"

#include <fmt/format.h>

#include <cmath>

namespace claims::report {
namespace {

/// XML 1.0: escaped, and without the control characters that it cannot carry.
std::string escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\n':
        out += "&#10;";
        break;
      default:
        if (static_cast<unsigned char>(c) >= 0x20) out += c;
    }
  }
  return out;
}

struct Suite {
  std::string name, cases, properties;
  int tests = 0, failures = 0, skipped = 0;

  void property(std::string_view key, std::string_view value) {
    properties +=
        fmt::format("      <property name=\"{}\" value=\"{}\"/>\n", escaped(key), escaped(value));
  }
  void pass(std::string_view case_name) {
    ++tests;
    cases += fmt::format("    <testcase classname=\"{}\" name=\"{}\"/>\n", escaped(name),
                         escaped(case_name));
  }
  void with(std::string_view case_name, std::string_view element, std::string_view message) {
    ++tests;
    cases +=
        fmt::format("    <testcase classname=\"{}\" name=\"{}\"><{} message=\"{}\"/></testcase>\n",
                    escaped(name), escaped(case_name), element, escaped(message));
  }
  void fail(std::string_view case_name, std::string_view message) {
    ++failures;
    with(case_name, "failure", message);
  }
  void skip(std::string_view case_name, std::string_view message) {
    ++skipped;
    with(case_name, "skipped", message);
  }
};

std::string first_story(const RunResult& result, const std::string& checker) {
  for (const Story& story : result.stories) {
    if (story.checker == checker) return ": " + story.text.en;
  }
  return {};
}

Suite checkers(const RunResult& result) {
  Suite suite{"checkers", {}, {}};
  for (const auto& [checker, count] : result.violations) {
    if (count == 0) {
      suite.pass(checker);
    } else {
      suite.fail(checker, fmt::format("{} violations{}", count, first_story(result, checker)));
    }
  }
  return suite;
}

Suite thresholds(const RunResult& result) {
  Suite suite{"thresholds", {}, {}};
  for (const Threshold& one : result.thresholds) {
    const std::string name = one.metric + " " + one.limit;
    const std::string value =
        one.value ? fmt::format("was {:.10g}", std::round(*one.value * 1'000) / 1'000)
                  : "has no value";
    if (one.too_few_samples) {
      suite.skip(name, "too few samples");
    } else if (one.ok) {
      suite.pass(name);
    } else {
      suite.fail(name, value);
    }
  }
  return suite;
}

void add_case(Suite& suite, const std::string& name, ClauseStatus status, const Text& evidence) {
  if (status == ClauseStatus::pass) {
    suite.pass(name);
  } else if (status == ClauseStatus::fail) {
    suite.fail(name, evidence.en);
  } else {
    suite.skip(name, evidence.en);
  }
}

Suite requirements(const RunResult& result) {
  Suite suite{"requirements", {}, {}};
  for (const Requirement& one : result.requirements) {
    if (one.clause.empty()) continue;  // The ID as a whole follows from its clauses.
    add_case(suite, one.id + "/" + one.clause, one.status, one.evidence);
  }
  return suite;
}

Suite defects(const RunResult& result) {
  Suite suite{"defects", {}, {}};
  for (const Defect& one : result.defects) {
    add_case(suite, one.id + " " + one.title.en, one.status, one.evidence);
  }
  return suite;
}

/// What a run in virtual time repeats by, and what its customers get back.
void add_properties(const RunResult& result, Suite& suite) {
  if (result.simulation) suite.property("trace_hash", result.simulation->trace_hash);
  if (!result.service) return;
  suite.property("service.availability_percent",
                 fmt::format("{:.3f}", result.service->availability_percent));
  suite.property("service.outages", std::to_string(result.service->outage_count));
  suite.property("service.mean_to_recover_s",
                 fmt::format("{:.3f}", result.service->mean_to_recover_s));
  for (const ServiceCredit& credit : result.service->credits) {
    suite.property("service.credit_percent." + credit.schedule, std::to_string(credit.percent));
  }
}

Suite verdict(const RunResult& result) {
  Suite suite{"verdict", {}, {}};
  add_properties(result, suite);
  std::string why;
  for (const Text& reason : result.reasons) why += (why.empty() ? "" : "; ") + reason.en;
  if (result.verdict == Verdict::pass) {
    suite.pass("verdict");
  } else {
    suite.fail("verdict", fmt::format("{}: {}", to_string(result.verdict), why));
  }
  return suite;
}

}  // namespace

std::string junit_xml(const RunResult& result) {
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  out += fmt::format("<testsuites name=\"claimstorm {}\">\n", escaped(result.scenario));
  for (const Suite& suite : {verdict(result), checkers(result), thresholds(result),
                             requirements(result), defects(result)}) {
    out += fmt::format(
        "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"{}\""
        " timestamp=\"{}\">\n{}{}  </testsuite>\n",
        suite.name, suite.tests, suite.failures, suite.skipped, escaped(result.started_at),
        suite.properties.empty()
            ? ""
            : fmt::format("    <properties>\n{}    </properties>\n", suite.properties),
        suite.cases);
  }
  out += "</testsuites>\n";
  return out;
}

}  // namespace claims::report
