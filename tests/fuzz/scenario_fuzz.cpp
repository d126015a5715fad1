// Scenario files, with the workflow, fault and catalogue files beside them.
//
// Input: files one after the other, each after a line `=== <name>` ([a-z-]+.json; of these
// scenario.json and faults.json are loaded); after `=== set` come settings (`--set`), one a line.
// Whatever they hold is loaded or refused with errors that say where; `validate` says nothing
// exactly when loading works; and the faults that a plan comes to, written down, load back to the
// same. The canary forgets what is allowed where a population or a first step is wrong.

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <set>
#include <vector>

#include "simulator/limits.h"
#include "simulator/scenario/arrival_schedule.h"
#include "simulator/scenario/fault_plan.h"
#include "simulator/scenario/fault_writer.h"
#include "simulator/scenario/load.h"
#include "simulator/scenario/population.h"
#include "tests/fuzz/oracle.h"

namespace claims::fuzz {
namespace {

using namespace claims::storm;
namespace fs = std::filesystem;

constexpr std::size_t kFilesMax = 12;
constexpr Microseconds kLength{60'000'000};

/// For as long as the program runs.
class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "claims-fuzz-XXXXXX").string();
    require(::mkdtemp(name.data()) != nullptr, "no temporary folder");
    root_ = name;
  }
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(root_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string path(std::string_view name) const { return (root_ / name).string(); }
  void write(std::string_view name, std::string_view text) const {
    std::ofstream(path(name), std::ios::binary) << text;
  }
  void remove(std::string_view name) const { fs::remove(path(name)); }

 private:
  fs::path root_;
};

const Folder& folder() {
  static const Folder kFolder;
  return kFolder;
}

const Population& people() {
  static const Population kPeople =
      make_population({.insurers = 2, .adjusters = 5, .garages = 5}, 1, 1'700'000'000);
  return kPeople;
}

void check_errors(const std::vector<FileError>& errors) {
  for (const FileError& error : errors) {
    require(!error.place.file.empty() && !error.found.empty(), "an error without a place",
            to_string(error));
    const bool forgets = kCanary && (error.place.path.starts_with("/population/") ||
                                     error.place.path.starts_with("/steps/0/"));
    require(error.syntax || (!error.allowed.empty() && !forgets),
            "an error that does not say what is allowed", to_string(error));
  }
}

void write_and_load_again(const std::vector<Fault>& faults) {
  if (faults.size() > storm::limits::kFaultEntriesMax) return;
  for (const Fault& fault : faults) {
    require(fault.begin <= fault.end && fault.end <= kLength, "a fault beyond the phases");
  }
  folder().write(
      "again.json",
      R"({"format": "claimstorm-faults/1", "title": {"ko": "가", "en": "a"}, "faults": )" +
          faults_json(faults, people()) + "}");
  const auto again = load_faults(folder().path("again.json"));
  require(again.has_value(), "faults that were written down do not load",
          again ? std::string() : to_string(again.error().at(0)));
  require(schedule_faults(*again, people(), kLength, Random(2)) == faults,
          "faults that were written down come to others");
}

void check_plan(const FaultPlan& plan) {
  Scenario scenario;
  scenario.faults = plan;
  scenario.phases.resize(1);
  scenario.phases[0].length = kLength;
  const auto wrong = check_faults(scenario, people());
  check_errors(wrong);
  if (!wrong.empty()) return;
  const std::vector<Fault> faults = schedule_faults(plan, people(), kLength, Random(1));
  FaultSchedule schedule(faults);
  std::size_t begun = 0;
  std::size_t ended = 0;
  while (const auto change = schedule.take(kLength)) {
    ++(change->begins ? begun : ended);
    require(ended <= begun, "a fault ends before it began");
  }
  require(begun == faults.size() && ended == begun, "a fault does not begin or end");
  for (const Fault& fault : faults) {
    const LocalText text = describe(fault, people());
    require(!text.ko.empty() && !text.en.empty(), "a fault without words");
  }
  write_and_load_again(faults);
}

void check_scenario(const Scenario& scenario) {
  require(token_lifetime_s(scenario) > 0, "tokens that never hold");
  constexpr int kArrivals = 200;
  for (const ArrivalSpec& arrival : scenario.arrivals) {
    if (arrival.concurrent > 0) continue;
    ArrivalSchedule schedule(scenario.phases, arrival, Random(3));
    Microseconds last{0};
    for (int i = 0; i < kArrivals; ++i) {
      const auto next = schedule.next();
      if (!next) break;
      require(*next >= last, "arrivals go back in time");
      last = *next;
    }
  }
  check_plan(scenario.faults);
}

std::vector<Setting> load_settings(std::string_view text) {
  std::vector<Setting> settings;
  while (!text.empty() && settings.size() < 8) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (auto setting = parse_setting(line)) settings.push_back(std::move(*setting));
  }
  return settings;
}

bool is_file_name(std::string_view name) {
  constexpr std::size_t kBytesMax = 40;
  constexpr std::string_view kEnd = ".json";
  const auto allowed = [](char c) { return (c >= 'a' && c <= 'z') || c == '-'; };
  return name.size() <= kBytesMax && name.size() > kEnd.size() && name.ends_with(kEnd) &&
         std::ranges::all_of(name.substr(0, name.size() - kEnd.size()), allowed);
}

struct LaidOut {
  std::set<std::string, std::less<>> files;
  std::vector<Setting> settings;
};

LaidOut lay_out(std::string_view text) {
  constexpr std::string_view kMark = "=== ";
  LaidOut laid;
  while (text.starts_with(kMark) && laid.files.size() < kFilesMax) {
    text.remove_prefix(kMark.size());
    const std::string_view name = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), name.size() + 1));
    const std::size_t end = text.find("\n=== ");
    const std::string_view body = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (name == "set") laid.settings = load_settings(body);
    if (!is_file_name(name)) continue;
    folder().write(name, body);
    laid.files.emplace(name);
  }
  return laid;
}

void check(const LaidOut& laid) {
  for (const std::string& name : laid.files) check_errors(check_file(folder().path(name)));
  if (laid.files.contains("scenario.json")) {
    const std::string path = folder().path("scenario.json");
    const auto errors = check_file(path, laid.settings);
    const auto loaded = load_scenario(path, laid.settings);
    require(loaded || !errors.empty(), "valid, but it does not load");
    if (loaded) {
      check_scenario(*loaded);
    } else {
      check_errors(loaded.error());
    }
  }
  if (laid.files.contains("faults.json")) {
    const auto plan = load_faults(folder().path("faults.json"));
    if (plan) {
      check_plan(*plan);
    } else {
      check_errors(plan.error());
    }
  }
}

}  // namespace
}  // namespace claims::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace claims::fuzz;
  Bytes input(data, size);
  const LaidOut laid = lay_out(input.rest());
  check(laid);
  for (const std::string& name : laid.files) folder().remove(name);
  return 0;
}
