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

std::string RandomPlay::target(const std::string& garage) {
  return R"({"garage":")" + garage + R"(","vehicle":")" + plate() + "\"}";
}

/// Of a negotiation, where the room is one.
std::string RandomPlay::action_fields() {
  static const std::vector<std::string> kActions{R"("object","ratio":"60:40","reason":"정차 중")",
                                                 R"("object","ratio":"50:50","reason":"신호 위반")",
                                                 R"("object","reason":"사실과 다름")",
                                                 R"("accept")",
                                                 R"("accept_objection")",
                                                 R"("send_exemption","reason":"not_covered")",
                                                 R"("accept_exemption")",
                                                 R"("send_prior_agreement","ratio":"80:20")",
                                                 R"("accept_prior_agreement")",
                                                 R"("refer")"};
  // Ends are rare, so that there is something to object to.
  const std::uint32_t drawn = draw(90);
  return text_field("room", "r" + std::to_string(1 + draw(kRooms))) +
         ",\"action\":" + kActions[drawn < 72 ? drawn % 3 : drawn % 10];
}

std::string RandomPlay::text() {
  static const std::vector<std::string> kTags{"#면책",   "#면책 담보외",          "#기협의 70:30",
                                              "#기협의", R"(\"#면책\" 이라니요)", "#면책 #기협의"};
  return draw(16) == 0 ? kTags[draw(6)] : "메시지 " + std::to_string(draw(1000));
}

RandomPlay::Sent RandomPlay::sent(const std::string& user, const std::string& type,
                                  const std::string& fields) {
  return {user, R"({"type":")" + type + R"(","id":")" + id_of(user) + '"' + fields + '}', ""};
}

RandomPlay::Sent RandomPlay::by_insurer(const std::string& receipt) {
  // Rare enough that negotiations come to an end between.
  const std::uint32_t drawn = draw(40);
  if (drawn == 0) {
    const std::string who = adjuster(4);
    return sent("core-01", "adjuster.hand_over",
                text_field("adjuster", who) + text_field("to", adjuster(4)) +
                    text_field("reason", who == "adj-4" && draw(2) == 0 ? "retired" : "away"));
  }
  if (drawn < 10) return sent("core-01", "adjuster.back", text_field("adjuster", adjuster(4)));
  return sent("core-01", "receipt.register",
              receipt + text_field("plate", plate()) + text_field("model", "쏘나타") +
                  text_field("adjuster", draw(5) == 0 ? "adj-2" : "adj-1"));
}

/// Who comes, goes, and is in charge; what becomes of the room and its repair.
RandomPlay::Sent RandomPlay::about_rooms(const std::string& user) {
  const std::uint32_t drawn = draw(40);
  const std::string in_room = text_field("room", room());
  if (drawn < 12) {
    const std::string invited = draw(4) == 0 ? "gar-" + std::to_string(1 + draw(2)) : adjuster(5);
    return sent(user, "room.invite",
                in_room + text_field("user", invited) +
                    text_field("as", draw(2) == 0 ? "colleague" : "guest"));
  }
  if (drawn < 22) return sent(user, "room.leave", in_room);
  if (drawn < 23) return sent(user, "room.hand_over", in_room + text_field("user", adjuster(5)));
  if (drawn < 27) {
    return sent(user, "room.change", in_room + text_field("title", std::to_string(draw(9))));
  }
  if (drawn < 28) return sent(user, "room.delete", in_room);
  if (drawn < 30) return sent(user, "intake.cancel", in_room);
  if (drawn < 32) return sent(user, "intake.by_plate", text_field("plate", plate()));
  return sent(user, "estimate.further",
              in_room + number_field("amount", 5) + text_field("reason", "추가 손상"));
}

RandomPlay::Sent RandomPlay::next() {
  static const std::vector<std::string> kSenders{"gar-1", "gar-2", "adj-1",  "adj-2",
                                                 "adj-3", "adj-4", "core-01"};
  static const std::vector<std::string> kSteps{"in_repair", "repaired", "out"};
  const std::string& user = kSenders[draw(7)];
  const std::uint32_t kind = draw(200);
  const std::string receipt = text_field("receipt", "2024-" + std::to_string(draw(12)));
  if (user == "core-01") return by_insurer(receipt);
  if (kind >= 160) return about_rooms(user);
  std::string type, fields;
  if (kind < 4) {
    type = "receipt.register";  // Refused: it is no insurer.
    fields = receipt + text_field("plate", "12가3456") + text_field("model", "쏘나타") +
             text_field("adjuster", "adj-1");
  } else if (kind < 12) {
    type = "intake.register";
    fields = receipt;
  } else if (kind < 16) {
    type = "pre_estimate.write";
    fields = receipt + number_field("amount", 1 + draw(1'000'000));
  } else if (kind < 60) {
    type = "message.send";
    fields = text_field("room", room()) + text_field("text", text());
    if (draw(3) == 0) fields += text_field("vehicle", plate());
    if (draw(9) == 0) fields += text_field("template", "faq.1");
  } else if (kind < 78) {
    type = "room.read";
    fields = text_field("room", room()) + number_field("seq", 1 + draw(60));
  } else if (kind < 92) {
    type = "repair.step";  // Long in repair, for further estimates.
    fields = text_field("room", room()) + text_field("step", kSteps[draw(5) < 3 ? 0 : draw(3)]);
  } else if (kind < 95) {
    type = "claim.convert";
    fields = text_field("room", room());
  } else if (kind < 98) {
    type = "general.open";
    fields = text_field("adjuster", draw(2) == 0 ? "adj-1" : "adj-2") + R"(,"vehicles":[")" +
             plate() + "\"]";
  } else if (kind < 101) {
    type = "bulk.send";
    fields = ",\"targets\":[" + target("gar-1") + ',' + target("gar-9") + ',' + target("gar-2") +
             ']' + text_field("text", "확인 부탁드립니다.");
  } else if (kind < 105) {
    type = "negotiation.open";
    fields = receipt + text_field("counterpart", draw(2) == 0 ? "adj-1" : "adj-2") +
             text_field("ratio", "70:30");
  } else {
    type = "negotiation.act";
    fields = action_fields();
  }
  return sent(user, type, fields);
}

}  // namespace claims::server
