#pragma once
// Dialogues with a server as text: who says which packet, and what each then hears. The format is
// told in tests/interop/dialogues/README.md.

#include <string>
#include <vector>

#include "protocol/mqtt/packet.h"

namespace claims::interop {

struct DialogueStep {
  std::size_t line = 0;  ///< Of the file, from 1.
  bool in_v3 = true, in_v5 = true;
  bool in(mqtt::Version version) const { return version == mqtt::Version::v5_0 ? in_v5 : in_v3; }
  std::string client;
  std::string verb;  ///< ">", "<", "has", "opens", "breaks".
  std::string text;
};

struct Dialogue {
  std::string file, title;
  std::vector<std::string> proves_v3, proves_v5;  ///< Statements: "MQTT-3.1.0-1".
  std::vector<std::string> options;               ///< Of the server.
  std::vector<DialogueStep> steps;

  bool speaks(mqtt::Version version) const {
    return !(version == mqtt::Version::v3_1_1 ? proves_v3 : proves_v5).empty();
  }
};

/// Those of one file; throws std::runtime_error, with file and line, where it is not well-formed.
std::vector<Dialogue> read_dialogues(const std::string& path);

/// Plays it with a server of its own. Empty, or what went differently, with file and line: a
/// dialogue ends there.
std::string play(const Dialogue& dialogue, mqtt::Version version);

}  // namespace claims::interop
