#pragma once
// WorkflowPlan: a workflow as its instances play it, worked out once.

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "simulator/scenario/model.h"

namespace claims::storm {

/// The room that it takes events of; unset: it takes those of any room.
Expression room_of(const AwaitStep& await);

/// Refers to the workflow, which must outlive it.
class WorkflowPlan {
 public:
  /// A device and the type of an event.
  using Awaited = std::pair<Device, std::string_view>;
  struct RolePlan {
    std::vector<std::size_t> steps;  ///< Into Workflow::steps, in the order they are played.
    /// The devices on which it awaits something, the PC first, which is always among them.
    std::vector<Device> awaits_on{Device::pc};
    /// By device and event type: the place in `steps` up to which an `await` for it may be played:
    /// its own, or the end of the outermost loop that it stands in. What comes for no later `await`
    /// need not be kept.
    std::map<Awaited, std::size_t> last_await;
    /// The place up to which the role may name a room that it has not named before; nothing: it
    /// never does.
    std::optional<std::size_t> last_new_room;
  };

  explicit WorkflowPlan(const Workflow& workflow);

  const Workflow& workflow() const { return *workflow_; }
  const RolePlan& role(std::size_t role) const { return roles_[role]; }
  const Step& step(std::size_t index) const { return workflow_->steps[index]; }
  /// "inbound/message.send", for figures per step.
  std::string_view figure_name(std::size_t step) const { return figure_names_[step]; }
  /// True when a later step of the role reads this step's `reply` or `event`, so that it must
  /// outlive the turn.
  bool keeps_result(std::size_t step) const { return keeps_result_[step]; }
  /// Whether such an event, not taken by the role's step `place`, may be taken later.
  bool awaits_from(std::size_t role, const Awaited& event, std::size_t place) const;
  /// Whether any of its steps does.
  bool uses_open_topics() const { return uses_open_topics_; }
  /// Whether the role may come to a further room in the step `place` or later.
  bool names_rooms_from(std::size_t role, std::size_t place) const;

 private:
  const Workflow* workflow_;
  std::vector<RolePlan> roles_;
  std::vector<bool> keeps_result_;
  std::vector<std::string> figure_names_;
  bool uses_open_topics_ = false;
};

}  // namespace claims::storm
