#pragma once
// The client of a run's users: whether it can do what the run wants, and the transport that it is.

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "protocol/result.h"
#include "simulator/actor/player.h"
#include "simulator/command/run_options.h"
#include "simulator/scenario/load.h"
#include "simulator/scenario/model.h"
#include "simulator/world/real/socket_transport.h"
#include "simulator/world/real/target_address.h"
#include "simulator/world/real/transport.h"

namespace claims::storm {

/// Whether that many users can connect from this process. The error says how many can.
Result<void, std::string> check_users(Client client, std::size_t users);
/// An error for each entry that happens in the real world, but not with this client.
std::vector<FileError> check_client_faults(Client client, const FaultPlan& plan);

/// An error for each step that this client cannot carry out.
std::vector<FileError> check_client_steps(Client client, const Scenario& scenario);

struct RunClient {
  std::unique_ptr<Transport> transport;
  SocketTransport* sockets = nullptr;  ///< The transport, if our own sockets are it.
};
/// `sources` are for our own client.
RunClient make_client(Client client, Player& player, const TargetAddress& target, std::size_t users,
                      const SourceAddresses& sources);

/// For the result's environment: "own", "Eclipse Paho C++ 1.2.0".
std::string name_of(Client client);

}  // namespace claims::storm
