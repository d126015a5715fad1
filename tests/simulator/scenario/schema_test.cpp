// The JSON schemas that editors use: the files that ship follow them, and what a schema can say it
// says as the loader does.

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

#include "tests/simulator/scenario/draft.h"

namespace claims::storm {
namespace {

using nlohmann::json;
using testing::Draft;
using testing::errors_of_text;
using ::testing::IsEmpty;
using ::testing::Not;

const std::filesystem::path kScenarios = std::filesystem::path(CLAIMS_SOURCE_DIR) / "scenarios";

json read(const std::filesystem::path& file) {
  std::ifstream in(file);
  return json::parse(in);
}

/// What the schema of that name says against a document; empty: nothing.
std::string schema_error(const std::string& name, const json& document) {
  static std::map<std::string, valijson::Schema> schemas;
  if (!schemas.contains(name)) {
    const json text = read(kScenarios / "schema" / (name + ".schema.json"));
    valijson::SchemaParser(valijson::SchemaParser::kDraft7)
        .populateSchema(valijson::adapters::NlohmannJsonAdapter(text), schemas[name]);
  }
  valijson::ValidationResults results;
  valijson::Validator validator;
  if (validator.validate(schemas[name], valijson::adapters::NlohmannJsonAdapter(document),
                         &results))
    return {};
  std::string all = "refused";
  valijson::ValidationResults::Error error;
  while (results.popError(error)) {
    all += "; ";
    for (const std::string& part : error.context) all += part;
    all += ": " + error.description;
  }
  return all;
}

TEST(Schema, EveryFileThatShipsNamesItsSchemaAndFollowsIt) {
  int files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(kScenarios)) {
    const auto folder = entry.path().parent_path();
    if (entry.path().extension() != ".json" || folder.filename() == "schema") continue;
    const json document = read(entry.path());
    const std::string format = document.at("format");
    const std::string kind = format.substr(11, format.find('/') - 11);  // claimstorm-<kind>/1
    ASSERT_TRUE(document.contains("$schema")) << entry.path();
    EXPECT_TRUE(std::filesystem::equivalent(folder / document.at("$schema").get<std::string>(),
                                            kScenarios / "schema" / (kind + ".schema.json")))
        << entry.path();
    EXPECT_EQ(schema_error(kind, document), "") << entry.path();
    ++files;
  }
  EXPECT_GE(files, 8);
}

/// A scenario with everything of the language in it.
json everything() {
  json document = json::parse(Draft().text());
  document["$schema"] = "schema/scenario.schema.json";
  document["population"] = {{"insurers", 2}, {"adjusters", 40}, {"garages", 40}};
  document["phases"] =
      json::parse(R"([{"ramp": "1s", "from": "0 %", "to": "100 %"}, {"hold": "1s", "at": "50.5 %"},
      {"spike": "1s", "at": "300 %", "name": "s"}, {"curve": "24h", "points": [["00:00", "5 %"], ["9h", "60 %"]], "times": 3}])");
  document["arrivals"] =
      json::parse(R"([{"rate": "50/s", "mix": {"w": 2.5}}, {"workflow": "w", "count": 3},
      {"workflow": "w", "rate": "30/min"}, {"workflow": "w", "concurrent": 5, "pause": "0s"}])");
  document["variants"] = json::parse(R"({"scale": {"x3": {"time_scale": 3, "drain": null}}})");
  document["thresholds"] = json::parse(R"([{"metric": "delivery.p99_ms", "limit": "<= 1000"},
      {"metric": "recovery.max_s", "limit": "<= 30", "delivery_p99_ms": 500}])");
  document["drain"] = "5s";
  document["service"] =
      json::parse(R"({"architecture": "redundant", "maintenance": [{"at": "3h", "lasts": "2h"}]})");
  document["liveness"] = "60s";
  document["faults"] = json::parse(
      R"([{"fault": "crash", "at": "20s", "lasts": "100ms..2s"}, {"fault": "disk_fails", "every": "1s", "from": "1s", "until": "9s"},
      {"fault": "cut", "every": "2s..10s", "users": "1..3"}, {"fault": "takeover", "at": "12345678us", "users": ["g-001"]},
      {"fault": "clog", "at": "1s", "lasts": "1s", "users": "10 %", "direction": "to_user", "rate": "500..2000"},
      {"fault": "latency", "at": "1s", "lasts": "1s", "users": "all", "adds": "1ms..2ms"}, {"fault": "repeat", "at": "1s", "users": 3, "after": "0ms..3s"},
      {"fault": "clock_jump", "at": "1s", "by": "-30s..30s"}, {"fault": "clock_drift", "at": "1s", "lasts": "1s", "ppm": "-200..200"}])");
  json& workflow = document["workflows"][0];
  workflow["roles"] = json::parse(
      R"({"adjuster": {"is": "adjuster"}, "insurer": {"is": "insurer", "of": "adjuster"},
      "rival": {"is": "adjuster", "other_insurer_than": "adjuster"}, "garage": {"is": "garage"},
      "garages": {"is": "garage", "count": "3..5", "other_than": "garage"}})");
  workflow["let"] = json::parse(R"({"receipt": "${gen.receipt}", "n": 5, "yes": true,
      "targets": {"for_each": "g", "in": "garages", "give": {"garage": "${g.id}"}}})");
  workflow["steps"] = json::parse(R"json([
      {"role": "insurer", "send": {"type": "t", "a": [1, {"b": "${receipt}"}]}, "save": {"x": "${reply.result}"}, "note": "n"},
      {"role": "garage", "after": {"role": "insurer", "step": "t", "learn": ["x"]}, "think": {"median": "8m", "p90": "45m", "most": "2h"}},
      {"role": "garage", "think": "5s..20s"},
      {"role": "garage", "send": {"type": "u"}, "expect": {"error": ["illegal_step", "not_permitted"]}},
      {"role": "garage", "send_raw": "{", "expect": {"error": "malformed_json"}},
      {"role": "garage", "await": {"type": "v", "body.text": "${receipt}", "seq": 5}, "within": "1s", "save": {"e": "${event.room}"}},
      {"role": "garage", "assert": "1 == 1", "says": {"ko": "가", "en": "a"}},
      {"role": "garage", "repeat": {"times": "2..4", "as": "i", "while": "i < 3"}, "steps": [
        {"choose": [{"weight": 3, "steps": [{"think": "1s"}]}, {"weight": 1, "steps": [{"think": "2s"}]}]},
        {"choose": [{"when": "i == 1", "steps": [{"think": "1s"}]}, {"otherwise": true, "steps": [{"send": {"type": "z"}}]}]}]},
      {"role": "garage", "pause": "2s"},
      {"role": "garage", "subscribe": {"topic": "a/#", "qos": 0, "retain_handling": 1, "retain_as_published": true}},
      {"role": "garage", "publish": {"topic": "a/b", "text": "${receipt}", "qos": 1, "retain": true, "expiry": "60s"}},
      {"role": "garage", "receive": {"topic": "a/b", "text": "${receipt}", "retained": false}, "within": "1s"},
      {"role": "garage", "receive_none": {"topic": "a/b"}, "within": "1s"},
      {"role": "garage", "unsubscribe": {"topic": "a/#"}},
      {"role": "garage", "away": "1s"}
      ])json");
  return document;
}

