#pragma once
// Reads about rooms themselves: lists, one in full, who may be invited, what chats have become.

#include <string>

#include "protocol/chat/command.h"
#include "protocol/chat/error.h"
#include "protocol/result.h"
#include "reference-server/chat/state.h"

namespace claims::server {

/// The `result` and `as_of` of a read, as JSON.
struct ReadResult {
  std::string result;
  std::string as_of = "{}";
};

Result<ReadResult, chat::Error> list_rooms(const chat::ListRooms&, UserIndex user, const State&);
Result<ReadResult, chat::Error> show_room(const chat::ShowRoom&, UserIndex user, const State&);
Result<ReadResult, chat::Error> list_candidates(const chat::ListCandidates&, UserIndex user,
                                                const State&);
ReadResult count_conversions(UserIndex user, const State&);

}  // namespace claims::server
