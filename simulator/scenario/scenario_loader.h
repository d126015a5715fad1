#pragma once
// A scenario file and the workflow files that it names.

#include <string>
#include <vector>

#include "simulator/scenario/document.h"
#include "simulator/scenario/load.h"
#include "simulator/scenario/model.h"

namespace claims::storm {

class ScenarioLoader {
 public:
  explicit ScenarioLoader(std::vector<FileError>& errors) : errors_(errors) {}
  Scenario load(const Cursor& root);

 private:
  void load_catalogue();
  void load_credit_schedules();
  void load_population(const Cursor& root);
  void load_devices(const Cursor& cursor);
  void load_workflows(const Cursor& root);
  void load_workflow_file(const Cursor& cursor);
  void add_workflow(Workflow workflow, const Cursor& cursor);
  void load_settings(const Cursor& root);
  void load_not_covered(const Cursor& root);
  void check_cast(const Cursor& root);
  void check_open_steps();
  void check_open_roles();
  void check_devices(const Cursor& population, const Workflow& workflow) const;
  void move_recovery();
  void set_aside();
  bool cites_clauses() const;

  std::vector<FileError>& errors_;
  Scenario scenario_;
  std::vector<std::string> clauses_;
  bool has_catalogue_ = false;
  bool other_contract_ = false;
};

}  // namespace claims::storm
