#include "simulator/actor/step_outcomes.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "simulator/limits.h"

namespace claims::storm {
namespace {

void note_step(ClauseOutcome& outcome, const Step& step) {
  if (std::find(outcome.steps.begin(), outcome.steps.end(), &step) == outcome.steps.end()) {
    outcome.steps.push_back(&step);
  }
}

// "a.json: intake (12), greeting (20), …; b.json: …": in the order of the files, as many as a
// reader takes in.
std::string name_steps(std::vector<const Step*> steps) {
  constexpr std::size_t kNamed = 4;
  const auto place = [](const Step* step) { return std::tie(step->place.file, step->place.line); };
  std::stable_sort(steps.begin(), steps.end(),
                   [&](const Step* a, const Step* b) { return place(a) < place(b); });
  std::string text;
  for (std::size_t i = 0; i < steps.size() && i < kNamed; ++i) {
    const Step& step = *steps[i];
    if (i == 0 || steps[i - 1]->place.file != step.place.file) {
      text += (i == 0 ? "" : "; ") + step.place.file + ": ";
    } else {
      text += ", ";
    }
    fmt::format_to(std::back_inserter(text), "{} ({})", step.name, step.place.line);
  }
  if (steps.size() > kNamed) text += ", …";
  return text;
}

}  // namespace

LocalText evidence(const ClauseOutcome& outcome) {
  if (outcome.failed > 0) {
    return {fmt::format("{}번 확인 중 {}번 기대와 다름. 첫 번째: {}",
                        outcome.passed + outcome.failed, outcome.failed, outcome.first_failure.ko),
            fmt::format("{} of {} checks failed. The first: {}", outcome.failed,
                        outcome.passed + outcome.failed, outcome.first_failure.en)};
  }
  if (outcome.passed == 0) {
    return {"이 실행에서 확인된 단계가 없음", "no step that proves it was played in this run"};
  }
  const std::string steps = name_steps(outcome.steps);
  return {fmt::format("{}번 확인, 모두 기대와 같음. 단계: {}", outcome.passed, steps),
          fmt::format("checked {} times, each as expected. Steps: {}", outcome.passed, steps)};
}

LocalText unplayed_evidence(const std::vector<const Step*>& steps) {
  const std::string names = name_steps(steps);
  return {fmt::format("이 조항의 단계 중 {}개는 이 실행에서 끝까지 진행되지 않음: {}", steps.size(),
                      names),
          fmt::format("{} of the steps that prove it were never played to their end: {}",
                      steps.size(), names)};
}

void StepOutcomes::passed(const Step& step) {
  for (const std::string& clause : step.proves) {
    ClauseOutcome& outcome = clauses_[clause];
    ++outcome.passed;
    note_step(outcome, step);
  }
}

void StepOutcomes::failed(StepFailure failure) {
  ++failures_;
  for (const std::string& clause : failure.step->proves) {
    ClauseOutcome& outcome = clauses_[clause];
    if (outcome.failed++ == 0) outcome.first_failure = failure.text;
    note_step(outcome, *failure.step);
  }
  const auto same = std::find_if(stories_.begin(), stories_.end(),
                                 [&](const StepFailure& one) { return one.step == failure.step; });
  if (same != stories_.end()) {
    ++same->times;
  } else if (stories_.size() < limits::kStoriesMax) {
    stories_.push_back(std::move(failure));
  }
}

std::vector<StepFailure> StepOutcomes::stories() const {
  std::vector<StepFailure> told = stories_;
  for (StepFailure& failure : told) {
    if (failure.times == 1) continue;
    failure.text.ko = fmt::format("({}번 중 첫 번째) {}", failure.times, failure.text.ko);
    failure.text.en = fmt::format("(first of {}) {}", failure.times, failure.text.en);
  }
  return told;
}

}  // namespace claims::storm
