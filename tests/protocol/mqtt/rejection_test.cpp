// Every refusal of the decoder, named with the statement that it enforces. Each input is valid but
// for the one thing named, so that nothing else can refuse it.

#include <gtest/gtest.h>

#include <ostream>

#include "protocol/limits.h"
#include "protocol/mqtt/decoder.h"
#include "tests/protocol/mqtt/example_packets.h"

namespace claims::mqtt {
namespace {

using R = ReasonCode;
using Side = Decoder::Side;

struct Case {
  std::string input;
  R reason;
  std::string_view statement;  ///< Part of the words given.
};

/// The first error of a stream; a success has an empty `what`.
DecodeError error_of(Side side, Version version, const std::string& input) {
  Decoder decoder(side, 8'192, version);
  decoder.feed(input);
  while (const auto result = decoder.next()) {
    if (result->has_error()) return result->error();
  }
  return {R::success, ""};
}

void expect_refused(Side side, Version version, const std::vector<Case>& cases) {
  std::string prefix;
  if (side == Side::server) prefix = bytes_of({Connect{.version = version}}, version);
  for (const Case& one : cases) {
    const bool is_connect = (one.input[0] & 0xF0) == 0x10;
    const DecodeError error = error_of(side, version, (is_connect ? "" : prefix) + one.input);
    EXPECT_EQ(static_cast<int>(error.reason), static_cast<int>(one.reason))
        << one.statement << " gave " << error.what;
    EXPECT_NE(error.what.find(one.statement), std::string_view::npos)
        << one.statement << " gave " << error.what;
  }
}

std::string packet(std::uint8_t first, const std::string& body) {
  std::string out(1, static_cast<char>(first));
  for (std::size_t rest = body.size(); true; rest /= 128) {
    out.push_back(static_cast<char>(rest % 128 + (rest >= 128 ? 128 : 0)));
    if (rest < 128) return out + body;
  }
}
std::string text(const std::string& value) {
  return std::string{static_cast<char>(value.size() >> 8), static_cast<char>(value.size() & 255)} +
         value;
}
/// A PUBLISH of 5.0 with QoS 0, topic "t" and these properties.
std::string publish5(const std::string& properties, const std::string& topic = "t") {
  return packet(0x30, text(topic) + static_cast<char>(properties.size()) + properties);
}
std::string connect(std::uint8_t level, std::uint8_t flags, const std::string& rest) {
  return packet(0x10, text("MQTT") + static_cast<char>(level) + static_cast<char>(flags) +
                          bytes("\x00\x0A") + rest);
}
std::string connect5(const std::string& properties) {
  return connect(5, 0x02, static_cast<char>(properties.size()) + properties + text("c"));
}

TEST(Rejection, FixedHeader) {
  const std::vector<Case> both = {
      {bytes("\x00\x00"), R::malformed_packet, "a reserved packet type"},
      {bytes("\x20\x02\x00\x00"), R::protocol_error, "only the other side may send"},
      {bytes("\x90\x03\x00\x01\x00"), R::protocol_error, "only the other side may send"},
      {bytes("\xB0\x02\x00\x01"), R::protocol_error, "only the other side may send"},
      {bytes("\xD0\x00"), R::protocol_error, "only the other side may send"},
      {bytes("\x11\x00"), R::malformed_packet, "MQTT-2.2.2-2"},
      {bytes("\x41\x02\x00\x01"), R::malformed_packet, "MQTT-2.2.2-2"},
      {bytes("\x52\x02\x00\x01"), R::malformed_packet, "MQTT-2.2.2-2"},
      {bytes("\x60\x02\x00\x01"), R::malformed_packet, "MQTT-2.2.2-2"},  // MQTT-3.6.1-1
      {bytes("\x72\x02\x00\x01"), R::malformed_packet, "MQTT-2.2.2-2"},
      {bytes("\x80\x06\x00\x01\x00\x01t\x00"), R::malformed_packet, "MQTT-2.2.2-2"},
      {bytes("\xA0\x05\x00\x01\x00\x01t"), R::malformed_packet, "MQTT-2.2.2-2"},
      {bytes("\xC1\x00"), R::malformed_packet, "MQTT-2.2.2-2"},
      {bytes("\xE1\x00"), R::malformed_packet, "MQTT-2.2.2-2"},
      {bytes("\x36\x05\x00\x01t\x00\x01"), R::malformed_packet, "MQTT-3.3.1-4"},
      {bytes("\x38\x03\x00\x01t"), R::malformed_packet, "MQTT-3.3.1-2"},
      {bytes("\x30\xFF\xFF\xFF\x80"), R::malformed_packet, "remaining length of more than 4 bytes"},
      {bytes("\x30\xFF\xFF\xFF\x7F"), R::packet_too_large, "MQTT5-3.1.2-24"},
  };
  expect_refused(Side::server, Version::v3_1_1, both);
  expect_refused(Side::server, Version::v5_0, both);
  expect_refused(Side::server, Version::v3_1_1,
                 {{bytes("\xF0\x00"), R::malformed_packet, "a reserved packet type"}});
  expect_refused(Side::server, Version::v5_0,
                 {{bytes("\x30\x84\x00\x00\x01t\x00"), R::malformed_packet, "MQTT5-1.5.5-1"},
                  {bytes("\xF1\x00"), R::malformed_packet, "MQTT-2.2.2-2"}});
}

TEST(Rejection, FixedHeaderOnTheClientSide) {
  for (const Version version : {Version::v3_1_1, Version::v5_0}) {
    expect_refused(Side::client, version,
                   {{bytes("\x10\x00"), R::protocol_error, "only the other side may send"},
                    {bytes("\x82\x00"), R::protocol_error, "only the other side may send"},
                    {bytes("\xA2\x00"), R::protocol_error, "only the other side may send"},
                    {bytes("\xC0\x00"), R::protocol_error, "only the other side may send"}});
  }
  expect_refused(Side::client, Version::v3_1_1,
                 {{bytes("\xE0\x00"), R::protocol_error, "only the other side may send"}});
}

TEST(Rejection, Connect) {
  const std::string c = text("c");
  expect_refused(
      Side::server, Version::v3_1_1,
      {{packet(0x10, text("MQIsdp") + bytes("\x03\x02\x00\x0A") + c),
        R::unsupported_protocol_version, "MQTT-3.1.2-1"},
       {connect(3, 0x02, c), R::unsupported_protocol_version, "MQTT-3.1.2-2"},
       {connect(6, 0x02, c), R::unsupported_protocol_version, "MQTT-3.1.2-2"},
       {connect(0x84, 0x02, c), R::unsupported_protocol_version, "MQTT-3.1.2-2"},  // A bridge's.
       {connect(4, 0x03, c), R::malformed_packet, "MQTT-3.1.2-3"},
       {connect(4, 0x0A, c), R::malformed_packet, "MQTT-3.1.2-13"},
       {connect(4, 0x1E, c + text("t") + text("w")), R::malformed_packet, "MQTT-3.1.2-14"},
       {connect(4, 0x22, c), R::malformed_packet, "MQTT-3.1.2-15"},
       {connect(4, 0x42, c + text("p")), R::malformed_packet, "MQTT-3.1.2-22"},
       {connect(4, 0x06, c + text("t/#") + text("w")), R::malformed_packet, "MQTT-3.3.2-2"},
       {connect(4, 0x06, c + text("") + text("w")), R::malformed_packet, "MQTT-4.7.3-1"},
       {connect(4, 0x02, text("\xC0\x80")), R::malformed_packet, "MQTT-1.5.3-1"},
       {connect(4, 0x82, c + text("\xFF")), R::malformed_packet, "MQTT-1.5.3-1"},
       {connect(4, 0x82, c), R::malformed_packet, "the packet ends inside a field"},
       {connect(4, 0x02, c + "x"), R::malformed_packet, "bytes after the last field"},
       {packet(0x10, ""), R::malformed_packet, "the packet ends inside a field"}});
  const std::string long_topic(limits::kTopicBytesMax + 1, 't');
  expect_refused(
      Side::server, Version::v3_1_1,
      {{connect(4, 0x06, c + text(long_topic) + text("w")), R::topic_name_invalid, "bound"}});
}

TEST(Rejection, ConnectPropertiesOf5) {
  expect_refused(
      Side::server, Version::v5_0,
      {{connect5(bytes("\x21\x00\x00")), R::protocol_error, "must not be 0 is 0"},
       {connect5(bytes("\x27\x00\x00\x00\x00")), R::protocol_error, "must not be 0 is 0"},
       {connect5(bytes("\x17\x02")), R::protocol_error, "0 or 1 has another value"},
       {connect5(bytes("\x19\x02")), R::protocol_error, "0 or 1 has another value"},
       {connect5(bytes("\x16\x00\x01x")), R::protocol_error, "section 3.1.2.11.10"},
       {connect5(bytes("\x21\x00\x01\x21\x00\x01")), R::protocol_error, "a property twice"},
       {connect5(bytes("\x23\x00\x01")), R::malformed_packet, "may not carry"},
       {connect5(bytes("\x18\x00\x00\x00\x01")), R::malformed_packet, "may not carry"},
       {connect5(bytes("\x00\x01")), R::malformed_packet, "may not carry"},
       {connect5(bytes("\x7F\x01")), R::malformed_packet, "may not carry"},
       {connect5(bytes("\xA1\x01\x01")), R::malformed_packet, "may not carry"},  // Id 161.
       {connect5(bytes("\x11\x00\x00")), R::malformed_packet, "ends inside a field"},
       {connect(5, 0x02, bytes("\x05\x21")), R::malformed_packet, "ends inside a field"},
       {connect(5, 0x02, bytes("\x80\x00") + text("c")), R::malformed_packet, "MQTT5-1.5.5-1"},
       {connect(5, 0x02, bytes("\x80\x80\x80\x80\x01") + text("c")), R::malformed_packet,
        "more than 4 bytes"},
       // The will: receive maximum is not one of its properties.
       {connect(5, 0x06,
                bytes("\x00") + text("c") + bytes("\x03\x21\x00\x01") + text("t") + text("w")),
        R::malformed_packet, "may not carry"},
       {connect(5, 0x06,
                bytes("\x00") + text("c") + bytes("\x04\x08\x00\x01#") + text("t") + text("w")),
        R::malformed_packet, "MQTT-3.3.2-2"}});
  // A length of five bytes for what fits in one; the version is learned only after it.
  const std::string whole = connect5("");
  const std::string longer = std::string("\x10") + static_cast<char>(whole[1] | 0x80) +
                             std::string(1, '\0') + whole.substr(2);
  expect_refused(Side::server, Version::v5_0, {{longer, R::malformed_packet, "MQTT5-1.5.5-1"}});
}

TEST(Rejection, ConnackOnTheClientSide) {
  expect_refused(Side::client, Version::v3_1_1,
                 {{bytes("\x20\x02\x02\x00"), R::malformed_packet, "MQTT5-3.2.2-1"},
                  {bytes("\x20\x02\x00\x06"), R::malformed_packet, "a reserved return code"},
                  {bytes("\x20\x02\x01\x05"), R::protocol_error, "MQTT-3.2.2-4"},
                  {bytes("\x20\x03\x00\x00\x00"), R::malformed_packet, "bytes after the last"}});
  expect_refused(Side::client, Version::v5_0,
                 {{bytes("\x20\x03\x00\x10\x00"), R::protocol_error, "section 2.4"},
                  {bytes("\x20\x03\x01\x87\x00"), R::protocol_error, "MQTT-3.2.2-4"},
                  {bytes("\x20\x05\x00\x00\x02\x24\x02"), R::protocol_error, "0 or 1"},
                  {bytes("\x20\x02\x00\x00"), R::malformed_packet, "ends inside a field"}});
}

TEST(Rejection, Publish) {
  const std::string long_topic(limits::kTopicBytesMax + 1, 't');
  expect_refused(Side::server, Version::v3_1_1,
                 {{bytes("\x32\x05\x00\x01t\x00\x00"), R::protocol_error, "MQTT-2.3.1-1"},
                  {bytes("\x30\x03\x00\x01#"), R::malformed_packet, "MQTT-3.3.2-2"},
                  {bytes("\x30\x05\x00\x03+/t"), R::malformed_packet, "MQTT-3.3.2-2"},
                  {bytes("\x30\x02\x00\x00"), R::malformed_packet, "MQTT-4.7.3-1"},
                  {packet(0x30, text(long_topic)), R::topic_name_invalid, "bound of 1,024 bytes"},
                  {bytes("\x30\x03\x00\x01\x00"), R::malformed_packet, "MQTT-1.5.3-2"},
                  {bytes("\x30\x04\x00\x02\xC0\x80"), R::malformed_packet, "MQTT-1.5.3-1"},
                  {bytes("\x30\x05\x00\x03\xED\xA0\x80"), R::malformed_packet, "MQTT-1.5.3-1"},
                  {bytes("\x30\x05\x00\x03\xED\xBF\xBF"), R::malformed_packet, "MQTT-1.5.3-1"},
                  {bytes("\x30\x06\x00\x04\xF4\x90\x80\x80"), R::malformed_packet, "MQTT-1.5.3-1"},
                  {bytes("\x30\x06\x00\x04\xF0\x80\x80\x80"), R::malformed_packet, "MQTT-1.5.3-1"},
                  {bytes("\x30\x04\x00\x02\xE2\x82"), R::malformed_packet, "MQTT-1.5.3-1"},
                  {bytes("\x30\x03\x00\x01\x80"), R::malformed_packet, "MQTT-1.5.3-1"},
                  {bytes("\x30\x01\x00"), R::malformed_packet, "ends inside a field"},
                  {bytes("\x32\x03\x00\x01t"), R::malformed_packet, "ends inside a field"}});
}

TEST(Rejection, PublishOf5) {
  std::string many;
  for (std::size_t i = 0; i <= limits::kPropertiesPerPacketMax; ++i) many += bytes("\x26\0\0\0\0");
  const std::string length{static_cast<char>(many.size() % 128 + 128),
                           static_cast<char>(many.size() / 128)};
  expect_refused(
      Side::server, Version::v5_0,
      {{publish5("", ""), R::protocol_error, "neither a topic name nor a topic alias"},
       {publish5(bytes("\x23\x00\x00")), R::topic_alias_invalid, "MQTT5-3.3.2-8"},
       {publish5(bytes("\x08\x00\x03"
                       "a/+")),
        R::malformed_packet, "MQTT-3.3.2-2"},
       {publish5(bytes("\x01\x02")), R::protocol_error, "0 or 1"},
       {publish5(bytes("\x01\x01\x01\x01")), R::protocol_error, "a property twice"},
       {publish5(bytes("\x0B\x01")), R::protocol_error, "MQTT5-3.3.4-6"},
       {publish5(bytes("\x11\x00\x00\x00\x01")), R::malformed_packet, "may not carry"},
       {publish5(bytes("\x26\x00\x01")), R::malformed_packet, "ends inside a field"},
       {publish5(bytes("\x26\x00\x01n\x00\x01\xFF")), R::malformed_packet, "MQTT-1.5.3-1"},
       {publish5(bytes("\x03\x00\x01\x00")), R::malformed_packet, "MQTT-1.5.3-2"},
       {packet(0x30, text("t") + length + many), R::quota_exceeded, "bound of 64"},
       {bytes("\x30\x04\x00\x01t\x01"), R::malformed_packet, "ends inside a field"}});
  expect_refused(Side::client, Version::v5_0,
                 {{publish5(bytes("\x0B\x00")), R::protocol_error, "must not be 0 is 0"}});
}

TEST(Rejection, Acknowledgements) {
  for (const char type : {'\x40', '\x50', '\x62', '\x70'}) {
    const auto ack = [type](const std::string& body) {
      return packet(static_cast<std::uint8_t>(type), body);
    };
    expect_refused(Side::server, Version::v3_1_1,
                   {{ack(bytes("\x00\x00")), R::protocol_error, "MQTT-2.3.1-1"},
                    {ack(bytes("\x00\x01\x00")), R::malformed_packet, "bytes after the last"},
                    {ack(bytes("\x00")), R::malformed_packet, "ends inside a field"}});
    expect_refused(
        Side::server, Version::v5_0,
        {{ack(bytes("\x00\x00")), R::protocol_error, "MQTT-2.3.1-1"},
         {ack(bytes("\x00\x01\x01")), R::protocol_error, "section 2.4"},
         {ack(bytes("\x00\x01\x00\x03\x21\x00\x01")), R::malformed_packet, "may not carry"},
         {ack(bytes("\x00\x01\x00\x00\x00")), R::malformed_packet, "bytes after the last"}});
  }
}

TEST(Rejection, Subscribe) {
  std::string many = bytes("\x00\x01");
  for (std::size_t i = 0; i <= limits::kTopicFiltersPerPacketMax; ++i) many += bytes("\0\1t\0");
  const std::string long_filter(limits::kTopicBytesMax + 1, 't');
  const auto filter = [](const std::string& name) {
    return packet(0x82, bytes("\x00\x01") + text(name) + bytes("\x00"));
  };
  expect_refused(Side::server, Version::v3_1_1,
                 {{bytes("\x82\x06\x00\x00\x00\x01t\x00"), R::protocol_error, "MQTT-2.3.1-1"},
                  {bytes("\x82\x02\x00\x01"), R::protocol_error, "MQTT-3.8.3-3"},
                  {bytes("\x82\x06\x00\x01\x00\x01t\x03"), R::protocol_error, "MQTT-3-8.3-4"},
                  {bytes("\x82\x06\x00\x01\x00\x01t\x04"), R::malformed_packet, "MQTT-3-8.3-4"},
                  {bytes("\x82\x06\x00\x01\x00\x01t\x80"), R::malformed_packet, "MQTT-3-8.3-4"},
                  {bytes("\x82\x05\x00\x01\x00\x01t"), R::malformed_packet, "ends inside a field"},
                  {filter(""), R::malformed_packet, "MQTT-4.7.3-1"},
                  {filter("a/#/b"), R::malformed_packet, "MQTT-4.7.1-2"},
                  {filter("a#"), R::malformed_packet, "MQTT-4.7.1-2"},
                  {filter("#/"), R::malformed_packet, "MQTT-4.7.1-2"},
                  {filter("a+"), R::malformed_packet, "MQTT-4.7.1-3"},
                  {filter("+a/b"), R::malformed_packet, "MQTT-4.7.1-3"},
                  {filter("\xED\xA0\x80"), R::malformed_packet, "MQTT-1.5.3-1"},
                  {filter(long_filter), R::topic_filter_invalid, "bound of 1,024 bytes"},
                  {packet(0x82, many), R::quota_exceeded, "bound of 64"}});
}

TEST(Rejection, SubscribeOf5) {
  const auto filter = [](const std::string& name, char options) {
    return packet(0x82, bytes("\x00\x01\x00") + text(name) + options);
  };
  expect_refused(
      Side::server, Version::v5_0,
      {{bytes("\x82\x03\x00\x01\x00"), R::protocol_error, "MQTT-3.8.3-3"},
       {filter("t", '\x03'), R::protocol_error, "MQTT-3-8.3-4"},
       {filter("t", '\x30'), R::protocol_error, "retain handling 3"},
       {filter("t", '\x40'), R::malformed_packet, "MQTT-3-8.3-4"},
       {filter("$share/g/t", '\x04'), R::protocol_error, "MQTT5-3.8.3-4"},
       {filter("$share//t", '\x00'), R::malformed_packet, "MQTT5-4.8.2-1"},
       {filter("$share/g", '\x00'), R::malformed_packet, "MQTT5-4.8.2-2"},
       {filter("$share/g/", '\x00'), R::malformed_packet, "MQTT5-4.8.2-2"},
       {filter("$share/+/t", '\x00'), R::malformed_packet, "MQTT5-4.8.2-2"},
       {bytes("\x82\x09\x00\x01\x02\x0B\x00\x00\x01t\x00"), R::protocol_error, "is 0"},
       {bytes("\x82\x0B\x00\x01\x04\x0B\x01\x0B\x02\x00\x01t\x00"), R::protocol_error, "twice"}});
}

TEST(Rejection, Unsubscribe) {
  std::string many = bytes("\x00\x01");
  for (std::size_t i = 0; i <= limits::kTopicFiltersPerPacketMax; ++i) many += bytes("\0\1t");
  expect_refused(Side::server, Version::v3_1_1,
                 {{bytes("\xA2\x05\x00\x00\x00\x01t"), R::protocol_error, "MQTT-2.3.1-1"},
                  {bytes("\xA2\x02\x00\x01"), R::protocol_error, "MQTT-3.10.3-2"},
                  {bytes("\xA2\x06\x00\x01\x00\x02#t"), R::malformed_packet, "MQTT-4.7.1-2"},
                  {bytes("\xA2\x06\x00\x01\x00\x01tx"), R::malformed_packet, "ends inside"},
                  {packet(0xA2, many), R::quota_exceeded, "bound of 64"}});
  expect_refused(Side::server, Version::v5_0,
                 {{bytes("\xA2\x03\x00\x01\x00"), R::protocol_error, "MQTT-3.10.3-2"}});
}

TEST(Rejection, SubackAndUnsubackOnTheClientSide) {
  expect_refused(
      Side::client, Version::v3_1_1,
      {{bytes("\x90\x03\x00\x01\x03"), R::protocol_error, "section 2.4"},
       {bytes("\x90\x03\x00\x01\x87"), R::protocol_error, "MQTT-3.9.3-2"},
       {bytes("\x90\x03\x00\x00\x00"), R::protocol_error, "MQTT-2.3.1-1"},
       {bytes("\x90\x02\x00\x01"), R::malformed_packet, "ends inside a field"},
       {packet(0x90, bytes("\x00\x01") + std::string(65, '\0')), R::quota_exceeded, "bound of 64"},
       {bytes("\xB0\x03\x00\x01\x00"), R::malformed_packet, "bytes after the last"}});
  expect_refused(Side::client, Version::v5_0,
                 {{bytes("\xB0\x04\x00\x01\x00\x01"), R::protocol_error, "section 2.4"},
                  {bytes("\xB0\x03\x00\x01\x00"), R::malformed_packet, "ends inside a field"}});
}

TEST(Rejection, PacketsWithoutABodyHaveNone) {
  expect_refused(Side::server, Version::v3_1_1,
                 {{bytes("\xC0\x01x"), R::malformed_packet, "bytes after the last"},
                  {bytes("\xE0\x01\x00"), R::malformed_packet, "bytes after the last"}});
  expect_refused(Side::client, Version::v3_1_1,
                 {{bytes("\xD0\x01x"), R::malformed_packet, "bytes after the last"}});
}

TEST(Rejection, DisconnectAndAuthOf5) {
  expect_refused(Side::server, Version::v5_0,
                 {{bytes("\xE0\x01\x8B"), R::protocol_error, "section 2.4"},  // A server's reason.
                  {bytes("\xE0\x01\x7F"), R::protocol_error, "section 2.4"},
                  {bytes("\xE0\x06\x00\x04\x1C\x00\x01s"), R::protocol_error, "section 3.14.2.2.5"},
                  {bytes("\xE0\x03\x00\x00x"), R::malformed_packet, "bytes after the last"},
                  {bytes("\xF0\x00"), R::protocol_error, "MQTT5-3.15.2-1"},
                  {bytes("\xF0\x01\x18"), R::malformed_packet, "ends inside a field"},
                  {bytes("\xF0\x06\x18\x04\x16\x00\x01x"), R::protocol_error, "section 3.15.2.2.2"},
                  {bytes("\xF0\x02\x18\x00"), R::protocol_error, "section 3.15.2.2.2"}});
  expect_refused(
      Side::client, Version::v5_0,
      {{bytes("\xE0\x01\x04"), R::protocol_error, "section 2.4"},  // A client's reason.
       {bytes("\xE0\x07\x00\x05\x11\x00\x00\x00\x01"), R::protocol_error, "MQTT5-3.14.2-2"},
       {bytes("\xF0\x02\x19\x00"), R::protocol_error, "section 2.4"}});
}

TEST(Rejection, WhatIsExactlyAtABoundPasses) {
  const auto expect_accepted = [](const std::string& input) {
    const std::string first = bytes_of({Connect{.version = Version::v5_0}}, Version::v5_0);
    EXPECT_EQ(error_of(Side::server, Version::v5_0, first + input).what, "");
  };
  expect_accepted(publish5("", std::string(limits::kTopicBytesMax, 't')));
  expect_accepted(
      packet(0x82, bytes("\0\1\0") + text(std::string(limits::kTopicBytesMax, 't')) + bytes("\0")));
  std::string filters = bytes("\0\1\0");
  for (std::size_t i = 0; i < limits::kTopicFiltersPerPacketMax; ++i) filters += bytes("\0\1t\0");
  expect_accepted(packet(0x82, filters));
  std::string properties;
  for (std::size_t i = 0; i < limits::kPropertiesPerPacketMax; ++i) {
    properties += bytes("\x26\0\0\0\0");
  }
  expect_accepted(packet(0x30, text("t") + bytes("\xA0\x01") + properties));
}

TEST(Rejection, TheFirstErrorStaysAndNothingIsReadAfterIt) {
  Decoder decoder(Side::client, 8'192);
  const std::string stream = bytes("\xD0\x00\xD1\x00\xD0\x00");
  decoder.feed(stream);
  EXPECT_TRUE(decoder.next()->has_value());
  for (int i = 0; i < 3; ++i) {
    const auto result = decoder.next();
    ASSERT_TRUE(result && result->has_error());
    EXPECT_EQ(result->error().what, "reserved flags of the fixed header [MQTT-2.2.2-2]");
    decoder.feed(stream);
  }
}

}  // namespace
}  // namespace claims::mqtt
