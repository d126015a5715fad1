#pragma once
// Replies to commands and reads.

#include <string>
#include <string_view>

#include "protocol/chat/error.h"
#include "protocol/result.h"

namespace claims::chat {

/// `{"type":"reply","re":…,"ok":true,"result":<result>}`; `result` is a JSON object's text.
std::string ok_reply(std::string_view re, std::string_view result);
/// The same with `"as_of":<as_of>` at its end, for reads.
std::string read_reply(std::string_view re, std::string_view result, std::string_view as_of);
/// `re` empty: null.
std::string error_reply(std::string_view re, const Error& error);

}  // namespace claims::chat
