#pragma once
// Rows compared and told.

#include <ostream>

#include "reference-server/history/history.h"

namespace claims::server {

inline bool operator==(const Row& a, const Row& b) {
  return a.position == b.position && a.room == b.room && a.seq == b.seq && a.event == b.event;
}
inline void PrintTo(const Row& row, std::ostream* out) {
  *out << "position " << static_cast<std::uint64_t>(row.position) << " r"
       << static_cast<std::uint64_t>(row.room) << "/" << row.seq << " " << row.event;
}

}  // namespace claims::server
