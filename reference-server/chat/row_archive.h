#pragma once
// RowWriter and RowReader: the same list of fields, written and read. What a struct's fields are,
// Codec::fields(archive, value) says for both.

#include <array>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "protocol/chat/error.h"
#include "protocol/chat/event.h"
#include "protocol/chat/ids.h"
#include "protocol/chat/negotiation.h"
#include "protocol/chat/repair.h"
#include "protocol/time.h"
#include "reference-server/log/byte_codec.h"

namespace claims::server {

/// The class, const or not.
template <class Given, class Class>
concept IsRow = std::same_as<std::remove_const_t<Given>, Class>;

/// The highest value of an enumeration. Identifiers have none.
template <class Enum>
constexpr std::uint64_t last_of(Enum) {
  return std::numeric_limits<std::underlying_type_t<Enum>>::max();
}
constexpr std::uint64_t last_of(chat::Role) {
  return static_cast<std::uint64_t>(chat::Role::garage);
}
constexpr std::uint64_t last_of(chat::RoomKind) {
  return static_cast<std::uint64_t>(chat::RoomKind::negotiation);
}
constexpr std::uint64_t last_of(chat::RepairState) {
  return static_cast<std::uint64_t>(chat::RepairState::cancelled);
}
constexpr std::uint64_t last_of(chat::Side) {
  return static_cast<std::uint64_t>(chat::Side::counterpart);
}
constexpr std::uint64_t last_of(chat::ExemptionReason) {
  return static_cast<std::uint64_t>(chat::ExemptionReason::not_covered);
}
constexpr std::uint64_t last_of(chat::NegotiationState) {
  return static_cast<std::uint64_t>(chat::NegotiationState::referred);
}
constexpr std::uint64_t last_of(chat::Invitation) {
  return static_cast<std::uint64_t>(chat::Invitation::successor);
}
constexpr std::uint64_t last_of(chat::Absence) {
  return static_cast<std::uint64_t>(chat::Absence::retired);
}
constexpr std::uint64_t last_of(chat::ErrorCode) {
  return static_cast<std::uint64_t>(chat::ErrorCode::limit_reached);
}

template <class Codec>
class RowWriter {
 public:
  explicit RowWriter(std::string& out) : out_(out) {}

  template <class... Fields>
  void operator()(const Fields&... all) {
    (put(all), ...);
  }

 private:
  template <std::unsigned_integral Number>
  void put(Number number) {
    put_varint(number, out_);
  }
  template <class Enum>
    requires std::is_enum_v<Enum>
  void put(Enum value) {
    put_varint(static_cast<std::uint64_t>(value), out_);
  }
  void put(Milliseconds time) { put_varint(static_cast<std::uint64_t>(time.count()), out_); }
  void put(const std::string& text) { put_text(text, out_); }
  template <class Value>
  void put(const std::optional<Value>& value) {
    put(value.has_value());
    if (value) put(*value);
  }
  template <class Value>
  void put(const std::vector<Value>& values) {
    put_varint(values.size(), out_);
    for (const Value& value : values) put(value);
  }
  template <class Value, std::size_t count>
  void put(const std::array<Value, count>& values) {
    for (const Value& value : values) put(value);
  }
  template <class First, class Second>
  void put(const std::pair<First, Second>& pair) {
    (*this)(pair.first, pair.second);
  }
  template <class Struct>
    requires std::is_class_v<Struct>
  void put(const Struct& value) {
    Codec::fields(*this, value);
  }

  std::string& out_;
};

template <class Codec>
class RowReader {
 public:
  explicit RowReader(std::string_view bytes) : bytes_(bytes) {}

  template <class... Fields>
  void operator()(Fields&... all) {
    (get(all), ...);
  }
  ByteReader& bytes() { return bytes_; }
  /// What was wrong; empty when everything fitted and nothing is left.
  std::string finish() {
    if (!bytes_.at_end()) bytes_.refuse("bytes follow the last field");
    return std::move(bytes_.wrong);
  }

 private:
  template <std::unsigned_integral Number>
  void get(Number& number) {
    number = static_cast<Number>(bounded(std::numeric_limits<Number>::max()));
  }
  template <class Enum>
    requires std::is_enum_v<Enum>
  void get(Enum& value) {
    value = static_cast<Enum>(bounded(last_of(Enum{})));
  }
  void get(Milliseconds& time) {
    time = Milliseconds(static_cast<std::int64_t>(bytes_.take_number("a time")));
  }
  void get(std::string& text) { text = bytes_.take_text("a text"); }
  template <class Value>
  void get(std::optional<Value>& value) {
    bool there = false;
    get(there);
    if (there) get(value.emplace());
  }
  template <class Value>
  void get(std::vector<Value>& values) {
    const std::uint64_t count = bytes_.take_varint("a count");
    // Each takes a byte at least.
    if (count > bytes_.left()) return bytes_.refuse("more elements than bytes");
    values.clear();
    values.reserve(count);
    for (std::uint64_t i = 0; i < count && bytes_.wrong.empty(); ++i) get(values.emplace_back());
  }
  template <class Value, std::size_t count>
  void get(std::array<Value, count>& values) {
    for (Value& value : values) get(value);
  }
  template <class First, class Second>
  void get(std::pair<First, Second>& pair) {
    (*this)(pair.first, pair.second);
  }
  template <class Struct>
    requires std::is_class_v<Struct>
  void get(Struct& value) {
    Codec::fields(*this, value);
  }

  std::uint64_t bounded(std::uint64_t highest) {
    const std::uint64_t number = bytes_.take_number("a number");
    if (number <= highest) return number;
    bytes_.refuse("a number is too high");
    return 0;
  }

  ByteReader bytes_;
};

}  // namespace claims::server
