#include "tests/interop/packet_reader.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <deque>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <vector>

#include "protocol/mqtt/encoder.h"

namespace claims::interop {
namespace {

using mqtt::Property;
using P = mqtt::PropertyId;

struct Name {
  std::string_view text;
  P id;
  bool is_text = false;
};
constexpr std::array kNames = {Name{"format", P::payload_format_indicator},
                               Name{"message-expiry", P::message_expiry_interval},
                               Name{"type", P::content_type, true},
                               Name{"response", P::response_topic, true},
                               Name{"correlation", P::correlation_data, true},
                               Name{"id", P::subscription_identifier},
                               Name{"session-expiry", P::session_expiry_interval},
                               Name{"assigned", P::assigned_client_identifier, true},
                               Name{"server-keep-alive", P::server_keep_alive},
                               Name{"auth-method", P::authentication_method, true},
                               Name{"auth-data", P::authentication_data, true},
                               Name{"request-problem", P::request_problem_information},
                               Name{"will-delay", P::will_delay_interval},
                               Name{"request-response", P::request_response_information},
                               Name{"response-information", P::response_information, true},
                               Name{"reason", P::reason_string, true},
                               Name{"receive-max", P::receive_maximum},
                               Name{"alias-max", P::topic_alias_maximum},
                               Name{"alias", P::topic_alias},
                               Name{"max-qos", P::maximum_qos},
                               Name{"retain-available", P::retain_available},
                               Name{"max-packet", P::maximum_packet_size}};

[[noreturn]] void fail(std::string_view what, std::string_view word) {
  throw std::invalid_argument(std::string(what) + ": " + std::string(word));
}

std::uint32_t number_of(std::string_view text, int base = 10) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  if (error != std::errc{} || end != text.data() + text.size()) fail("no number", text);
  return number;
}

/// Words, and where what they mean lives until the packet is bytes.
class Words {
 public:
  explicit Words(std::string_view text) {
    std::istringstream words{std::string(text)};
    for (std::string word; words >> word;) words_.push_back(word);
  }
  bool empty() const { return next_ == words_.size(); }
  std::string_view next() {
    if (empty()) fail("a word is missing after", words_.empty() ? "" : words_.back());
    return words_[next_++];
  }
  /// "" is empty, x*100 is a hundred times x.
  std::string_view text_of(std::string_view word) {
    if (word == "\"\"") return {};
    const std::size_t star = word.rfind('*');
    if (star != 1 || word.size() < 3) return word;
    return kept_.emplace_back(number_of(word.substr(2)), word.front());
  }

