#include "simulator/scenario/country_load.h"

#include "simulator/scenario/document.h"
#include "simulator/scenario/loading.h"

namespace claims::storm {
namespace {

constexpr std::size_t kKindsMax = 50, kNamesMax = 50;

std::int64_t load_rate(const Cursor& cursor, std::string_view key) {
  const auto member = cursor.required(key, "a rate: \"0.8/s\"");
  const auto text = member ? member->text() : std::nullopt;
  if (!text) return 0;
  const auto rate = parse_rate(*text);
  if (!rate) member->error(rate.error());
  return rate ? *rate : 0;
}

}  // namespace

CountryFigures load_country(const Cursor& root) {
  CountryFigures country;
  if (!root.is_object()) return country;
  root.allow_only({"$schema", "format", "basis", "kinds"});
  check_schema(root);
  check_format(root, "claimstorm-country/1");
  if (const auto basis = root.required("basis", R"({"ko", "en"})")) {
    country.basis = load_local_text(*basis).value_or(LocalText{});
  }
  const auto member = root.required("kinds", "a list of kinds of work");
  const auto list = member ? member->list(1, kKindsMax) : std::nullopt;
  if (!list) return country;
  for (const Cursor& cursor : *list) {
    if (!cursor.is_object()) continue;
    cursor.allow_only({"kind", "title", "workflows", "mean", "peak"});
    CountryKind kind;
    if (const auto name = cursor.required("kind", "its name")) {
      kind.kind = name->name().value_or("");
    }
    if (const auto title = cursor.required("title", R"({"ko", "en"})")) {
      kind.title = load_local_text(*title).value_or(LocalText{});
    }
    const auto names = cursor.required("workflows", "names of workflows");
    if (const auto elements = names ? names->list(1, kNamesMax) : std::nullopt) {
      for (const Cursor& one : *elements) kind.workflows.push_back(one.name().value_or(""));
    }
    kind.mean_milli = load_rate(cursor, "mean");
    kind.peak_milli = load_rate(cursor, "peak");
    country.kinds.push_back(std::move(kind));
  }
  return country;
}

Result<CountryFigures, std::vector<FileError>> load_country_beside(
    const std::string& scenario_file) {
  CountryFigures country;
  const std::string file = catalogue_file_of(scenario_file, "country.json");
  if (file.empty()) return country;
  auto errors = read_and_load(
      file, {}, [&](const Cursor& root, std::vector<FileError>&) { country = load_country(root); });
  if (!errors.empty()) return errors;
  return country;
}

}  // namespace claims::storm
