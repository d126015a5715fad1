#include "reports/junit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/reports/sample_result.h"

namespace claims::report {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Junit, AViolationFailsItsCheckerWithItsStoryEscaped) {
  const std::string xml = junit_xml(sample_result());
  EXPECT_THAT(xml, HasSubstr("<testsuite name=\"checkers\" tests=\"2\" failures=\"1\""));
  EXPECT_THAT(xml, HasSubstr("saw a &lt;message&gt; of a foreign room"));
  EXPECT_THAT(xml, Not(HasSubstr("<message>")));
}

TEST(Junit, ThresholdsClausesAndDefectsAreCases) {
  const std::string xml = junit_xml(sample_result());
  EXPECT_THAT(xml, HasSubstr("<testsuite name=\"defects\" tests=\"2\" failures=\"0\" "
                             "errors=\"0\" skipped=\"1\""));
  EXPECT_THAT(xml, HasSubstr("<testsuite name=\"thresholds\" tests=\"3\" failures=\"1\" "
                             "errors=\"0\" skipped=\"1\""));
  EXPECT_THAT(xml, HasSubstr("<testsuite name=\"requirements\" tests=\"3\" failures=\"1\" "
                             "errors=\"0\" skipped=\"1\""));
  EXPECT_THAT(xml, HasSubstr("step 3 &quot;failed&quot;"));
}

TEST(Junit, TraceHashAndServiceLevelAreProperties) {
  RunResult result = sample_result();
  EXPECT_THAT(junit_xml(result), Not(HasSubstr("<properties>")));
  result.service = sample_service();
  result.simulation = sample_simulation();
  result.simulation->trace_hash = "<hash>";
  const std::string xml = junit_xml(result);
  for (const char* part :
       {R"(<testsuite name="verdict")", R"(<property name="trace_hash" value="&lt;hash&gt;"/>)",
        R"(name="service.availability_percent" value="99.500")",
        R"(name="service.credit_percent.strict" value="20")"}) {
    EXPECT_THAT(xml, HasSubstr(part));
  }
}

TEST(Junit, APassingRunHasNoFailure) {
  RunResult result;
  result.verdict = Verdict::pass;
  result.violations = {{"agreement", 0}};
  EXPECT_THAT(junit_xml(result), Not(HasSubstr("<failure")));
}

}  // namespace
}  // namespace claims::report
