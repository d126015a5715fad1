#include "reports/json.h"

#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <vector>

#include "reports/json_fields.h"

namespace claims::report {
namespace {

using Json = nlohmann::ordered_json;

/// Small numbers are rates: 0.000321 workflows a second are 28 a day.
Json written(double value) {
  const double places = std::fabs(value) < 1 ? 1e6 : 1e3;
  return std::round(value * places) / places;
}
Json written(bool value) {
  return value;
}
Json written(std::uint64_t value) {
  return value;
}
Json written(std::int64_t value) {
  return value;
}
Json written(const std::string& value) {
  return value;
}
Json written(Verdict value) {
  return to_string(value);
}
Json written(ClauseStatus value) {
  return to_string(value);
}

template <class Value>
Json written(const Value& value);
template <class Value>
Json written(const std::optional<Value>& value) {
  return value ? written(*value) : Json(nullptr);
}
template <class Value>
Json written(const std::vector<Value>& values) {
  Json out = Json::array();
  for (const Value& value : values) out.push_back(written(value));
  return out;
}
template <class Value>
Json written(const std::map<std::string, Value>& values) {
  Json out = Json::object();
  for (const auto& [name, value] : values) out[name] = written(value);
  return out;
}
Json written(const json::Violations<const RunResult>& value) {
  Json out = {{"total", value.of.violations_total}};
  for (const auto& [checker, count] : value.of.violations) out[checker] = count;
  return out;
}

struct Writer {
  Json& out;
  void operator()(const char* name, const auto& value, json::Since = json::Since::first) {
    out[name] = written(value);
  }
};

template <class Value>
Json written(const Value& value) {
  Json out = Json::object();
  Writer writer{out};
  json::fields(writer, value);
  return out;
}

}  // namespace

std::string result_json(const RunResult& result) {
  Json out = {{"format", RunResult::kFormat}};
  Writer writer{out};
  json::fields(writer, result);
  return out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace claims::report
