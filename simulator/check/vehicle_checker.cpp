#include "simulator/check/vehicle_checker.h"

#include <fmt/format.h>

#include <algorithm>

#include "protocol/chat/error.h"

namespace claims::storm::audit {
namespace {

bool all_before_seen(const Room& room, chat::Seq seq) {
  return room.known_through + 1 >= seq;
}

}  // namespace

void VehicleChecker::seen(Room& room, const EventView& event, const Traced& traced) {
  if (room.vehicles == nullptr) {
    if (event.kind == EventKind::vehicle_added && room.linked && room.judged && !room.second) {
      tell(room, event, "일반 대화방이 아닌데 차량이 더해졌습니다.",
           "a vehicle came into a room that is no general one.");
    }
    return;
  }
  GeneralVehicles& vehicles = *room.vehicles;
  const std::uint8_t number = vehicles.number(event.vehicle);
  if (vehicles.about.size() < room.marks.size()) vehicles.about.resize(room.marks.size());
  vehicles.about[static_cast<std::size_t>(event.seq - 1)] = number;
  switch (event.kind) {
    case EventKind::joined:
    case EventKind::greeting:
    case EventKind::left:
    case EventKind::handed_over:
    case EventKind::room_changed:
    case EventKind::room_deleted:
      if (event.vehicle.empty()) return;
      return tell(room, event, "특정 차량에 대한 이벤트가 아닌데 차량이 적혀 있습니다.",
                  "it is about no vehicle, and names one.");
    case EventKind::vehicle_added:
      return added(room, event, traced);
    case EventKind::message:
      return message(room, event, traced);
    default:
      return;
  }
}

void VehicleChecker::added(Room& room, const EventView& event, const Traced& traced) {
  if (event.vehicle.empty()) {
    return tell(room, event, "더해진 차량이 적혀 있지 않습니다.",
                "it does not say which vehicle came in.");
  }
  const std::uint8_t number = room.vehicles->number(event.vehicle);
  if (number == 0) return;
  GeneralVehicles::Vehicle& vehicle = room.vehicles->all[number - 1U];
  if (vehicle.added != 0) {
    return tell(room, event,
                fmt::format("{} 차량은 순번 {}에 이미 더해졌습니다.", event.vehicle, vehicle.added),
                fmt::format("vehicle {} came in at seq {} already.", event.vehicle, vehicle.added));
  }
  vehicle.added = event.seq;
  ++room.vehicles->added;
  const auto* asked = traced.command == nullptr ? nullptr : &traced.command->vehicles;
  const bool sent = traced.target != nullptr
                        ? traced.target->vehicle == event.vehicle
                        : asked == nullptr || std::find(asked->begin(), asked->end(),
                                                        event.vehicle) != asked->end();
  if (sent || traced.type == CommandType::bulk_send) return;
  tell(room, event, fmt::format("{} 차량을 더하라고 한 명령이 아닙니다.", event.vehicle),
       fmt::format("its command did not name vehicle {}.", event.vehicle));
}

void VehicleChecker::message(const Room& room, const EventView& event, const Traced& traced) {
  const GeneralVehicles& vehicles = *room.vehicles;
  const bool all_seen = all_before_seen(room, event.seq);
  std::string_view due;
  if (traced.target != nullptr) {
    due = traced.target->vehicle;
  } else if (traced.command != nullptr) {
    due = traced.command->vehicle;
    if (due.empty() && !all_seen) return;
    if (due.empty() && vehicles.added > 1) {
      return tell(room, event,
                  fmt::format("차량이 {}대인 대화방인데 차량을 고르지 않은 글이 받아들여졌습니다.",
                              vehicles.added),
                  fmt::format("the room has {} vehicles, and a message that names none was taken.",
                              vehicles.added));
    }
  } else {
    return;  // A second effect, which is told.
  }
  for (const GeneralVehicles::Vehicle& vehicle : vehicles.all) {
    if (due.empty() && vehicle.added != 0) due = vehicle.plate;
  }
  if (due.empty() ? !event.vehicle.empty() : event.vehicle == due) {
    if (!all_seen || vehicles.holds(event.vehicle)) return;
    return tell(room, event,
                fmt::format("{} 차량은 이 대화방의 차량이 아닙니다.", chat::excerpt(event.vehicle)),
                fmt::format("vehicle {} is none of the room's.", chat::excerpt(event.vehicle)));
  }
  tell(room, event,
       fmt::format("차량은 \"{}\"인데 \"{}\"(으)로 되어 있습니다.", due.empty() ? "?" : due,
                   chat::excerpt(event.vehicle)),
       fmt::format(R"(the vehicle is "{}", and it says "{}".)", due.empty() ? "?" : due,
                   chat::excerpt(event.vehicle)));
}

bool VehicleChecker::belongs(const Ask& ask, const Room& room, const EventView& event) {
  if (event.vehicle == ask.vehicle) return true;
  tell(room, event,
       fmt::format("{} 차량의 이력({})에 다른 차량 \"{}\"의 이벤트가 있습니다.", ask.vehicle,
                   ask.id, chat::excerpt(event.vehicle)),
       fmt::format(R"(the history of vehicle {} ({}) has an event about "{}".)", ask.vehicle,
                   ask.id, chat::excerpt(event.vehicle)));
  return false;
}

void VehicleChecker::page(const Ask& ask, const Room& room, const std::vector<chat::Seq>& page,
                          chat::Seq to) {
  to = std::min(to, room.last());
  std::uint8_t number = 0;
  if (room.vehicles != nullptr) {
    number = room.vehicles->find(ask.vehicle);
    to = std::min<chat::Seq>(to, room.vehicles->about.size());
  } else if (room.receipt == kNoReceipt || scene_.receipts.at(room.receipt).plate != ask.vehicle) {
    return;
  }
  for (chat::Seq seq = ask.after + 1; seq <= to; ++seq) {
    const auto at = static_cast<std::size_t>(seq - 1);
    const bool about = room.vehicles == nullptr ? room.marks[at] != mark::kUnseen
                                                : number != 0 && room.vehicles->about[at] == number;
    if (!about || std::binary_search(page.begin(), page.end(), seq)) continue;
    scene_.stories.tell(Checker::general_vehicles, [&] {
      const std::string who = scene_.roster.who(ask.session);
      return Story{fmt::format("{}: {} 차량의 이력({})에 {}이(가) 빠졌습니다.", who, ask.vehicle,
                               ask.id, place_ko(room, seq)),
                   fmt::format("{}: the history of vehicle {} ({}) lacks {}.", who, ask.vehicle,
                               ask.id, place_en(room, seq))};
    });
    return;
  }
}

void VehicleChecker::tell(const Room& room, const EventView& event, std::string_view ko,
                          std::string_view en) {
  scene_.stories.tell(Checker::general_vehicles, [&] {
    return Story{fmt::format("{}: {} 이벤트: {}, 명령 {}.", place_ko(room, event.seq), ko,
                             content(event), event.cmd),
                 fmt::format("{}: {} It was {}, of command {}.", place_en(room, event.seq), en,
                             content(event), event.cmd)};
  });
}

}  // namespace claims::storm::audit
