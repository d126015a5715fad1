#include "simulator/scenario/phase_loader.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "simulator/limits.h"
#include "simulator/scenario/loading.h"
#include "simulator/scenario/quantity.h"

namespace claims::storm {
namespace {

constexpr std::size_t kPhasesMax = 100;
constexpr std::size_t kPointsMax = 100;
constexpr std::int64_t kTimesMax = 366;
constexpr Microseconds kPhaseMax{7LL * 86'400'000'000};

struct Kind {
  std::string_view key;
  std::vector<std::string_view> own;  ///< Keys that belong to it alone or with some others.
};
const std::array<Kind, 4>& kinds() {
  static const std::array<Kind, 4> kKinds = {{{"ramp", {"from", "to"}},
                                              {"hold", {"at"}},
                                              {"spike", {"at"}},
                                              {"curve", {"points", "times"}}}};
  return kKinds;
}

/// An error for each key of another kind of phase.
void forbid_others(const Cursor& cursor, const Kind& kind) {
  for (const std::string_view key : {"from", "to", "at", "points", "times"}) {
    const auto member = cursor.optional(key);
    if (!member || std::find(kind.own.begin(), kind.own.end(), key) != kind.own.end()) continue;
    std::vector<std::string_view> owners;
    for (const Kind& other : kinds()) {
      if (std::find(other.own.begin(), other.own.end(), key) != other.own.end()) {
        owners.push_back(other.key);
      }
    }
    member->error(fmt::format("the key \"{}\"", key),
                  fmt::format("only on a {}", fmt::join(owners, " or ")));
  }
}

struct Point {
  Microseconds at{0};
  std::int64_t permille = 0;
};

std::vector<Point> load_points(const Cursor& cursor, Microseconds length) {
  std::vector<Point> points;
  const auto list = cursor.list(1, kPointsMax);
  for (const Cursor& element : list.value_or(std::vector<Cursor>{})) {
    const auto pair = element.list(2, 2);
    if (!pair) continue;
    const auto at = load_quantity((*pair)[0], parse_time_of_curve);
    const auto share = load_quantity((*pair)[1], parse_percent);
    if (!at || !share) continue;
    if (*at > length) {
      (*pair)[0].error(fmt::format("a time up to the curve's end, {}", write_duration(length)));
    } else if (!points.empty() && *at <= points.back().at) {
      (*pair)[0].error("a time after that of the point before");
    } else {
      points.push_back({*at, *share});
    }
  }
  return points;
}

/// The pieces between the points, as many times as it is played; before the first and after the
/// last it is level.
void add_curve(const Cursor& cursor, const std::string& name, Microseconds length,
               std::vector<Phase>& phases) {
  const auto member =
      cursor.required("points", R"([["00:00", "5 %"], ["09:00", "60 %"], ["11:00", "100 %"]])");
  if (!member) return;
  std::vector<Point> points = load_points(*member, length);
  if (points.empty()) return;
  if (points.front().at.count() > 0) {
    points.insert(points.begin(), {Microseconds(0), points.front().permille});
  }
  if (points.back().at < length) points.push_back({length, points.back().permille});
  const auto times = cursor.optional("times");
  const std::int64_t rounds = times ? times->integer(1, kTimesMax).value_or(1) : 1;
  for (std::int64_t round = 0; round < rounds; ++round) {
    for (std::size_t i = 1; i < points.size(); ++i) {
      phases.push_back({name, true, points[i].at - points[i - 1].at, points[i - 1].permille,
                        points[i].permille});
    }
  }
}

void add_phase(const Cursor& cursor, std::vector<Phase>& phases) {
  if (!cursor.is_object()) return;
  cursor.allow_only(
      {"name", "note", "ramp", "hold", "spike", "curve", "from", "to", "at", "points", "times"});
  std::vector<const Kind*> found;
  for (const Kind& kind : kinds()) {
    if (cursor.optional(kind.key)) found.push_back(&kind);
  }
  if (found.size() != 1) {
    std::vector<std::string_view> keys;
    keys.reserve(found.size());
    for (const Kind* kind : found) keys.push_back(kind->key);
    cursor.error(found.empty() ? "a phase without ramp, hold, spike and curve"
                               : fmt::format("a phase with {}", fmt::join(keys, " and ")),
                 R"(one of "ramp": "10s", "hold": "60s", "spike": "10s" and "curve": "24h")");
    return;
  }
  const Kind& kind = *found.front();
  forbid_others(cursor, kind);
  if (const auto note = cursor.optional("note")) note->text();
  Phase phase;
  phase.hold = kind.key != "ramp";
  phase.name = std::string(kind.key);
  if (const auto name = cursor.optional("name")) phase.name = name->name().value_or("");
  phase.length = load_duration(*cursor.optional(kind.key), Microseconds(1'000), kPhaseMax)
                     .value_or(Microseconds(1'000));
  if (kind.key == "curve") return add_curve(cursor, phase.name, phase.length, phases);
  const auto share = [&](std::string_view key, std::int64_t missing, std::string_view example) {
    return load_quantity(example.empty() ? cursor.optional(key) : cursor.required(key, example),
                         parse_percent)
        .value_or(missing);
  };
  if (kind.key == "ramp") {
    phase.from_permille = share("from", 0, "a share: 0 %");
    phase.to_permille = share("to", 1'000, "a share: 100 %");
  } else {
    phase.from_permille = phase.to_permille =
        share("at", 1'000, kind.key == "spike" ? "a share: 300 %" : "");
  }
  phases.push_back(std::move(phase));
}

}  // namespace

std::vector<Phase> load_phases(const Cursor& root) {
  std::vector<Phase> phases;
  const auto member = root.required("phases", R"([{"hold": "60s"}])");
  const auto list = member ? member->list(1, kPhasesMax) : std::nullopt;
  if (!list) return phases;
  bool measured = false;
  for (const Cursor& cursor : *list) {
    add_phase(cursor, phases);
    for (const std::string_view key : {"hold", "spike", "curve"}) {
      measured = measured || cursor.node().member(key) != nullptr;
    }
  }
  Microseconds length{0};
  for (const Phase& phase : phases) length += phase.length;
  if (length > limits::kPhasesLengthMax) {
    member->error(fmt::format("phases of {} in all", write_duration(length)),
                  fmt::format("at most {}", write_duration(limits::kPhasesLengthMax)));
  }
  if (!measured) {
    member->error("no hold phase",
                  "at least one hold, spike or curve: figures count in these only");
  }
  return phases;
}

}  // namespace claims::storm
