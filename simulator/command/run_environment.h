#pragma once
// What a reader must know of the machine and the program to compare runs.

#include <map>
#include <string>

#include "protocol/time.h"

namespace claims::storm {

/// Of claimstorm, as in the build's project version.
std::string program_version();
/// cores, memory, kernel, compiler, version
std::map<std::string, std::string> run_environment();
/// "2026-11-22T19:23:00Z"
std::string iso_time(Milliseconds wall);
/// "20261122-192300", UTC; for names of folders.
std::string folder_time(Milliseconds wall);

}  // namespace claims::storm
