#include "simulator/scenario/arrival_loader.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cassert>
#include <numeric>
#include <optional>
#include <string>
#include <utility>

#include "simulator/limits.h"
#include "simulator/scenario/loading.h"
#include "simulator/scenario/near_miss.h"
#include "simulator/scenario/quantity.h"

namespace claims::storm {
namespace {

constexpr std::size_t kArrivalsMax = 100;
constexpr std::int64_t kCountMax = 100'000'000;
constexpr Microseconds kPauseMax{366LL * 86'400'000'000};

class ArrivalLoader {
 public:
  explicit ArrivalLoader(const Scenario& scenario) : scenario_(scenario) {
    for (const Workflow& workflow : scenario.workflows) names_.push_back(workflow.name);
    arrives_.resize(names_.size(), false);
  }

  void load(const Cursor& cursor);
  void tell_missing(const Cursor& list) const;
  std::vector<ArrivalSpec> arrivals;

 private:
  std::size_t find_workflow(const Cursor& cursor, const std::string& name);
  void load_mix(const Cursor& mix, const std::optional<Cursor>& rate);
  void load_concurrent(const Cursor& cursor, const Cursor& concurrent, ArrivalSpec& arrival);

  const Scenario& scenario_;
  std::vector<std::string> names_;
  std::vector<bool> arrives_;
};

std::size_t ArrivalLoader::find_workflow(const Cursor& cursor, const std::string& name) {
  const auto found = std::find(names_.begin(), names_.end(), name);
  const auto index = static_cast<std::size_t>(found - names_.begin());
  if (found == names_.end()) {
    std::vector<std::string> named = names_;
    std::erase(named, std::string());  // Whose names are wrong, which is told there.
    cursor.error(fmt::format("\"{}\"", name), allowed_names(name, named));
  } else {
    arrives_[index] = true;
  }
  return index;
}

void ArrivalLoader::load(const Cursor& cursor) {
  if (!cursor.is_object()) return;
  cursor.allow_only({"workflow", "note", "rate", "mix", "count", "concurrent", "pause"});
  if (const auto note = cursor.optional("note")) note->text();
  const auto rate = cursor.optional("rate");
  const auto mix = cursor.optional("mix");
  const auto pause = cursor.optional("pause");
  if (mix) {
    for (const std::string_view key : {"workflow", "count", "concurrent", "pause"}) {
      if (const auto other = cursor.optional(key)) {
        other->error(fmt::format("the key \"{}\"", key), "none beside a mix: it has rate and mix");
      }
    }
    if (!rate) cursor.required("rate", R"(the rate that is divided: "50/s")");
    return load_mix(*mix, rate);
  }
  ArrivalSpec arrival;
  const auto workflow = cursor.required("workflow", "the name of a workflow");
  if (const auto name = workflow ? workflow->text() : std::nullopt) {
    arrival.workflow = find_workflow(*workflow, *name);
  }
  std::vector<std::string_view> ways;
  for (const std::string_view key : {"rate", "count", "concurrent"}) {
    if (cursor.optional(key)) ways.push_back(key);
  }
  if (ways.size() != 1) {
    cursor.error(ways.empty() ? "an arrival without rate and count"
                              : fmt::format("an arrival with {}", fmt::join(ways, " and ")),
                 R"(one of "rate": "50/s", "count": 3 and "concurrent": 20)");
  }
  arrival.rate_milli = load_quantity(rate, parse_rate).value_or(0);
  if (const auto count = cursor.optional("count")) {
    arrival.count = count->integer(1, kCountMax).value_or(0);
  }
  if (const auto concurrent = cursor.optional("concurrent")) {
    load_concurrent(cursor, *concurrent, arrival);
  } else if (pause) {
    pause->error("the key \"pause\"", "only with concurrent");
  }
  arrivals.push_back(arrival);
}

void ArrivalLoader::load_concurrent(const Cursor& cursor, const Cursor& concurrent,
                                    ArrivalSpec& arrival) {
  constexpr auto kMost = static_cast<std::int64_t>(limits::kUsersMax);
  arrival.concurrent = concurrent.integer(1, kMost).value_or(0);
  if (const auto pause = cursor.optional("pause")) {
    arrival.pause = load_duration(*pause, Microseconds(0), kPauseMax).value_or(Microseconds(0));
  }
  std::int64_t highest = 0;
  for (const Phase& phase : scenario_.phases) {
    highest = std::max({highest, phase.from_permille, phase.to_permille});
  }
  if (arrival.concurrent * highest > kMost * 1'000) {
    concurrent.error(fmt::format("{} at {} % in a phase", arrival.concurrent, highest / 10),
                     fmt::format("at most {} open at a time", kMost));
    arrival.concurrent = 0;
  }
}

void ArrivalLoader::load_mix(const Cursor& mix, const std::optional<Cursor>& rate) {
  const auto milli = load_quantity(rate, parse_rate);
  if (!mix.is_object()) return;
  std::vector<std::int64_t> weights;
  std::vector<std::size_t> workflows;
  for (const auto& [name, cursor] : mix.members()) {
    workflows.push_back(find_workflow(cursor, name));
    const JsonNode& node = cursor.node();
    const bool number =
        node.kind == JsonNode::Kind::integer || node.kind == JsonNode::Kind::fraction;
    const auto weight = parse_weight(number ? node.text : "");
    if (!weight) cursor.error(weight.error());
    weights.push_back(weight ? *weight : 1);
  }
  if (weights.empty()) {
    mix.error("a mix of nothing", R"(weights of workflows: {"inbound": 40, "bulk": 9})");
    return;
  }
  const std::vector<std::int64_t> rates = divide_by_weight(milli.value_or(0), weights);
  for (std::size_t i = 0; i < rates.size(); ++i) {
    if (milli && rates[i] == 0) {
      mix.members()[i].second.error("a share of the rate of at least 0.001/s");
    }
    arrivals.push_back({.workflow = workflows[i], .rate_milli = rates[i], .count = 0});
  }
}

void ArrivalLoader::tell_missing(const Cursor& list) const {
  for (std::size_t i = 0; i < names_.size(); ++i) {
    if (arrives_[i] || names_[i].empty()) continue;
    list.error(fmt::format("no arrival of the workflow \"{}\"", names_[i]),
               "one for each workflow");
  }
}

}  // namespace

std::vector<std::int64_t> divide_by_weight(std::int64_t total,
                                           const std::vector<std::int64_t>& weights) {
  __extension__ using Wide = __int128;
  const std::int64_t sum = std::accumulate(weights.begin(), weights.end(), std::int64_t{0});
  assert(sum > 0);
  std::vector<std::int64_t> parts;
  std::vector<std::pair<std::int64_t, std::size_t>> lost;  // The most first, then in order.
  std::int64_t left = total;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const Wide product = Wide{total} * weights[i];
    parts.push_back(static_cast<std::int64_t>(product / sum));
    lost.emplace_back(-static_cast<std::int64_t>(product % sum), i);
    left -= parts.back();
  }
  std::sort(lost.begin(), lost.end());
  for (std::size_t i = 0; i < static_cast<std::size_t>(left); ++i) ++parts[lost[i].second];
  return parts;
}

std::vector<ArrivalSpec> load_arrivals(const Cursor& root, const Scenario& loaded) {
  const auto member = root.required("arrivals", R"([{"workflow": "inbound", "rate": "50/s"}])");
  const auto list = member ? member->list(1, kArrivalsMax) : std::nullopt;
  if (!list) return {};
  ArrivalLoader loader(loaded);
  for (const Cursor& cursor : *list) loader.load(cursor);
  loader.tell_missing(*member);
  return std::move(loader.arrivals);
}

}  // namespace claims::storm
