#include "protocol/mqtt/reason_codes.h"

#include <algorithm>
#include <array>
#include <span>

namespace claims::mqtt {
namespace {

using R = ReasonCode;
using Side = Decoder::Side;

constexpr std::array kConnack = {
    R::success,
    R::unspecified_error,
    R::malformed_packet,
    R::protocol_error,
    R::implementation_specific_error,
    R::unsupported_protocol_version,
    R::client_identifier_not_valid,
    R::bad_user_name_or_password,
    R::not_authorized,
    R::server_unavailable,
    R::server_busy,
    R::banned,
    R::bad_authentication_method,
    R::topic_name_invalid,
    R::packet_too_large,
    R::quota_exceeded,
    R::payload_format_invalid,
    R::retain_not_supported,
    R::qos_not_supported,
    R::use_another_server,
    R::server_moved,
    R::connection_rate_exceeded,
};
constexpr std::array kPubackPubrec = {
    R::success,
    R::no_matching_subscribers,
    R::unspecified_error,
    R::implementation_specific_error,
    R::not_authorized,
    R::topic_name_invalid,
    R::packet_identifier_in_use,
    R::quota_exceeded,
    R::payload_format_invalid,
};
constexpr std::array kPubrelPubcomp = {R::success, R::packet_identifier_not_found};
constexpr std::array kSuback = {
    R::success,
    R::granted_qos_1,
    R::granted_qos_2,
    R::unspecified_error,
    R::implementation_specific_error,
    R::not_authorized,
    R::topic_filter_invalid,
    R::packet_identifier_in_use,
    R::quota_exceeded,
    R::shared_subscriptions_not_supported,
    R::subscription_identifiers_not_supported,
    R::wildcard_subscriptions_not_supported,
};
constexpr std::array kUnsuback = {
    R::success,
    R::no_subscription_existed,
    R::unspecified_error,
    R::implementation_specific_error,
    R::not_authorized,
    R::topic_filter_invalid,
    R::packet_identifier_in_use,
};
constexpr std::array kDisconnectFromEither = {
    R::success,
    R::unspecified_error,
    R::malformed_packet,
    R::protocol_error,
    R::implementation_specific_error,
    R::topic_name_invalid,
    R::receive_maximum_exceeded,
    R::topic_alias_invalid,
    R::packet_too_large,
    R::message_rate_too_high,
    R::quota_exceeded,
    R::administrative_action,
    R::payload_format_invalid,
};
constexpr std::array kDisconnectFromServer = {
    R::not_authorized,
    R::server_busy,
    R::server_shutting_down,
    R::keep_alive_timeout,
    R::session_taken_over,
    R::topic_filter_invalid,
    R::retain_not_supported,
    R::qos_not_supported,
    R::use_another_server,
    R::server_moved,
    R::shared_subscriptions_not_supported,
    R::connection_rate_exceeded,
    R::maximum_connect_time,
    R::subscription_identifiers_not_supported,
    R::wildcard_subscriptions_not_supported,
};

bool contains(std::span<const ReasonCode> reasons, ReasonCode reason) {
  return std::find(reasons.begin(), reasons.end(), reason) != reasons.end();
}

bool disconnect_allowed(Side receiver, ReasonCode reason) {
  if (contains(kDisconnectFromEither, reason)) return true;
  return receiver == Side::server ? reason == R::disconnect_with_will
                                  : contains(kDisconnectFromServer, reason);
}

bool auth_allowed(Side receiver, ReasonCode reason) {
  return reason == R::continue_authentication ||
         reason == (receiver == Side::server ? R::reauthenticate : R::success);
}

}  // namespace

bool reason_allowed(PacketType type, Decoder::Side receiver, ReasonCode reason) {
  switch (type) {
    case PacketType::connack:
      return contains(kConnack, reason);
    case PacketType::puback:
    case PacketType::pubrec:
      return contains(kPubackPubrec, reason);
    case PacketType::pubrel:
    case PacketType::pubcomp:
      return contains(kPubrelPubcomp, reason);
    case PacketType::suback:
      return contains(kSuback, reason);
    case PacketType::unsuback:
      return contains(kUnsuback, reason);
    case PacketType::disconnect:
      return disconnect_allowed(receiver, reason);
    case PacketType::auth:
      return auth_allowed(receiver, reason);
    default:
      return false;
  }
}

std::optional<ReasonCode> from_connect_return_code(std::uint8_t code) {
  constexpr std::array kReasons = {R::success,
                                   R::unsupported_protocol_version,
                                   R::client_identifier_not_valid,
                                   R::server_unavailable,
                                   R::bad_user_name_or_password,
                                   R::not_authorized};
  if (code >= kReasons.size()) return std::nullopt;
  return kReasons[code];
}

std::uint8_t to_connect_return_code(ReasonCode reason) {
  switch (reason) {
    case R::success:
      return 0;
    case R::unsupported_protocol_version:
      return 1;
    case R::client_identifier_not_valid:
      return 2;
    case R::bad_user_name_or_password:
    case R::bad_authentication_method:
      return 4;
    case R::not_authorized:
    case R::banned:
      return 5;
    default:
      return 3;
  }
}

}  // namespace claims::mqtt
