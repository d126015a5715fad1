#pragma once
// Steps of a workflow, one after the other, with what each role knows at each of them.

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
  struct Known {
    std::vector<std::string> saved;
    bool reply = false, event = false;
  };

  std::optional<std::size_t> load_role(const Cursor& cursor) const;
  bool load_action(const Cursor& cursor, Step& step);
  void load_send(const Cursor& cursor, const Cursor& step_cursor, Step& step);
  void load_await(const Cursor& cursor, const Cursor& step_cursor, Step& step);
  void load_think(const Cursor& cursor, Step& step);
  void load_assert(const Cursor& cursor, const Cursor& step_cursor, Step& step);
  void load_save(const Cursor& cursor, Step& step);
  void load_after(const Cursor& cursor, Step& step);
  void load_learn(const Cursor& cursor, Step& step);
  Visible visible_to(std::size_t role) const;

  Workflow& workflow_;
  const std::vector<std::string>& clauses_;
  bool other_contract_;
  std::vector<Known> known_;  // By role.
};

}  // namespace claims::storm
