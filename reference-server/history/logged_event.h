#pragma once
// What the history needs of a logged event, read from its JSON text.

#include <optional>
#include <string>
#include <string_view>

#include "protocol/chat/ids.h"

namespace claims::server {

/// The vehicle that it is about; empty when there is none.
std::string_view vehicle_of(std::string_view event);

bool is_message(std::string_view event);

/// The text of a message; nothing when it is another event, a tombstone, or has no text.
std::optional<std::string> message_text_of(std::string_view event);

/// The seq of the message that the event deletes; nothing when it is another event.
std::optional<chat::Seq> deleted_by(std::string_view event);

/// What is shown in place of a message that was deleted.
std::string tombstone_of(std::string_view event);

}  // namespace claims::server
