// WorkflowInstance's events: which of them a role's `await` takes, which are kept for a later one.

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <utility>

#include "simulator/actor/role_scope.h"
#include "simulator/actor/workflow_instance.h"
#include "simulator/limits.h"

namespace claims::storm {
namespace {

const Value* find_path(const Value& event, const std::vector<std::string>& path) {
  const Value* value = &event;
  for (const std::string& key : path) {
    const auto* object = value->if_object();
    value = object == nullptr ? nullptr : object->if_contains(key);
    if (value == nullptr) return nullptr;
  }
  return value;
}

}  // namespace

bool WorkflowInstance::event(std::uint32_t index, const ComingEvent& event, const Turn& turn) {
  if (state_ != State::open) return false;
  if (take(index, event, true, turn)) return true;
  if (state_ != State::open) return false;
  if (!plan_.awaits_from(roles_[index].role, {event.device, event.type}, next_await(index))) {
    return false;
  }
  store(index, {event.room, std::string(event.type), std::string(event.payload), turn.begin.steady,
                event.number, event.device});
  return false;
}

bool WorkflowInstance::offer(std::uint32_t index, const ComingEvent& event, const Turn& turn) {
  return take(index, event, false, turn);
}

bool WorkflowInstance::take(std::uint32_t index, const ComingEvent& event, bool told,
                            const Turn& turn) {
  RolePlay& role = roles_[index];
  if (state_ != State::open || role.wait != Wait::event) return false;
  const Step& step = step_of(index);
  if (step.on.value_or(Device::pc) != event.device) return false;
  const auto& await = std::get<AwaitStep>(step.action);
  if (await.type != event.type || !matches(index, await, event.value, told, turn)) return false;
  bind(index, event.room);
  role.base = std::max(role.base, turn.begin.steady);
  finish_step(index, nullptr, &event.value, turn);
  play(turn);
  return true;
}

bool WorkflowInstance::may_take_later(std::uint32_t index, const ComingEvent& event) const {
  const RolePlay& role = roles_[index];
  return state_ == State::open && plan_.names_rooms_from(role.role, role.place) &&
         plan_.awaits_from(role.role, {event.device, event.type}, next_await(index));
}

/// The first place of a role whose `await` has not refused what comes now.
std::size_t WorkflowInstance::next_await(std::uint32_t index) const {
  const RolePlay& role = roles_[index];
  return role.wait == Wait::event ? role.place + 1 : role.place;
}

bool WorkflowInstance::matches(std::uint32_t index, const AwaitStep& await, const Value& event,
                               bool told, const Turn& turn) {
  for (const AwaitStep::Condition& condition : await.conditions) {
    RoleScope scope = this->scope(index, nullptr, &event);
    auto expected = condition.equals.evaluate(scope);
    if (!expected) {
      fail(index, evaluation_story(place_of(index), expected.error().what), turn);
      return false;
    }
    const Value* found = find_path(event, condition.path);
    if (found == nullptr || *found != *expected) {
      if (told) roles_[index].near_miss = near_miss_story(condition.path, found, *expected);
      return false;
    }
  }
  return true;
}

std::optional<StoredEvent> WorkflowInstance::take_stored(std::uint32_t index,
                                                         const AwaitStep& await, Value& event,
                                                         const Turn& turn) {
  const Device device = step_of(index).on.value_or(Device::pc);
  const auto fits = [&](const StoredEvent& stored, bool told) {
    if (stored.device != device || stored.type != await.type) return false;
    boost::system::error_code error;
    event = boost::json::parse(stored.payload, error);
    return !error && matches(index, await, event, told, turn);
  };
  Inbox& inbox = this->inbox(index, device);
  std::vector<StoredEvent>& own = roles_[index].events;
  for (auto stored = own.begin(); stored != own.end() && state_ == State::open; ++stored) {
    if (!fits(*stored, true)) continue;
    StoredEvent taken = std::move(*stored);
    own.erase(stored);
    inbox.forget(taken.number);
    return taken;
  }
  if (room_of(await)) return std::nullopt;  // Bound: what was kept of it is among its own.
  for (std::size_t i = 0; i < inbox.kept().size() && state_ == State::open; ++i) {
    if (fits(inbox.kept()[i], false)) return inbox.take(i);
  }
  return std::nullopt;
}

void WorkflowInstance::store(std::uint32_t index, StoredEvent event) {
  RolePlay& role = roles_[index];
  role.events.push_back(std::move(event));
  if (role.events.size() <= limits::kUnmatchedEventsPerRole) return;
  // Nobody may ever wait for a read receipt: none displaces an event.
  const auto receipt = std::find_if(role.events.begin(), role.events.end(),
                                    [](const StoredEvent& it) { return it.type == "read"; });
  const bool any = receipt != role.events.end();
  role.events.erase(any ? receipt : role.events.begin());
  if (!any) ++role.dropped;
}

void WorkflowInstance::bind(std::uint32_t index, const Value& value) {
  if (!value.is_string()) return;
  const auto& text = value.get_string();
  const auto room = chat::parse_room_id({text.data(), text.size()});
  if (room) bind(index, *room);
}

void WorkflowInstance::bind(std::uint32_t index, chat::RoomId room) {
  const RoleKey key{number_, index};
  const RolePlay& role = roles_[index];
  for (const Device device : plan_.role(role.role).awaits_on) {
    for (StoredEvent& event : inbox(index, device).bind(key, room)) {
      if (plan_.awaits_from(role.role, {device, event.type}, role.place)) {
        store(index, std::move(event));
      }
    }
  }
}

void WorkflowInstance::bind_awaited(std::uint32_t index, const AwaitStep& await, const Turn& turn) {
  const Expression awaited = room_of(await);
  if (!awaited) return;
  RoleScope scope = this->scope(index, nullptr, nullptr);
  const auto room = awaited.evaluate(scope);
  if (!room) return fail(index, evaluation_story(place_of(index), room.error().what), turn);
  bind(index, *room);
}

void WorkflowInstance::settle(std::uint32_t index) {
  RolePlay& role = roles_[index];
  if (role.settled || plan_.names_rooms_from(role.role, role.place)) return;
  role.settled = true;
  for (const Device device : plan_.role(role.role).awaits_on) {
    inbox(index, device).settle({number_, index});
  }
}

}  // namespace claims::storm
