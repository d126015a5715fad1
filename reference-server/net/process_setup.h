#pragma once

#include <cstddef>

#include "reference-server/net/descriptor.h"

namespace claims::server {

/// As many descriptors as the system allows this process; gives that number.
std::size_t raise_descriptor_limit();

/// SIGTERM and SIGINT as something to read from. Before any thread is started: threads inherit
/// that the signals are blocked.
Descriptor open_stop_signals();

/// A write to a closed pipe or beyond the allowed file size fails, instead of ending the process:
/// the log's failure has an answer.
void ignore_write_signals();

/// Opens standard input, output and error where they are closed: else the next socket takes such a
/// number, and a client gets the words for the operator.
void open_standard_files();

/// SIGTERM comes when the thread that started this process ends. False: it has ended already.
bool end_with_parent();

}  // namespace claims::server