 private:
  std::vector<std::string> words_;
  std::size_t next_ = 0;
  std::deque<std::string> kept_;
};

struct Pair {
  std::string_view name, value;
};
std::optional<Pair> pair_of(std::string_view word) {
  const std::size_t equals = word.find('=');
  if (equals == std::string_view::npos) return std::nullopt;
  return Pair{word.substr(0, equals), word.substr(equals + 1)};
}

Property property_of(std::string_view word) {
  const auto pair = pair_of(word);
  if (!pair) fail("an unknown word", word);
  if (pair->name.starts_with("user:")) {
    return {.id = P::user_property, .text = pair->name.substr(5), .value = pair->value};
  }
  const auto* name = std::ranges::find(kNames, pair->name, &Name::text);
  if (name == kNames.end()) fail("an unknown property", word);
  if (name->is_text) return {.id = name->id, .text = pair->value};
  return {.id = name->id, .number = number_of(pair->value)};
}

/// topic:payload:qos, and :retain.
mqtt::Will will_of(std::string_view text, Words& words) {
  const std::size_t first = text.find(':'), second = text.find(':', first + 1);
  if (second == std::string_view::npos || second + 1 >= text.size()) fail("no will", text);
  return {.topic = text.substr(0, first),
          .payload = words.text_of(text.substr(first + 1, second - first - 1)),
          .qos = static_cast<mqtt::QoS>(text[second + 1] - '0'),
          .retain = text.ends_with(":retain"),
          .properties = {}};
}

mqtt::Packet connect_of(Words& words, mqtt::Version version) {
  mqtt::Connect connect;
  connect.version = version;
  connect.client_id = words.text_of(words.next());
  while (!words.empty()) {
    const std::string_view word = words.next();
    if (word == "keep" || word == "unclean") {
      connect.clean_start = false;
      if (word == "keep") connect.properties.push_back(property_of("session-expiry=100"));
    } else if (word.starts_with("keep-alive=")) {
      connect.keep_alive_s = static_cast<std::uint16_t>(number_of(word.substr(11)));
    } else if (word.starts_with("username=")) {
      connect.username = word.substr(9);
    } else if (word.starts_with("password=")) {
      connect.password = word.substr(9);
    } else if (word.starts_with("will=")) {
      connect.will = will_of(word.substr(5), words);
    } else if (word.starts_with("will.") && connect.will) {
      connect.will->properties.push_back(property_of(word.substr(5)));
    } else {
      connect.properties.push_back(property_of(word));
    }
  }
  return connect;
}

mqtt::Packet publish_of(Words& words) {
  mqtt::Publish publish;
  publish.topic = words.text_of(words.next());
  publish.payload = words.text_of(words.next());
  while (!words.empty()) {
    const std::string_view word = words.next();
    if (word == "retain") {
      publish.retain = true;
    } else if (word == "dup") {
      publish.dup = true;
    } else if (word == "qos2") {
      publish.qos = mqtt::QoS::exactly_once;
    } else if (word.starts_with('#')) {
      publish.packet_id = static_cast<std::uint16_t>(number_of(word.substr(1)));
      publish.qos = std::max(publish.qos, mqtt::QoS::at_least_once);
    } else {
      publish.properties.push_back(property_of(word));
    }
  }
  return publish;
}

std::uint16_t packet_id_of(Words& words) {
  const std::string_view word = words.next();
  if (!word.starts_with('#')) fail("no packet identifier", word);
  return static_cast<std::uint16_t>(number_of(word.substr(1)));
}

template <class Ack>
mqtt::Packet acknowledgement_of(Words& words) {
  Ack ack;
  ack.packet_id = packet_id_of(words);
  if (!words.empty())
    ack.reason = static_cast<mqtt::ReasonCode>(number_of(words.next().substr(2), 16));
  return ack;
}

/// a/b:1, and after it ,nl ,rap ,rh1 ,rh2.
mqtt::TopicFilter filter_of(std::string_view word, Words& words) {
  const std::size_t colon = word.rfind(':');
  if (colon == std::string_view::npos || colon + 1 >= word.size()) fail("no filter:qos", word);
  mqtt::TopicFilter filter{.filter = words.text_of(word.substr(0, colon)),
                           .qos = static_cast<mqtt::QoS>(word[colon + 1] - '0')};
  const std::string_view options = word.substr(colon + 2);
  filter.no_local = options.find(",nl") != std::string_view::npos;
  filter.retain_as_published = options.find(",rap") != std::string_view::npos;
  if (options.find(",rh1") != std::string_view::npos) filter.retain_handling = 1;
  if (options.find(",rh2") != std::string_view::npos) filter.retain_handling = 2;
  return filter;
}

mqtt::Packet subscribe_of(Words& words) {
  mqtt::Subscribe subscribe{.packet_id = packet_id_of(words)};
  while (!words.empty()) {
    const std::string_view word = words.next();
    if (word.find('=') != std::string_view::npos) {
      subscribe.properties.push_back(property_of(word));
    } else {
      subscribe.filters.push_back(filter_of(word, words));
    }
  }
  return subscribe;
}

mqtt::Packet unsubscribe_of(Words& words) {
  mqtt::Unsubscribe unsubscribe{.packet_id = packet_id_of(words)};
  while (!words.empty()) unsubscribe.filters.push_back(words.text_of(words.next()));
  return unsubscribe;
}

template <class Other>
mqtt::Packet reason_of(Words& words) {
  Other packet;
  while (!words.empty()) {
    const std::string_view word = words.next();
    if (word.starts_with("0x")) {
      packet.reason = static_cast<mqtt::ReasonCode>(number_of(word.substr(2), 16));
    } else {
      packet.properties.push_back(property_of(word));
    }
  }
  return packet;
}

std::string bytes_of(Words& words);

/// 'text' as it is, "text" with its length before it, [ ] with theirs, ( ) with theirs in one byte.
void append_word(std::string_view word, Words& words, std::string& bytes) {
  if (word.size() >= 2 && word.starts_with('\'') && word.ends_with('\'')) {
    bytes += words.text_of(word.substr(1, word.size() - 2));
  } else if (word.size() >= 2 && word.starts_with('"') && word.ends_with('"')) {
    const std::string_view text =
        word.size() == 2 ? "" : words.text_of(word.substr(1, word.size() - 2));
    bytes += static_cast<char>(text.size() >> 8U);
    bytes += static_cast<char>(text.size() & 0xFFU);
    bytes += text;
  } else if (word == "[") {
    const std::string inner = bytes_of(words);
    std::size_t length = inner.size();
    do {
      const std::size_t low = length & 0x7FU;
      length >>= 7U;
      bytes += static_cast<char>(length > 0 ? low | 0x80U : low);
    } while (length > 0);
    bytes += inner;
  } else {
    bytes += static_cast<char>(number_of(word, 16));
  }
}

std::string bytes_of(Words& words) {
  std::string bytes;
  while (!words.empty()) {
    const std::string_view word = words.next();
    if (word == "]") break;
    append_word(word, words, bytes);
  }
  return bytes;
}

mqtt::Packet packet_of(std::string_view kind, Words& words, mqtt::Version version) {
  if (kind == "CONNECT") return connect_of(words, version);
  if (kind == "PUBLISH") return publish_of(words);
  if (kind == "PUBACK") return acknowledgement_of<mqtt::Puback>(words);
  if (kind == "PUBREC") return acknowledgement_of<mqtt::Pubrec>(words);
  if (kind == "PUBREL") return acknowledgement_of<mqtt::Pubrel>(words);
  if (kind == "PUBCOMP") return acknowledgement_of<mqtt::Pubcomp>(words);
  if (kind == "SUBSCRIBE") return subscribe_of(words);
  if (kind == "UNSUBSCRIBE") return unsubscribe_of(words);
  if (kind == "PINGREQ") return mqtt::Pingreq{};
  if (kind == "DISCONNECT") return reason_of<mqtt::Disconnect>(words);
  if (kind == "AUTH") return reason_of<mqtt::Auth>(words);
  fail("an unknown packet", kind);
}

}  // namespace

std::string packet_bytes(std::string_view text, mqtt::Version version) {
  Words words(text);
  const std::string_view kind = words.next();
  if (kind == "bytes") return bytes_of(words);
  std::string bytes;
  mqtt::encode(packet_of(kind, words, version), version, bytes);
  return bytes;
}

std::string property_text(const Property& property) {
  const auto* name = std::ranges::find(kNames, property.id, &Name::id);
  if (name == kNames.end()) return std::to_string(static_cast<int>(property.id)) + "=";
  return std::string(name->text) + "=" +
         (name->is_text ? std::string(property.text) : std::to_string(property.number));
}

}  // namespace claims::interop
