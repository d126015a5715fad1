#pragma once
// Writing JSON text in a fixed field order.

#include <cstdint>
#include <string>
#include <string_view>

namespace claims::chat {

/// Appends `text` as a JSON string with its quotes. `text` is valid UTF-8.
void append_json_string(std::string_view text, std::string& out);
/// Appends a decimal.
void append_json_number(std::int64_t value, std::string& out);
void append_json_number(std::uint64_t value, std::string& out);

}  // namespace claims::chat
