#pragma once
// The topics of the chat contract.

#include <string>
#include <string_view>

namespace claims::chat {

/// The first level of them all.
inline constexpr std::string_view kFirstLevel = "aos";

std::string command_topic(std::string_view user);  ///< aos/v1/<user>/cmd
std::string event_topic(std::string_view user);    ///< aos/v1/<user>/evt
std::string reply_topic(std::string_view user);    ///< aos/v1/<user>/reply

}  // namespace claims::chat
