#include "tests/reference-server/chat/random_play.h"

namespace claims::server {
namespace {

std::string text_field(std::string_view key, const std::string& value) {
  return ",\"" + std::string(key) + "\":\"" + value + '"';
}
std::string number_field(std::string_view key, std::uint64_t value) {
  return ",\"" + std::string(key) + "\":" + std::to_string(value);
}

}  // namespace

std::string RandomPlay::id_of(const std::string& user) {
  auto& [instance, n] = ids_.try_emplace(user, 1000, 0).first->second;
  if (draw(100) == 0) {
    ++instance;
    n = 0;
  }
  ++n;
  return std::to_string(instance) + '.' + std::to_string(n);
}

RandomPlay::Sent RandomPlay::next() {
  static const std::vector<std::string> kSenders{"gar-1", "gar-2", "adj-1", "adj-2", "core-01"};
  static const std::vector<std::string> kSteps{"in_repair", "repaired", "out"};
  const std::string user = kSenders[draw(5)];
  const std::uint32_t kind = user == "core-01" ? 0 : draw(100);
  std::string type, fields;
  if (kind < 4) {
    type = "receipt.register";
    fields = text_field("receipt", "2024-" + std::to_string(draw(8))) +
             text_field("plate", "12가3456") + text_field("model", "쏘나타") +
             text_field("adjuster", draw(5) == 0 ? "adj-2" : "adj-1");
  } else if (kind < 14) {
    type = "intake.register";
    fields = text_field("receipt", "2024-" + std::to_string(draw(8)));
  } else if (kind < 60) {
    type = "message.send";
    fields =
        text_field("room", room()) + text_field("text", "메시지 " + std::to_string(draw(1000)));
  } else if (kind < 85) {
    type = "room.read";
    fields = text_field("room", room()) + number_field("seq", 1 + draw(60));
  } else if (kind < 95) {
    type = "repair.step";
    fields = text_field("room", room()) + text_field("step", kSteps[draw(3)]);
  } else {
    type = "claim.convert";
    fields = text_field("room", room());
  }
  return {user, "{\"type\":\"" + type + "\",\"id\":\"" + id_of(user) + '"' + fields + '}', ""};
}

}  // namespace claims::server
