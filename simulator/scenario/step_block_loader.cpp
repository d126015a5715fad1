// StepLoader: loops and branches.

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <utility>

#include "simulator/limits.h"
#include "simulator/scenario/loading.h"
#include "simulator/scenario/quantity.h"
#include "simulator/scenario/step_loader.h"

namespace claims::storm {
namespace {

constexpr std::size_t kBranchesMax = 50;
constexpr std::int64_t kWeightMax = 1'000'000;

bool has(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

/// What is known whichever of these ways was taken.
StepLoader::Known StepLoader::common(const std::vector<Known>& ways) {
  Known known = ways.front();
  for (const Known& way : ways) {
    known.reply = known.reply && way.reply;
    known.event = known.event && way.event;
    std::erase_if(known.saved, [&](const std::string& name) { return !has(way.saved, name); });
  }
  for (const Known& way : ways) known = maybe(std::move(known), way);
  return known;
}

/// What is known when `more` may have happened.
StepLoader::Known StepLoader::maybe(Known known, const Known& more) {
  for (const auto* names : {&more.saved, &more.uncertain}) {
    for (const std::string& name : *names) {
      if (!has(known.saved, name) && !has(known.uncertain, name)) known.uncertain.push_back(name);
    }
  }
  std::erase_if(known.uncertain, [&](const auto& name) { return has(known.saved, name); });
  return known;
}

bool StepLoader::load_nested(const Cursor& list_cursor, const Block& block) {
  const auto list = list_cursor.list(1, limits::kStepsMax);
  if (!list) return false;
  if (block.depth > limits::kBlockDepthMax) {
    list_cursor.error("loops and branches in each other, one more",
                      fmt::format("{} deep", limits::kBlockDepthMax));
    return false;
  }
  const auto outside = std::exchange(block_, block);
  for (const Cursor& step : *list) load(step);
  block_ = outside;
  return true;
}

/// Ends the loop or branch with that step; the construct began at `begin`.
void StepLoader::end_block(Step step, std::size_t begin) {
  step.role = workflow_.steps[begin].role;
  step.place = workflow_.steps[begin].place;
  step.name = workflow_.steps[begin].name;
  step.nested = true;
  step.in_branch = workflow_.steps[begin].in_branch;
  add(std::move(step));
}

void StepLoader::load_repeat(const Cursor& cursor, Step step) {
  const std::size_t role = step.role;
  const std::size_t begin = workflow_.steps.size();
  RepeatStep repeat = load_rounds(*cursor.optional("repeat"), role);
  const bool certain = repeat.least > 0 && !repeat.times && !repeat.condition;
  const std::string counter = repeat.counter;
  const Known before = known_[role];
  step.action = std::move(repeat);
  add(std::move(step));
  auto& saved = known_[role].saved;
  if (!counter.empty() && !has(saved, counter)) saved.push_back(counter);
  if (const auto steps = cursor.required("steps", "a list of the steps that are repeated")) {
    load_nested(*steps, {role, block_ ? block_->depth + 1 : 1, block_ && block_->in_branch});
  }
  Step end;
  end.action = RoundEndStep{begin};
  std::get<RepeatStep>(workflow_.steps[begin].action).end = workflow_.steps.size();
  end_block(std::move(end), begin);
  Known& after = known_[role];
  // The counter counts nothing any more.
  if (!has(before.saved, counter)) {
    std::erase(after.saved, counter);
  }
  if (!certain) after = maybe(before, after);
  saved_by_step_[begin] = after.saved;
}

RepeatStep StepLoader::load_rounds(const Cursor& cursor, std::size_t role) {
  RepeatStep repeat;
  if (!cursor.is_object()) return repeat;
  cursor.allow_only({"times", "as", "while"});
  Visible visible = visible_to(role);
  if (const auto times = cursor.required("times", R"(how often: 3, "2..4" or "${expression}")")) {
    const JsonNode& node = times->node();
    if (node.kind == JsonNode::Kind::text && node.text.find("${") != std::string::npos) {
      repeat.times = load_value(*times, visible);
    } else if (node.kind == JsonNode::Kind::text) {
      const auto range = parse_range(node.text, 0, limits::kRoundsMax);
      if (!range) times->error(range.error() + R"(, or "${expression}")");
      if (range) std::tie(repeat.least, repeat.most) = *range;
    } else {
      repeat.least = repeat.most = times->integer(1, limits::kRoundsMax).value_or(1);
    }
  }
  if (const auto as = cursor.optional("as")) {
    const auto name = as->text();
    if (name && !may_name(*name, visible)) {
      as->error(
          "a name in small letters, digits and '_' that is no role, no let and no word of "
          "the language");
    } else if (name) {
      repeat.counter = *name;
      visible.variables.push_back(*name);
    }
  }
  if (const auto condition = cursor.optional("while")) {
    repeat.condition = load_condition(*condition, visible);
    if (repeat.condition && !repeat.condition.may_be_boolean()) {
      condition->error("a condition: what is true or false, as i < 5");
    }
  }
  return repeat;
}

void StepLoader::load_choose(const Cursor& cursor, Step step) {
  const std::size_t role = step.role;
  const std::size_t begin = workflow_.steps.size();
  const Cursor choose = *cursor.optional("choose");
  add(std::move(step));
  ChooseStep choice;
  const Known before = known_[role];
  std::vector<Known> ways;
  bool weighted = false;
  bool conditional = false;
  bool otherwise = false;
  for (const Cursor& branch : choose.list(1, kBranchesMax).value_or(std::vector<Cursor>{})) {
    if (!branch.is_object() || !has_room(branch)) continue;
    if (otherwise) branch.error("a branch after \"otherwise\"", "none: it would never be played");
    known_[role] = before;
    choice.branches.push_back(load_branch(branch, role));
    const ChooseStep::Branch& loaded = choice.branches.back();
    weighted = weighted || loaded.weight > 0;
    conditional = conditional || loaded.weight == 0;
    otherwise = otherwise || branch.optional("otherwise").has_value();
    if (const auto steps = branch.required("steps", "a list of the steps of this branch")) {
      load_nested(*steps, {role, block_ ? block_->depth + 1 : 1, true});
    }
    Step end;
    end.action = BranchEndStep{begin};
    end_block(std::move(end), begin);
    ways.push_back(known_[role]);
  }
  if (weighted && conditional) {
    choose.error("branches with weights and with conditions", "one of the two in a choose");
  }
  if (!weighted && !otherwise) ways.push_back(before);  // None may hold.
  choice.end = workflow_.steps.size();
  workflow_.steps[begin].action = std::move(choice);
  known_[role] = common(ways);
  saved_by_step_[begin] = known_[role].saved;
}

ChooseStep::Branch StepLoader::load_branch(const Cursor& cursor, std::size_t role) {
  ChooseStep::Branch branch;
  branch.begin = workflow_.steps.size();
  cursor.allow_only({"weight", "when", "otherwise", "note", "steps"});
  if (const auto note = cursor.optional("note")) note->text();
  const auto weight = cursor.optional("weight");
  const auto when = cursor.optional("when");
  const auto otherwise = cursor.optional("otherwise");
  const int kinds = int{weight.has_value()} + int{when.has_value()} + int{otherwise.has_value()};
  if (kinds != 1) {
    cursor.error(kinds == 0 ? "a branch without a weight or condition"
                            : "a branch with more than one of weight, when and otherwise",
                 R"(one of "weight": 45, "when": "i < 5" and "otherwise": true)");
  }
  if (weight) branch.weight = weight->integer(1, kWeightMax).value_or(1);
  if (when) {
    branch.when = load_condition(*when, visible_to(role));
    if (branch.when && !branch.when.may_be_boolean()) {
      when->error("a condition: what is true or false, as event.body.action == 'object'");
    }
  }
  if (otherwise &&
      (otherwise->node().kind != JsonNode::Kind::boolean || !otherwise->node().boolean)) {
    otherwise->error("true");
  }
  return branch;
}

}  // namespace claims::storm