TEST(Schema, TheWholeLanguageIsValidForBoth) {
  EXPECT_EQ(schema_error("scenario", everything()), "");
  EXPECT_THAT(errors_of_text(everything().dump(1)), IsEmpty());
  json workflow = everything()["workflows"][0];
  workflow["format"] = "claimstorm-workflow/1";
  workflow["$schema"] = "../schema/workflow.schema.json";
  EXPECT_EQ(schema_error("workflow", workflow), "");
}

struct Wrong {
  const char* where;  ///< JSON pointer.
  const char* value;  ///< JSON that is put there; empty: what stands there is taken away.
};

class SchemaAndLoader : public ::testing::TestWithParam<Wrong> {};

TEST_P(SchemaAndLoader, RefuseTheSame) {
  json document = everything();
  const json::json_pointer where(GetParam().where);
  if (*GetParam().value != '\0') {
    document[where] = json::parse(GetParam().value);
  } else {
    document[where.parent_pointer()].erase(where.back());
  }
  EXPECT_NE(schema_error("scenario", document), "");
  EXPECT_THAT(errors_of_text(document.dump(1)), Not(IsEmpty()));
}

INSTANTIATE_TEST_SUITE_P(
    Files, SchemaAndLoader,
    ::testing::Values(
        Wrong{"/name", ""}, Wrong{"/name", "\"a b\""}, Wrong{"/title/en", "\"\""},
        Wrong{"/titel", "1"}, Wrong{"/format", "\"claimstorm-scenario/2\""},
        Wrong{"/population/insurers", "44"}, Wrong{"/population/garages", "\"4\""},
        Wrong{"/time_scale", "0"}, Wrong{"/time_scale", "1.5"}, Wrong{"/mqtt", "\"4\""},
        Wrong{"/drain", "\"5 weeks\""}, Wrong{"/contract", "\"mine\""},
        Wrong{"/thresholds/0/limit", "\"1000\""}, Wrong{"/thresholds/0/metrik", "1"},
        Wrong{"/thresholds/0/delivery_p99_ms", "500"}, Wrong{"/thresholds/1/delivery_p99_ms", "0"},
        Wrong{"/liveness", "60"}, Wrong{"/faults/0/fault", "\"crush\""},
        Wrong{"/faults/0/fault", ""}, Wrong{"/faults/0/at", ""}, Wrong{"/faults/0/every", "\"1s\""},
        Wrong{"/faults/0/from", "\"1s\""}, Wrong{"/faults/0/lasts", ""},
        Wrong{"/faults/0/users", "\"1\""}, Wrong{"/faults/0/lasts", "\"1s..\""},
        Wrong{"/faults/1/lasts", "\"1s\""}, Wrong{"/faults/2/users", ""},
        Wrong{"/faults/2/users", "\"some\""}, Wrong{"/faults/2/users", "0"},
        Wrong{"/faults/3/users", "[]"}, Wrong{"/faults/3/users/1", "\"g-001\""},
        Wrong{"/faults/3/direction", "\"both\""}, Wrong{"/faults/4/direction", "\"up\""},
        Wrong{"/faults/4/rate", ""}, Wrong{"/faults/4/rate", "\"-5\""},
        Wrong{"/faults/5/adds", "\"-1ms\""}, Wrong{"/faults/6/after", ""},
        Wrong{"/faults/7/by", "\"30\""}, Wrong{"/faults/8/ppm", "\"5s\""},
        Wrong{"/phases/0/at", "\"5 %\""}, Wrong{"/phases/0/to", ""},
        Wrong{"/phases/1/hold", "\"x\""}, Wrong{"/phases/2/at", ""},
        Wrong{"/phases/3/points", "[]"}, Wrong{"/phases/3/points/0/0", "\"24:60\""},
        Wrong{"/phases/3/times", "0"}, Wrong{"/phases/3/times", "367"},
        Wrong{"/phases/1/times", "2"}, Wrong{"/service/architecture", "\"cloud\""},
        Wrong{"/service/maintenance/0/at", ""}, Wrong{"/service/maintenance/0/lasts", "\"x\""},
        Wrong{"/service/credit", "1"}, Wrong{"/arrivals/0/mix/w", "0"},
        Wrong{"/arrivals/0/workflow", "\"w\""}, Wrong{"/arrivals/1/rate", "\"1/s\""},
        Wrong{"/arrivals/2/rate", "\"fast\""}, Wrong{"/arrivals/3/concurrent", "0"},
        Wrong{"/arrivals/2/pause", "\"1s\""}, Wrong{"/variants/scale/x3/time_scal", "3"},
        Wrong{"/variants/scale", "{}"}, Wrong{"/variants/a b", "{\"x\": {}}"},
        Wrong{"/workflows/0/roles/garage/is", "\"mechanic\""},
        Wrong{"/workflows/0/roles/Garage", "{\"is\": \"garage\"}"},
        Wrong{"/workflows/0/roles/garages/count", "101"},
        Wrong{"/workflows/0/roles/rival/of", "\"adjuster\""}, Wrong{"/workflows/0/let/Ä", "1"},
        Wrong{"/workflows/0/let/targets/give", ""}, Wrong{"/workflows/0/let/targets/if", "true"},
        Wrong{"/workflows/0/steps", "[]"}, Wrong{"/workflows/0/steps/0/role", ""},
        Wrong{"/workflows/0/steps/0/send/type", ""},
        Wrong{"/workflows/0/steps/0/send/id", "\"1.1\""},
        Wrong{"/workflows/0/steps/0/think", "\"1s\""},
        Wrong{"/workflows/0/steps/0/within", "\"1s\""}, Wrong{"/workflows/0/steps/0/sned", "{}"},
        Wrong{"/workflows/0/steps/1/after/step", ""}, Wrong{"/workflows/0/steps/1/think/p90", ""},
        Wrong{"/workflows/0/steps/1/save", "{}"}, Wrong{"/workflows/0/steps/2/think", "5"},
        Wrong{"/workflows/0/steps/2/proves", "[\"CPC-003/one-room\"]"},
        Wrong{"/workflows/0/steps/3/expect/error", "\"Bad!\""},
        Wrong{"/workflows/0/steps/4/expect", ""}, Wrong{"/workflows/0/steps/4/send_raw", "{}"},
        Wrong{"/workflows/0/steps/5/await/body.text", "[1]"},
        Wrong{"/workflows/0/steps/6/says", ""}, Wrong{"/workflows/0/steps/6/assert", "true"},
        Wrong{"/workflows/0/steps/7/repeat/times", "1001"},
        Wrong{"/workflows/0/steps/7/repeat/times", ""},
        Wrong{"/workflows/0/steps/7/repeat/until", "\"i > 1\""},
        Wrong{"/workflows/0/steps/7/steps", ""},
        Wrong{"/workflows/0/steps/7/steps/0/role", "\"garage\""},
        Wrong{"/workflows/0/steps/7/steps/0/choose/0/weight", "0"},
        Wrong{"/workflows/0/steps/7/steps/0/choose/0/when", "\"true\""},
        Wrong{"/workflows/0/steps/7/steps/1/choose/1/otherwise", "false"},
        Wrong{"/workflows/0/steps/7/steps/1/choose/1/steps", "[]"},
        Wrong{"/workflows/0/steps/8/pause", "\"1s..2s\""}, Wrong{"/workflows/0/steps/8/save", "{}"},
        Wrong{"/workflows/0/steps/9/subscribe/qos", "2"},
        Wrong{"/workflows/0/steps/9/subscribe/topic", "\"\""},
        Wrong{"/workflows/0/steps/9/subscribe/retained", "true"},
        Wrong{"/workflows/0/steps/10/publish/text", ""},
        Wrong{"/workflows/0/steps/10/publish/retain", "1"},
        Wrong{"/workflows/0/steps/10/publish/expiry", "60"},
        Wrong{"/workflows/0/steps/11/receive/topic", ""}, Wrong{"/workflows/0/steps/12/within", ""},
        Wrong{"/workflows/0/steps/13/unsubscribe/qos", "1"},
        Wrong{"/workflows/0/steps/14/away", "true"},
        Wrong{"/workflows/0/steps/14/within", "\"1s\""}));

}  // namespace
}  // namespace claims::storm
