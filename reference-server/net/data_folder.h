#pragma once

#include <string>

#include "protocol/result.h"
#include "reference-server/net/exit_code.h"

namespace claims::server {

/// Makes the folder of log, history and snapshot where there is none, for its owner alone, and
/// looks whether files can be made in it. SQLite would try to open them for reading then, and tell
/// why that failed. What cannot be a folder is bad usage; one that cannot be written is the log's.
Result<void, StartError> prepare_data_folder(const std::string& path);

}  // namespace claims::server
