#include "simulator/scenario/fault_loader.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "simulator/limits.h"
#include "simulator/scenario/fault_plan.h"
#include "simulator/scenario/loading.h"
#include "simulator/scenario/near_miss.h"
#include "simulator/scenario/quantity.h"
#include "simulator/scenario/threshold_loader.h"

namespace claims::storm {
namespace {

using Pair = std::pair<std::int64_t, std::int64_t>;
using Span = std::pair<Microseconds, Microseconds>;

constexpr Microseconds kMost{366LL * 86'400'000'000};
constexpr Microseconds kEveryLeast{100'000};
constexpr Microseconds kAddsMost{3'600'000'000};
constexpr Microseconds kLivenessMost{3'600'000'000};
constexpr std::int64_t kRateMost = 1'000'000'000;
constexpr std::int64_t kPpmMost = 100'000;

Span load_span(const std::optional<Cursor>& cursor, Microseconds least, Microseconds most) {
  const auto span = load_quantity(cursor, parse_duration_range);
  if (!span) return {};
  if (span->first < least || span->second > most) {
    cursor->error(fmt::format("from {} to {}", write_duration(least), write_duration(most)));
    return {};
  }
  return *span;
}

Pair load_amount(const Cursor& cursor, FaultForm::Amount amount) {
  const auto or_none = [](const std::optional<Pair>& pair) { return pair.value_or(Pair{}); };
  switch (amount) {
    case FaultForm::Amount::none:
      break;
    case FaultForm::Amount::bytes_a_second:
      return or_none(load_quantity(
          cursor, [](std::string_view text) { return parse_range(text, 1, kRateMost); }));
    case FaultForm::Amount::microseconds: {
      const Span span = load_span(cursor, Microseconds{0}, kAddsMost);
      return {span.first.count(), span.second.count()};
    }
    case FaultForm::Amount::milliseconds_signed:
      return or_none(load_quantity(cursor, parse_signed_duration_range));
    case FaultForm::Amount::parts_in_a_million_signed:
      return or_none(load_quantity(cursor, [](std::string_view text) {
        return parse_signed_range(text, -kPpmMost, kPpmMost);
      }));
  }
  return {};
}

/// What an amount looks like.
std::string_view example(FaultForm::Amount amount) {
  switch (amount) {
    case FaultForm::Amount::none:
      break;
    case FaultForm::Amount::bytes_a_second:
      return R"(bytes a second: "500..2000")";
    case FaultForm::Amount::microseconds:
      return R"(how much later: "50ms..300ms")";
    case FaultForm::Amount::milliseconds_signed:
      return R"(how far, forward or back: "-30s..30s")";
    case FaultForm::Amount::parts_in_a_million_signed:
      return R"(how much too fast or slow, in millionths: "-200..200")";
  }
  return {};
}

constexpr std::string_view kUsersAllowed =
    R"("1..3", a number, "10 %", "all", or a list of user ids: ["g-001", "g-002/phone"])";

void load_user_ids(const Cursor& cursor, FaultSpec& spec) {
  const auto list = cursor.list(1, limits::kUsersMax);
  if (!list) return;
  for (const Cursor& element : *list) {
    const auto id = element.text();
    if (!id) continue;
    if (std::find(spec.user_ids.begin(), spec.user_ids.end(), *id) != spec.user_ids.end()) {
      element.error("each user once");
    }
    spec.user_ids.push_back(*id);
  }
}

void load_users(const Cursor& cursor, FaultSpec& spec) {
  constexpr std::int64_t kUsers = limits::kUsersMax;
  switch (cursor.node().kind) {
    case JsonNode::Kind::list:
      return load_user_ids(cursor, spec);
    case JsonNode::Kind::integer:
      spec.users.first = spec.users.second = cursor.integer(1, kUsers).value_or(1);
      return;
    case JsonNode::Kind::text:
      break;
    default:
      return cursor.error(std::string(kUsersAllowed));
  }
  const std::string& text = cursor.node().text;
  if (text == "all") {
    spec.users_permille = 1'000;
  } else if (text.find('%') != std::string::npos) {
    const auto share = parse_percent(text);
    spec.users_permille = share ? *share : 0;
    if (!share || *share < 1 || *share > 1'000)
      cursor.error("a share of all users: 0.1 % to 100 %");
  } else {
    const auto range = parse_range(text, 1, kUsers);
    if (range) spec.users = *range;
    if (!range) cursor.error(std::string(kUsersAllowed));
  }
}

void load_at(const Cursor& cursor, FaultSpec& spec) {
  const bool is_share = cursor.node().text.find('%') != std::string::npos;
  if (!is_share) {
    spec.at = load_duration(cursor, Microseconds{0}, kMost);
    return;
  }
  spec.at_permille = load_quantity(cursor, parse_percent);
  if (spec.at_permille && *spec.at_permille >= 1'000) {
    cursor.error("a share of the phases below 100 %");
  }
}

void load_times(const Cursor& cursor, FaultSpec& spec) {
  const auto at = cursor.optional("at"), every = cursor.optional("every");
  if (at && every) every->error(R"(the key "every" beside "at")", "one of the two");
  if (!at && !every) {
    cursor.error(R"(neither "at" nor "every")",
                 R"("at": "20s" or "at": "30 %" (once), or "every": "2s..10s")");
  }
  if (at) load_at(*at, spec);
  if (!every) return;
  spec.every = load_span(every, kEveryLeast, kMost);
  const auto from = cursor.optional("from"), until = cursor.optional("until");
  if (from) spec.from = load_duration(*from, Microseconds{0}, kMost).value_or(spec.from);
  if (until) spec.until = load_duration(*until, Microseconds{0}, kMost);
  if (spec.until && *spec.until <= spec.from) {
    until->error(fmt::format("a time after \"from\", {}", write_duration(spec.from)));
  }
}

void load_direction(const Cursor& cursor, FaultSpec& spec) {
  const auto text = cursor.text();
  if (!text) return;
  if (*text == "to_server") {
    spec.direction = Direction::to_server;
  } else if (*text == "to_user") {
    spec.direction = Direction::to_user;
  } else if (*text != "both") {
    cursor.error(allowed_names(*text, {"both", "to_server", "to_user"}));
  }
}

std::vector<std::string> keys_of(const FaultForm& form, bool once) {
  std::vector<std::string> keys = {"fault", "at", "every"};
  if (!once) keys.insert(keys.end(), {"from", "until"});
  if (form.lasts) keys.emplace_back("lasts");
  if (form.users) keys.emplace_back("users");
  if (form.direction) keys.emplace_back("direction");
  if (form.amount != FaultForm::Amount::none) keys.emplace_back(form.amount_key);
  return keys;
}

std::optional<FaultSpec> load_fault(const Cursor& cursor) {
  if (!cursor.is_object()) return std::nullopt;
  const auto names = fault_kind_names();
  const auto name = cursor.required("fault", allowed_names("", names));
  const auto text = name ? name->text() : std::nullopt;
  if (!text) return std::nullopt;
  const auto kind = parse_fault_kind(*text);
  if (!kind) {
    name->error(allowed_names(*text, names));
    return std::nullopt;
  }
  FaultSpec spec;
  spec.kind = *kind;
  spec.place = cursor.place();
  const FaultForm& form = form_of(*kind);
  cursor.allow_only(keys_of(form, cursor.optional("at").has_value()));
  load_times(cursor, spec);
  if (form.lasts) {
    spec.lasts = load_span(cursor.required("lasts", R"(how long: "2s" or "1s..8s")"),
                           Microseconds{0}, kMost);
  }
  if (form.users) {
    if (const auto users = cursor.required("users", kUsersAllowed)) load_users(*users, spec);
  }
  if (form.direction) {
    if (const auto direction = cursor.optional("direction")) load_direction(*direction, spec);
  }
  if (form.amount != FaultForm::Amount::none) {
    if (const auto amount = cursor.required(form.amount_key, example(form.amount))) {
      spec.amount = load_amount(*amount, form.amount);
    }
  }
  return spec;
}

}  // namespace

void load_faults(const Cursor& root, FaultPlan& plan) {
  if (const auto liveness = root.optional("liveness")) {
    plan.liveness =
        load_duration(*liveness, Microseconds{1'000'000}, kLivenessMost).value_or(plan.liveness);
  }
  const auto member = root.optional("faults");
  const auto list = member ? member->list(0, limits::kFaultEntriesMax) : std::nullopt;
  if (!list) return;
  for (const Cursor& cursor : *list) {
    if (auto spec = load_fault(cursor)) plan.faults.push_back(std::move(*spec));
  }
}

FaultPlan load_fault_file(const Cursor& root) {
  FaultPlan plan;
  if (!root.is_object()) return plan;
  root.allow_only(
      {"$schema", "format", "title", "description", "faults", "liveness", "thresholds"});
  check_schema(root);
  check_format(root, "claimstorm-faults/1");
  if (const auto title = root.required("title", R"({"ko", "en"})")) {
    plan.title = load_local_text(*title).value_or(LocalText{});
  }
  if (const auto description = root.optional("description")) {
    plan.description = load_local_text(*description).value_or(LocalText{});
  }
  root.required("faults", "a list of faults");
  load_faults(root, plan);
  const std::string file = catalogue_file_of(root.place().file);
  const auto catalogue = file.empty()
                             ? Result<std::vector<RequirementEntry>, std::vector<FileError>>(
                                   std::vector<RequirementEntry>{})
                             : load_requirements(file);
  plan.thresholds =
      load_thresholds(root, catalogue ? clause_names(*catalogue) : std::vector<std::string>{});
  const bool cites = std::any_of(plan.thresholds.begin(), plan.thresholds.end(),
                                 [](const ThresholdSpec& it) { return !it.proves.empty(); });
  if (file.empty() && cites) tell_missing_catalogue(root);
  return plan;
}

namespace {

std::vector<FileError> check_fault_users(const FaultPlan& plan, const Population& population) {
  std::vector<FileError> errors;
  std::vector<std::string> ids;  // Of the whole population; only once something is wrong.
  for (const FaultSpec& spec : plan.faults) {
    for (std::size_t i = 0; i < spec.user_ids.size(); ++i) {
      const std::string& id = spec.user_ids[i];
      if (!population.find_connections(id).empty()) continue;
      if (ids.empty()) {
        for (std::size_t one = 0; one < population.connections(); ++one) {
          ids.push_back(population.connection_name(ConnectionNumber{static_cast<unsigned>(one)}));
        }
        for (const Person& person : population.people) {
          if (person.devices > 1) ids.push_back(person.id);
        }
      }
      const std::string near = nearest(id, ids);
      FilePlace place = spec.place;
      place.path += fmt::format("/users/{}", i);
      errors.push_back({std::move(place), fmt::format("\"{}\"", id),
                        fmt::format("a user of the population, or its device{}",
                                    near.empty() ? "" : fmt::format(" (did you mean {}?)", near))});
    }
  }
  return errors;
}

/// What an entry comes to together with those before it is told at the first one that is too much.
std::vector<FileError> check_fault_count(const FaultPlan& plan, const Population& population,
                                         Microseconds length) {
  const auto too_much = [&](const FaultSpec& spec, std::string_view what, std::uint64_t own,
                            std::uint64_t all, std::uint64_t most, std::string_view instead) {
    return std::vector{FileError{spec.place,
                                 fmt::format("up to {} {} in {} (with the entries before: {})", own,
                                             what, write_duration(length), all),
                                 fmt::format("at most {} in a run: {}", most, instead)}};
  };
  FaultCount all;
  for (const FaultSpec& spec : plan.faults) {
    const FaultCount own = most_faults(spec, population, length);
    all.faults += own.faults;
    all.connections += own.connections;
    if (all.faults > limits::kFaultsMax) {
      return too_much(spec, "faults", own.faults, all.faults, limits::kFaultsMax,
                      R"(a longer "every", or less time from "from" to "until")");
    }
    if (all.connections > limits::kFaultConnectionsMax) {
      return too_much(spec, "connections of users that faults happen to", own.connections,
                      all.connections, limits::kFaultConnectionsMax,
                      R"(fewer "users", or a longer "every")");
    }
  }
  return {};
}

}  // namespace

std::vector<FileError> check_faults(const Scenario& scenario, const Population& population) {
  auto unknown = check_fault_users(scenario.faults, population);
  if (!unknown.empty()) return unknown;
  Microseconds length{0};
  for (const Phase& phase : scenario.phases) length += phase.length;
  return check_fault_count(scenario.faults, population, length);
}

}  // namespace claims::storm
