#pragma once
// Text as it is stored: normalised before any limit or search is applied.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace claims::chat {

/// NFC. Nothing when the bytes are no UTF-8 or hold a control character other than \n and \t.
std::optional<std::string> normalise_text(std::string_view text);
/// Code points of valid UTF-8.
std::size_t count_characters(std::string_view utf8);
/// A number plate or VIN in its one stored form: NFC, no spaces, half-width digits. Nothing when it
/// is neither (docs: domain rules of plates).
std::optional<std::string> normalise_plate(std::string_view text);

}  // namespace claims::chat
