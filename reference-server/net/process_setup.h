#pragma once

#include <cstddef>

#include "reference-server/net/descriptor.h"

namespace claims::server {

/// As many descriptors as the system allows this process; gives that number.
std::size_t raise_descriptor_limit();

/// SIGTERM and SIGINT as something to read from. Before any thread is started: threads inherit
/// that the signals are blocked.
Descriptor open_stop_signals();

/// SIGTERM comes when the thread that started this process ends. False: it has ended already.
bool end_with_parent();

}  // namespace claims::server
