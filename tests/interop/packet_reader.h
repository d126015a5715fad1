#pragma once
// The packets that a client says in a dialogue: text to bytes. The words are told in
// tests/interop/dialogues/README.md.

#include <string>
#include <string_view>

#include "protocol/mqtt/packet.h"

namespace claims::interop {

/// Throws std::invalid_argument for words that it does not know.
std::string packet_bytes(std::string_view text, mqtt::Version version);

/// "receive-max=20": a property in the words of a dialogue.
std::string property_text(const mqtt::Property& property);

}  // namespace claims::interop
