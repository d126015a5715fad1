#include "simulator/check/founding_order.h"

#include <algorithm>

namespace claims::storm::audit {

std::optional<unsigned> FoundingOrder::effect_of(const Roster& roster,
                                                 const EventView& event) const {
  switch (event.kind) {
    case EventKind::joined: {
      const auto user = roster.find(event.user_id);
      if (!user) return std::nullopt;
      if (*user == first) return effect::kFirst;
      return *user == second ? std::optional(effect::kSecond) : std::nullopt;
    }
    case EventKind::greeting:
      if (type == CommandType::negotiation_open) return std::nullopt;
      return effect::kGreeting;
    case EventKind::notice:
      if (!takes_in(type) || event.state != chat::RepairState::in) {
        return std::nullopt;
      }
      return effect::kMain;
    case EventKind::pre_estimate:
      if (type != CommandType::pre_estimate_write) return std::nullopt;
      return effect::kMain;
    case EventKind::message:
      if (type != CommandType::bulk_send) return std::nullopt;
      return effect::kMain;
    case EventKind::negotiation:
      if (type != CommandType::negotiation_open ||
          event.negotiation.action != chat::NegotiationAction::open) {
        return std::nullopt;
      }
      return effect::kMain;
    case EventKind::vehicle_added: {
      const auto found = std::find(vehicles.begin(), vehicles.end(), event.vehicle);
      if (found == vehicles.end()) return std::nullopt;
      return effect::kVehicle + static_cast<unsigned>(found - vehicles.begin());
    }
    default:
      break;
  }
  return std::nullopt;
}

chat::Seq FoundingOrder::due(unsigned effect) const {
  switch (effect) {
    case effect::kFirst:
      return 1;
    case effect::kSecond:
      return 2;
    case effect::kGreeting:
      return vehicles.empty() ? 4 : 3 + vehicles.size();
    case effect::kMain:
      return type == CommandType::bulk_send ? 5 : 3;
    default:
      return 3 + (effect - effect::kVehicle);
  }
}

std::uint32_t FoundingOrder::all() const {
  std::uint32_t bits = effect::bit(effect::kFirst) | effect::bit(effect::kSecond);
  if (type != CommandType::negotiation_open) bits |= effect::bit(effect::kGreeting);
  if (type != CommandType::general_open) bits |= effect::bit(effect::kMain);
  for (unsigned i = 0; i < vehicles.size(); ++i) bits |= effect::bit(effect::kVehicle + i);
  return bits;
}

std::string FoundingOrder::told(const Roster& roster) const {
  std::string text = "joined " + roster.who(first) + ", joined " + roster.who(second);
  switch (type) {
    case CommandType::intake_register:
    case CommandType::intake_by_plate:
      return text + ", notice in, greeting";
    case CommandType::pre_estimate_write:
      return text + ", pre_estimate, greeting";
    case CommandType::negotiation_open:
      return text + ", negotiation open";
    default:
      break;
  }
  for (const std::string& vehicle : vehicles) text += ", vehicle_added " + vehicle;
  text += ", greeting";
  return type == CommandType::bulk_send ? text + ", message" : text;
}

FoundingOrder founding_order(const Room& room, const Command& command) {
  return {command.type, room.founders[0], room.founders[1], command.vehicles};
}

FoundingOrder founding_order(const Room& room, const BulkTarget& target) {
  return {CommandType::bulk_send, room.founders[1], room.founders[0], {target.vehicle}};
}

}  // namespace claims::storm::audit
