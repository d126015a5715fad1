#pragma once
// Steps of a workflow, one after the other, with what each role knows at each of them. Loops and
// branches become part of the same flat list (see RepeatStep).

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "simulator/scenario/document.h"
#include "simulator/scenario/model.h"
#include "simulator/scenario/name_check.h"

namespace claims::storm {

class StepLoader {
 public:
  /// `workflow` has its roles and let; steps are added to it.
  StepLoader(Workflow& workflow, const std::vector<std::string>& clauses, bool other_contract);
  void load(const Cursor& cursor);

 private:
  /// What a role has for certain at the step being loaded, whichever branches were played.
  struct Known {
    std::vector<std::string> saved;
    std::vector<std::string> uncertain;  ///< Saved in a branch or round that may not be played.
    bool reply = false, event = false;
  };
  /// The loop or branch being loaded.
  struct Block {
    std::size_t role = 0;
    int depth = 0;
    bool in_branch = false;
  };

  std::optional<std::size_t> load_role(const Cursor& cursor) const;
  std::optional<std::size_t> role_of(const Cursor& cursor) const;
  bool has_room(const Cursor& cursor);
  void add(Step step);

  // step_loader.cpp: a step's own action.
  bool load_action(const Cursor& cursor, Step& step);
  static void load_on(const Cursor& cursor, Step& step);
  static void forbid_others(const Cursor& cursor, const std::string& action);
  void load_send(const Cursor& cursor, const Cursor& step_cursor, Step& step);
  void load_send_raw(const Cursor& cursor, const Cursor& step_cursor, Step& step);
  void load_expect(const Cursor& step_cursor, SendStep& send);
  void load_await(const Cursor& cursor, const Cursor& step_cursor, Step& step);
  static void load_think(const Cursor& cursor, Step& step);
  static void load_pause(const Cursor& cursor, Step& step);
  void load_assert(const Cursor& cursor, const Cursor& step_cursor, Step& step);

  // open_step_loader.cpp: open topics.
  void load_open(OpenStep::Kind kind, const Cursor& cursor, const Cursor& step_cursor, Step& step);
  Expression load_topic(const Cursor& cursor, const Step& step, bool filter) const;
  void load_publish(const Cursor& cursor, const Step& step, OpenStep& open) const;
  void load_receive(const Cursor& cursor, const Step& step, OpenStep& open) const;

  // step_block_loader.cpp: loops and branches.
  void load_repeat(const Cursor& cursor, Step step);
  RepeatStep load_rounds(const Cursor& cursor, std::size_t role);
  void load_choose(const Cursor& cursor, Step step);
  ChooseStep::Branch load_branch(const Cursor& cursor, std::size_t role);
  bool load_nested(const Cursor& list, const Block& block);
  void end_block(Step step, std::size_t begin);
  static Known common(const std::vector<Known>& ways);
  static Known maybe(Known known, const Known& more);

  // step_peers.cpp: what passes between steps and roles.
  void load_save(const Cursor& cursor, Step& step);
  void load_after(const Cursor& cursor, Step& step);
  void load_learn(const Cursor& cursor, Step& step);
  bool may_name(std::string_view name, const Visible& visible) const;
  Visible visible_to(std::size_t role) const;

  Workflow& workflow_;
  const std::vector<std::string>& clauses_;
  bool other_contract_;
  bool full_ = false;  // That there are too many steps has been told.
  std::optional<Block> block_;
  std::vector<Known> known_;                             // By role.
  std::vector<std::vector<std::string>> saved_by_step_;  // What its role had saved after it.
};

}  // namespace claims::storm
