#include "simulator/check/reply_view.h"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <utility>

#include "protocol/chat/error.h"
#include "simulator/check/event_view.h"

namespace claims::storm::audit {
namespace {

namespace json = boost::json;
using Problem = std::optional<std::string>;

std::string_view view(json::string_view text) {
  return {text.data(), text.size()};
}

bool is_error_code(std::string_view code) {
  for (int i = 0; i <= static_cast<int>(chat::ErrorCode::limit_reached); ++i) {
    if (chat::to_string(static_cast<chat::ErrorCode>(i)) == code) return true;
  }
  return false;
}

Problem read_error(const json::value& value, ReplyView& out) {
  const json::object* error = value.if_object();
  if (error == nullptr) return "error is no object";
  bool has_message = false, has_field = false;
  for (const auto& field : *error) {
    const std::string_view key = view(field.key());
    if (key == "code") {
      out.code = text_of(field.value()).value_or("");
    } else if (key == "message") {
      const json::object* message = field.value().if_object();
      if (message == nullptr || message->size() != 2) return "error.message lacks ko or en";
      for (const auto& [language, into] :
           {std::pair{"ko", &out.message_ko}, std::pair{"en", &out.message_en}}) {
        const json::value* text = message->if_contains(language);
        *into = text == nullptr ? "" : text_of(*text).value_or("");
        if (into->empty()) {
          return std::string("error.message.") + language + " is missing or empty";
        }
      }
      has_message = true;
    } else if (key == "field") {
      if (!field.value().is_null() && !field.value().is_string()) {
        return "error.field is neither a string nor null";
      }
      has_field = true;
    } else {
      return "error." + std::string(key) + " is an unknown field";
    }
  }
  if (!is_error_code(out.code)) return "error.code is none of the contract's";
  if (!has_message) return "error.message is missing";
  if (!has_field) return "error.field is missing";
  return std::nullopt;
}

Problem read_as_of(const json::value& value, ReplyView& out) {
  out.as_of = value.if_object();
  if (out.as_of == nullptr) return "as_of is no object";
  for (const auto& room : *out.as_of) {
    const auto seq = integer_of(room.value());
    if (!chat::parse_room_id(view(room.key())) || !seq || *seq < 0) {
      return "as_of." + std::string(view(room.key())) + " is no room with a seq";
    }
  }
  return std::nullopt;
}

/// Fields that a result may have, by bit.
enum ResultField : unsigned {
  kRoom = 1,
  kSeq = 2,
  kUnread = 4,
  kCreated = 8,
  kReceipt = 16,
  kVehicle = 32,
  kState = 64,
  kClaim = 128,
  kEstimate = 256,
  kAdded = 512,
  kGarages = 1'024,
  kTitle = 2'048,
  kFrom = 4'096,
  kRooms = 8'192,
  kChoices = 16'384,
  kOf = 32'768,
  kOwner = 65'536,
  kName = 131'072,
};

unsigned fields_of(CommandType type) {
  switch (type) {
    case CommandType::receipt_register:
      return kReceipt;
    case CommandType::intake_register:
      return kRoom | kCreated | kVehicle;
    case CommandType::message_send:
      return kRoom | kSeq;
    case CommandType::room_read:
      return kRoom | kSeq | kUnread;
    case CommandType::repair_step:
      return kRoom | kSeq | kState;
    case CommandType::claim_convert:
      return kRoom | kSeq | kClaim;
    case CommandType::pre_estimate_write:
      return kRoom | kCreated | kVehicle | kSeq | kEstimate;
    case CommandType::general_open:
      return kRoom | kCreated | kAdded;
    case CommandType::bulk_send:
      return kGarages;
    case CommandType::negotiation_open:
    case CommandType::negotiation_act:
      return kRoom | kSeq | kState;
    case CommandType::intake_by_plate:
      return kRoom | kCreated | kVehicle | kReceipt;
    case CommandType::intake_cancel:
      return kRoom | kSeq | kState;
    case CommandType::estimate_further:
      return kRoom | kSeq | kEstimate;
    case CommandType::room_change:
      return kRoom | kSeq | kTitle;
    case CommandType::room_invite:
      return kRoom | kSeq | kFrom;
    case CommandType::room_delete:
    case CommandType::room_leave:
    case CommandType::room_hand_over:
      return kRoom | kSeq;
    case CommandType::adjuster_hand_over:
      return kRooms;
    case CommandType::message_delete:
      return kRoom | kSeq | kOf;
    case CommandType::template_set:
    case CommandType::template_delete:
      return kOwner | kName;
    case CommandType::adjuster_back:
    case CommandType::other:
      break;
  }
  return 0;
}

/// Types whose result nobody compares: its shape is free.
bool is_free(CommandType type) {
  switch (type) {
    case CommandType::adjuster_back:
    case CommandType::other:
      return true;
    default:
      return false;
  }
}

/// Reads one field of a result; 0 when it is unknown or ill-typed.
unsigned read_field(std::string_view key, const json::value& value, ResultView& out) {
  const auto text = text_of(value);
  const auto number = integer_of(value);
  if (key == "room" && text) {
    out.room = chat::parse_room_id(*text);
    return out.room ? kRoom : 0U;
  }
  if (key == "seq" && number && *number >= 1) {
    out.seq = static_cast<chat::Seq>(*number);
    return kSeq;
  }
  if (key == "unread" && number && *number >= 0) {
    out.unread = *number;
    return kUnread;
  }
  if (key == "added" && value.is_array()) {
    for (const json::value& plate : value.get_array()) {
      out.added.push_back(text_of(plate).value_or(""));
      if (out.added.back().empty()) return 0;
    }
    return kAdded;
  }
  if (key == "garages" && number && *number >= 1) {
    out.garages = *number;
    return kGarages;
  }
  if (key == "from" && number && *number >= 1) {
    out.from = static_cast<chat::Seq>(*number);
    return kFrom;
  }
  if (key == "of" && number && *number >= 1) {
    out.of = static_cast<chat::Seq>(*number);
    return kOf;
  }
  if (key == "rooms" && number && *number >= 0) {
    out.rooms = *number;
    return kRooms;
  }
  if (key == "choices" && value.is_array()) {
    out.choices = &value.get_array();
    return kChoices;
  }
  if (key == "created" && value.is_bool()) {
    out.created = value.get_bool();
    return kCreated;
  }
  if (!text) return 0;
  if (key == "receipt") return out.receipt = *text, kReceipt;
  if (key == "vehicle") return out.vehicle = *text, kVehicle;
  if (key == "state") return out.state = *text, kState;
  if (key == "claim") return out.claim = *text, kClaim;
  if (key == "estimate") return out.estimate = *text, kEstimate;
  if (key == "title") return out.title = *text, kTitle;
  if (key == "owner") return out.owner = *text, kOwner;
  if (key == "name") return out.name = *text, kName;
  return 0;
}

}  // namespace

Problem read_reply(const json::object& reply, ReplyView& out) {
  const json::value* re = reply.if_contains("re");
  if (re != nullptr && re->is_string()) out.re = text_of(*re);
  if (re == nullptr || (!re->is_string() && !re->is_null())) return "re is missing or no string";
  const json::value* type = reply.if_contains("type");
  if (type == nullptr || text_of(*type) != "reply") return "type is not \"reply\"";
  const json::value* ok = reply.if_contains("ok");
  if (ok == nullptr || !ok->is_bool()) return "ok is missing or no boolean";
  out.ok = ok->get_bool();
  std::size_t known = 3;
  if (const json::value* as_of = reply.if_contains("as_of")) {
    if (auto problem = read_as_of(*as_of, out)) return problem;
    ++known;
  }
  const json::value* content = reply.if_contains(out.ok ? "result" : "error");
  if (content == nullptr) return std::string(out.ok ? "result" : "error") + " is missing";
  if (reply.size() != known + 1) return "there is an unknown field";
  if (!out.ok) return read_error(*content, out);
  if (!out.re) return "re is null though the command was read";
  out.result = content->if_object();
  if (out.result == nullptr) return "result is no object";
  return std::nullopt;
}

Problem read_result(CommandType type, const json::object& result, ResultView& out) {
  if (is_free(type)) return std::nullopt;
  unsigned wanted = fields_of(type);
  if (type == CommandType::intake_by_plate && result.if_contains("choices") != nullptr) {
    wanted = kChoices;
  }
  unsigned found = 0;
  for (const auto& field : result) {
    const unsigned bit = read_field(view(field.key()), field.value(), out);
    if ((bit & wanted) == 0) {
      return "result." + std::string(view(field.key())) + " is unknown or not what it should be";
    }
    found |= bit;
  }
  if (found != wanted) return "result lacks a field";
  return std::nullopt;
}

std::optional<chat::Seq> as_of_room(const json::object* as_of, chat::RoomId room) {
  if (as_of == nullptr) return std::nullopt;
  const json::value* seq = as_of->if_contains(chat::to_string(room));
  if (seq == nullptr) return std::nullopt;
  const auto number = integer_of(*seq);
  return number ? std::optional<chat::Seq>(static_cast<chat::Seq>(*number)) : std::nullopt;
}

}  // namespace claims::storm::audit
