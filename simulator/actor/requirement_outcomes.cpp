#include "simulator/actor/requirement_outcomes.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "simulator/actor/verdict.h"

namespace claims::storm {
namespace {

using report::ClauseStatus;
using report::Requirement;
using report::Text;

Text to_text(const LocalText& text) {
  return {text.ko, text.en};
}

std::set<std::string> cited_clauses(const Scenario& scenario) {
  std::set<std::string> cited;
  for (const Workflow& workflow : scenario.workflows) {
    for (const Step& step : workflow.steps) cited.insert(step.proves.begin(), step.proves.end());
  }
  for (const ThresholdSpec& spec : scenario.thresholds) {
    cited.insert(spec.proves.begin(), spec.proves.end());
  }
  for (const auto& [clause, reason] : scenario.not_covered) cited.insert(clause);
  return cited;
}

/// The catalogue's entries that are cited; without a catalogue, what the citations name.
std::vector<RequirementEntry> cited_entries(const Scenario& scenario) {
  const std::set<std::string> cited = cited_clauses(scenario);
  std::vector<RequirementEntry> entries;
  for (const RequirementEntry& entry : scenario.requirements) {
    const bool any = std::any_of(entry.clauses.begin(), entry.clauses.end(), [&](const auto& one) {
      return cited.contains(entry.id + "/" + one.clause);
    });
    if (any) entries.push_back(entry);
  }
  if (!scenario.requirements.empty()) return entries;
  for (const std::string& clause : cited) {
    const std::size_t slash = std::min(clause.find('/'), clause.size());
    const std::string id = clause.substr(0, slash);
    if (entries.empty() || entries.back().id != id) entries.push_back({id, {}, {}});
    const std::string name = slash == clause.size() ? "" : clause.substr(slash + 1);
    entries.back().clauses.push_back({name, {}});
  }
  return entries;
}

void append(Text& evidence, const Text& more) {
  const auto add = [](std::string& text, const std::string& next) {
    if (text.ends_with('.')) text.pop_back();  // It goes on.
    if (!text.empty()) text += "; ";
    text += next;
  };
  add(evidence.ko, more.ko);
  add(evidence.en, more.en);
}

/// Of what cites a clause, what is proven and what is not.
struct Proof {
  bool passed = false, failed = false, missing = false;
  Text evidence;
};

/// What the thresholds that prove a clause say of it.
void add_thresholds(const JudgedThresholds& thresholds, const std::string& clause, Proof& proof) {
  for (std::size_t i = 0; i < thresholds.specs.size() && i < thresholds.outcomes.size(); ++i) {
    const auto& proves = thresholds.specs[i].proves;
    if (std::find(proves.begin(), proves.end(), clause) == proves.end()) continue;
    const report::Threshold& threshold = thresholds.outcomes[i];
    const std::string text =
        fmt::format("{} = {} ({})", threshold.metric, shown_value(threshold), threshold.limit);
    append(proof.evidence, {text, text});
    (threshold.too_few_samples ? proof.missing : threshold.ok ? proof.passed : proof.failed) = true;
  }
}

/// Every step that cites a clause has to be played: a role that stops early proves no more of it
/// than the steps before. Except those in a branch: they prove it where they were played.
void add_steps(const Scenario& scenario, const StepOutcomes& steps, const std::string& clause,
               Proof& proof) {
  const auto found = steps.clauses().find(clause);
  const ClauseOutcome played = found == steps.clauses().end() ? ClauseOutcome{} : found->second;
  proof.passed = played.passed > 0;
  proof.failed = played.failed > 0;
  if (proof.passed || proof.failed) proof.evidence = to_text(evidence(played));
  std::vector<const Step*> unplayed;
  for (const Workflow& workflow : scenario.workflows) {
    for (const Step& step : workflow.steps) {
      const auto has = [](const auto& list, const auto& one) {
        return std::find(list.begin(), list.end(), one) != list.end();
      };
      if (step.in_branch) continue;
      if (has(step.proves, clause) && !has(played.steps, &step)) unplayed.push_back(&step);
    }
  }
  if (unplayed.empty()) return;
  proof.missing = true;
  append(proof.evidence, to_text(unplayed_evidence(unplayed)));
}

Requirement clause_outcome(const Scenario& scenario, const StepOutcomes& steps,
                           const JudgedThresholds& thresholds, const RequirementEntry& entry,
                           const RequirementEntry::Clause& clause) {
  const std::string name = clause.clause.empty() ? entry.id : entry.id + "/" + clause.clause;
  Proof proof;
  add_steps(scenario, steps, name, proof);
  add_thresholds(thresholds, name, proof);
  if (proof.evidence.en.empty()) {
    const auto declared = std::find_if(scenario.not_covered.begin(), scenario.not_covered.end(),
                                       [&](const auto& one) { return one.first == name; });
    proof.evidence = declared != scenario.not_covered.end() ? to_text(declared->second)
                                                            : to_text(evidence(ClauseOutcome{}));
  }
  const ClauseStatus status = proof.failed    ? ClauseStatus::fail
                              : !proof.passed ? ClauseStatus::not_covered
                              : proof.missing ? ClauseStatus::partial
                                              : ClauseStatus::pass;
  return {.id = entry.id,
          .clause = clause.clause,
          .status = status,
          .title = to_text(clause.title),
          .evidence = std::move(proof.evidence)};
}

Requirement whole_outcome(const RequirementEntry& entry, const std::vector<Requirement>& clauses) {
  Requirement whole{.id = entry.id,
                    .clause = "",
                    .status = ClauseStatus::partial,
                    .title = to_text(entry.title),
                    .evidence = {}};
  std::string failed, missing, partly;
  std::size_t passed = 0;
  for (const Requirement& clause : clauses) {
    const auto add = [&](std::string& list) { list += (list.empty() ? "" : ", ") + clause.clause; };
    if (clause.status == ClauseStatus::pass) ++passed;
    if (clause.status == ClauseStatus::fail) add(failed);
    if (clause.status == ClauseStatus::not_covered) add(missing);
    if (clause.status == ClauseStatus::partial) add(partly);
  }
  if (!failed.empty()) {
    whole.status = ClauseStatus::fail;
    whole.evidence = {fmt::format("부적합 조항: {}", failed), fmt::format("failed: {}", failed)};
  } else if (passed == clauses.size()) {
    whole.status = ClauseStatus::pass;
    whole.evidence = {fmt::format("조항 {}개 모두 적합", passed),
                      fmt::format("all {} clauses pass", passed)};
  } else {
    if (passed == 0 && partly.empty()) whole.status = ClauseStatus::not_covered;
    if (!partly.empty()) {
      append(whole.evidence, {fmt::format("일부만 검증된 조항: {}", partly),
                              fmt::format("proven in part: {}", partly)});
    }
    if (!missing.empty()) {
      append(whole.evidence,
             {fmt::format("미검증 조항: {}", missing), fmt::format("not covered: {}", missing)});
    }
  }
  return whole;
}

}  // namespace

std::vector<Requirement> requirement_outcomes(const Scenario& scenario, const StepOutcomes& steps,
                                              const JudgedThresholds& thresholds) {
  std::vector<Requirement> outcomes;
  for (const RequirementEntry& entry : cited_entries(scenario)) {
    std::vector<Requirement> clauses;
    clauses.reserve(entry.clauses.size());
    for (const RequirementEntry::Clause& clause : entry.clauses) {
      clauses.push_back(clause_outcome(scenario, steps, thresholds, entry, clause));
    }
    const bool only_itself = clauses.size() == 1 && clauses[0].clause.empty();
    if (!only_itself) outcomes.push_back(whole_outcome(entry, clauses));
    outcomes.insert(outcomes.end(), clauses.begin(), clauses.end());
  }
  return outcomes;
}

}  // namespace claims::storm
