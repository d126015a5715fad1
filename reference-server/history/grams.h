#pragma once
// Grams: how texts are indexed so that any part of them is found, a Korean word inside a longer one
// too. The grams of a text are its single characters and its pairs of neighbours. A text that holds
// another holds all of its grams; the reverse is not true, so what the index finds is looked at.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "protocol/chat/ids.h"

namespace claims::server {

/// ASCII letters in lower case; the rest as it is.
std::string folded_case(std::string_view text);

/// Tokens for a full-text index, separated by spaces: the room's and the grams of the text. All of
/// them are beyond ASCII, so that a tokenizer splits at nothing else and changes nothing.
/// `text` is valid UTF-8.
std::string index_tokens(chat::RoomId room, std::string_view text);

/// The query that finds all texts of these rooms (none: of all rooms) that may hold `text`.
std::string match_expression(std::span<const chat::RoomId> rooms, std::string_view text);

}  // namespace claims::server
