#include "simulator/scenario/service_loader.h"

#include <fmt/format.h>

#include <algorithm>

#include "simulator/limits.h"
#include "simulator/scenario/document.h"
#include "simulator/scenario/loading.h"
#include "simulator/scenario/quantity.h"

namespace claims::storm {
namespace {

constexpr std::size_t kWindowsMax = 100, kSchedulesMax = 20, kBandsMax = 20;
constexpr std::int64_t kWhole = 100'000;  // 100 % in thousandths of a percent.

TimeSpan load_window(const Cursor& cursor) {
  TimeSpan window;
  if (!cursor.is_object()) return window;
  cursor.allow_only({"at", "lasts"});
  const auto load = [&](std::string_view key, Microseconds least, std::string_view example) {
    const auto member = cursor.required(key, example);
    return member ? load_duration(*member, least, limits::kPhasesLengthMax).value_or(least) : least;
  };
  window.begin = load("at", Microseconds(0), R"(since the first phase began: "3d")");
  window.end = window.begin + load("lasts", Microseconds(1'000), R"(how long: "2h")");
  return window;
}

std::vector<TimeSpan> load_maintenance(const Cursor& cursor) {
  std::vector<TimeSpan> windows;
  const auto list = cursor.list(0, kWindowsMax);
  if (!list) return windows;
  for (const Cursor& element : *list) {
    const TimeSpan window = load_window(element);
    if (!windows.empty() && window.begin < windows.back().end) {
      element.error(fmt::format("a window from {}", write_duration(window.begin)),
                    fmt::format("one after the end of the window before, {}",
                                write_duration(windows.back().end)));
    }
    windows.push_back(window);
  }
  return windows;
}

/// "99.95 %" as 99,950.
std::optional<std::int64_t> load_milli_percent(const Cursor& cursor) {
  const auto text = cursor.text();
  if (!text) return std::nullopt;
  std::string number = *text;
  std::erase(number, ' ');
  const bool percent = number.ends_with('%');
  if (percent) number.pop_back();
  const auto milli = parse_weight(number);
  if (percent && milli && *milli <= kWhole) return *milli;
  cursor.error("a share above 0 %, with up to three digits behind the point: 99.95 %");
  return std::nullopt;
}

void load_bands(const Cursor& cursor, CreditSchedule& schedule) {
  const auto list = cursor.list(1, kBandsMax);
  if (!list) return;
  for (const Cursor& element : *list) {
    if (!element.is_object()) continue;
    element.allow_only({"below", "credit"});
    const auto below = element.required("below", R"(an availability: "99.9 %")");
    const auto credit = element.required("credit", R"(a share of the price: "10 %")");
    const auto bound = below ? load_milli_percent(*below) : std::nullopt;
    const auto share = credit ? load_milli_percent(*credit) : std::nullopt;
    if (!bound || !share) continue;
    if (*share % 1'000 != 0) credit->error("whole percents: 10 %");
    const CreditSchedule::Band band{*bound, *share / 1'000};
    if (!schedule.bands.empty() && band.below_milli >= schedule.bands.back().below_milli) {
      below->error("less than that of the band before");
    } else if (!schedule.bands.empty() &&
               band.credit_percent <= schedule.bands.back().credit_percent) {
      credit->error("more than that of the band before");
    }
    schedule.bands.push_back(band);
  }
}

}  // namespace

std::optional<ServiceSpec> load_service(const Cursor& scenario) {
  const auto member = scenario.optional("service");
  if (!member || !member->is_object()) return std::nullopt;
  member->allow_only({"architecture", "maintenance"});
  ServiceSpec spec;
  if (const auto architecture = member->optional("architecture")) {
    const auto text = architecture->text();
    if (text && *text != "single" && *text != "redundant") {
      architecture->error(R"("single" or "redundant")");
    }
    spec.redundant = text == "redundant";
  }
  if (const auto maintenance = member->optional("maintenance")) {
    spec.maintenance = load_maintenance(*maintenance);
  }
  return spec;
}

std::vector<CreditSchedule> load_service_levels(const Cursor& root) {
  std::vector<CreditSchedule> schedules;
  if (!root.is_object()) return schedules;
  root.allow_only({"$schema", "format", "schedules"});
  check_schema(root);
  check_format(root, "claimstorm-service-levels/1");
  const auto member = root.required("schedules", "a list of credit schedules");
  const auto list = member ? member->list(1, kSchedulesMax) : std::nullopt;
  if (!list) return schedules;
  for (const Cursor& cursor : *list) {
    if (!cursor.is_object()) continue;
    cursor.allow_only({"name", "title", "bands"});
    CreditSchedule schedule;
    if (const auto name = cursor.required("name", "its name")) {
      schedule.name = name->name().value_or("");
      const bool known =
          std::any_of(schedules.begin(), schedules.end(),
                      [&](const CreditSchedule& other) { return other.name == schedule.name; });
      if (known) name->error("each name once");
    }
    if (const auto title = cursor.required("title", R"({"ko", "en"})")) {
      schedule.title = load_local_text(*title).value_or(LocalText{});
    }
    if (const auto bands = cursor.required("bands", R"([{"below": "99.9 %", "credit": "10 %"}])")) {
      load_bands(*bands, schedule);
    }
    schedules.push_back(std::move(schedule));
  }
  return schedules;
}

Result<std::vector<CreditSchedule>, std::vector<FileError>> load_service_levels_beside(
    const std::string& scenario_file) {
  std::vector<CreditSchedule> schedules;
  const std::string file = catalogue_file_of(scenario_file, "service-levels.json");
  if (file.empty()) return schedules;
  auto errors = read_and_load(file, {}, [&](const Cursor& root, std::vector<FileError>&) {
    schedules = load_service_levels(root);
  });
  if (!errors.empty()) return errors;
  return schedules;
}

}  // namespace claims::storm
