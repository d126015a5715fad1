#pragma once
// The directory file (claims-directory/1): insurers with their centres and texts, and users.

#include <string>
#include <string_view>
#include <vector>

#include "protocol/result.h"
#include "reference-server/chat/state.h"
#include "reference-server/chat/typed_record.h"
#include "reference-server/log/record.h"

namespace claims::server {

struct Directory {
  std::vector<InsurerEntry> insurers;
  std::vector<UserEntry> users;
};

/// Texts come out normalised (NFC). All errors at once, one a line: `path: found …, allowed …`; a
/// syntax error alone.
Result<Directory, std::string> parse_directory(std::string_view json);

/// The records of entries that are new or changed, in the order of the file, insurers first.
/// Entries that the file has no more stay known. A user's role cannot change: rooms are built on
/// it.
Result<std::vector<Record>, std::string> reconcile(const Directory& directory, const State& state);

}  // namespace claims::server
