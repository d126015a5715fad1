#pragma once
// ReplyView: a reply as it came, read by the contract's shape, without a copy.

#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/chat/ids.h"
#include "simulator/check/command_ledger.h"

namespace claims::storm::audit {

/// Views into the object that it was read from.
struct ReplyView {
  std::optional<std::string_view> re;
  bool ok = false;
  const boost::json::object* result = nullptr;  ///< With ok.
  const boost::json::object* as_of = nullptr;   ///< Where there is one.
  std::string_view code;                        ///< Without ok.
  std::string_view message_ko, message_en;      ///< Without ok.
};
/// What is wrong with its shape, or nothing and `view` is filled. `re` is filled where it can be.
std::optional<std::string> read_reply(const boost::json::object& reply, ReplyView& view);

/// The result of a command; what its type does not have stays empty.
struct ResultView {
  std::optional<chat::RoomId> room;
  chat::Seq seq = 0;
  std::int64_t unread = 0;
  std::int64_t garages = 0;
  std::vector<std::string_view> added;  ///< Plates.
  bool created = false;
  std::string_view receipt, vehicle, state, claim, estimate, title, owner, name;
  chat::Seq from = 0, of = 0;
  std::int64_t rooms = 0;
  const boost::json::array* choices = nullptr;  ///< Then there is nothing else.
};
std::optional<std::string> read_result(CommandType type, const boost::json::object& result,
                                       ResultView& view);

/// `as_of` of a room; nothing when it has none.
std::optional<chat::Seq> as_of_room(const boost::json::object* as_of, chat::RoomId room);

}  // namespace claims::storm::audit
