#include "simulator/command/run_client.h"

#include <fmt/format.h>

#include "simulator/limits.h"
#include "simulator/scenario/fault_plan.h"
#include "simulator/world/real/paho_transport.h"

namespace claims::storm {

Result<void, std::string> check_users(Client client, std::size_t users) {
  using boost::system::in_place_error;
  if (users > limits::kUsersMax) {
    return {in_place_error, fmt::format("{} users: allowed are at most {} in one process", users,
                                        limits::kUsersMax)};
  }
  if (client == Client::paho && users > limits::kPahoUsersMax) {
    return {in_place_error, fmt::format("{} users: allowed are at most {} with --client paho",
                                        users, limits::kPahoUsersMax)};
  }
  constexpr std::size_t kOtherDescriptors = 64;
  const std::size_t descriptors = raise_descriptor_limit();
  if (descriptors < users + kOtherDescriptors) {
    return {in_place_error,
            fmt::format("{} users need as many open files, and only {} are allowed here "
                        "(ulimit -n)",
                        users, descriptors)};
  }
  return {};
}

std::vector<FileError> check_client_faults(Client client, const FaultPlan& plan) {
  std::vector<FileError> errors;
  if (client == Client::own) return errors;
  for (const FaultSpec& fault : plan.faults) {
    if (!SocketTransport::carries_out(fault.kind)) continue;
    FilePlace place = fault.place;
    place.path += "/fault";
    errors.push_back(
        {std::move(place), fmt::format("\"{}\"", to_string(fault.kind)),
         "crash, disk_full, pause, repeat with --client paho; what happens to users' sockets "
         "needs --client own"});
  }
  return errors;
}

std::vector<FileError> check_client_steps(Client client, const Scenario& scenario) {
  std::vector<FileError> errors;
  if (client == Client::own) return errors;
  for (const Workflow& workflow : scenario.workflows) {
    for (const Step& step : workflow.steps) {
      const auto* open = std::get_if<OpenStep>(&step.action);
      if (open == nullptr || (open->retain_handling == 0 && !open->retain_as_published)) continue;
      FilePlace place = step.place;
      place.path += "/subscribe";
      errors.push_back({std::move(place), "retain_handling or retain_as_published",
                        "neither with --client paho, which does not ask for them"});
    }
  }
  return errors;
}

RunClient make_client(Client client, Player& player, const TargetAddress& target, std::size_t users,
                      const SourceAddresses& sources) {
  if (client == Client::paho) {
    return {std::make_unique<PahoTransport>(player, target, users), nullptr};
  }
  auto sockets = std::make_unique<SocketTransport>(player, target, users, sources);
  SocketTransport* const them = sockets.get();
  return {std::move(sockets), them};
}

std::string name_of(Client client) {
  return client == Client::own ? std::string(to_string(client)) : paho_version();
}

}  // namespace claims::storm
