#include "reference-server/node/session_record.h"

#include <boost/json.hpp>
#include <charconv>

#include "protocol/chat/json_text.h"

namespace claims::server {
namespace {

namespace json = boost::json;

void append_key(const SessionKey& key, std::string& out) {
  out += "{\"user\":";
  chat::append_json_string(key.user, out);
  out += ",\"client\":";
  chat::append_json_string(key.client_id, out);
}

SessionKey key_of(const json::value& value) {
  return {std::string(value.at("user").as_string()), std::string(value.at("client").as_string())};
}

/// Runs `read` on the parsed payload; what does not fit comes back as an error.
template <class T, class Read>
Result<T, std::string> parsed(std::string_view payload, const char* kind, Read read) {
  boost::system::error_code error;
  const json::value value = json::parse(payload, error);
  if (!error.failed()) {
    try {
      return read(value);
    } catch (const std::exception&) {  // A key is missing or has another type.
    }
  }
  return {boost::system::in_place_error,
          std::string(kind) + " record is damaged: " + std::string(payload.substr(0, 200))};
}

}  // namespace

std::string write_session(const SessionState& state) {
  std::string out;
  append_key(state.key, out);
  out += ",\"clean\":";
  out += state.clean ? "true" : "false";
  out += ",\"expiry_s\":" + std::to_string(state.expiry_s) + ",\"subscriptions\":[";
  for (const Subscription& subscription : state.subscriptions) {
    if (out.back() != '[') out += ',';
    out += "{\"filter\":";
    chat::append_json_string(subscription.filter, out);
    out += ",\"qos\":" + std::to_string(static_cast<int>(subscription.qos));
    if (subscription.identifier != 0) {
      out += ",\"identifier\":" + std::to_string(subscription.identifier);
    }
    out += '}';
  }
  out += "]}";
  return out;
}

Result<SessionState, std::string> parse_session(std::string_view payload) {
  return parsed<SessionState>(payload, "session", [](const json::value& value) {
    SessionState state;
    state.key = key_of(value);
    state.clean = value.at("clean").as_bool();
    state.expiry_s = value.at("expiry_s").to_number<std::uint32_t>();
    for (const json::value& one : value.at("subscriptions").as_array()) {
      Subscription subscription{std::string(one.at("filter").as_string()),
                                static_cast<mqtt::QoS>(one.at("qos").to_number<std::uint8_t>())};
      if (const json::value* identifier = one.as_object().if_contains("identifier")) {
        subscription.identifier = identifier->to_number<std::uint32_t>();
      }
      state.subscriptions.push_back(std::move(subscription));
    }
    return state;
  });
}

std::string write_session_end(const SessionKey& key) {
  std::string out;
  append_key(key, out);
  out += '}';
  return out;
}

Result<SessionKey, std::string> parse_session_end(std::string_view payload) {
  return parsed<SessionKey>(payload, "session_end", key_of);
}

std::string write_cursor(const StoredCursor& stored) {
  std::string out;
  append_key(stored.key, out);
  out += ",\"cursor\":" + std::to_string(static_cast<std::uint64_t>(stored.cursor)) + "}";
  return out;
}

Result<StoredCursor, std::string> parse_cursor(std::string_view payload) {
  return parsed<StoredCursor>(payload, "cursor", [](const json::value& value) {
    return StoredCursor{key_of(value), Position{value.at("cursor").to_number<std::uint64_t>()}};
  });
}

std::string cursor_text(Position position) {
  return "0:" + std::to_string(static_cast<std::uint64_t>(position));
}

std::optional<Position> parse_cursor_text(std::string_view text) {
  if (!text.starts_with("0:")) return std::nullopt;
  std::uint64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data() + 2, end, number);
  if (error != std::errc{} || rest != end) return std::nullopt;
  return Position{number};
}

}  // namespace claims::server
