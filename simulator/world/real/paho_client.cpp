#include "simulator/world/real/paho_client.h"

#include <MQTTAsync.h>
#include <MQTTProperties.h>
#include <fmt/format.h>
#include <mqtt/async_client.h>

#include <atomic>
#include <cassert>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "simulator/limits.h"

namespace claims::storm {
namespace {

using boost::system::in_place_error;

/// More than a virtual user ever has unsent: it keeps to its window.
constexpr int kBufferedMax = 512;
constexpr int kInflightMax = 512;
constexpr int kFailure = 0x80;  // Reason codes from here on are failures.

::mqtt::properties to_paho(const mqtt::Properties& properties) {
  ::mqtt::properties all;
  for (const mqtt::Property& one : properties) {
    const auto code = static_cast<::mqtt::property::code>(one.id);
    switch (MQTTProperty_getType(static_cast<MQTTPropertyCodes>(one.id))) {
      case MQTTPROPERTY_TYPE_BINARY_DATA:
      case MQTTPROPERTY_TYPE_UTF_8_ENCODED_STRING:
        all.add({code, std::string(one.text)});
        break;
      case MQTTPROPERTY_TYPE_UTF_8_STRING_PAIR:
        all.add({code, std::string(one.text), std::string(one.value)});
        break;
      default:
        all.add({code, static_cast<std::int32_t>(one.number)});
    }
  }
  return all;
}

std::string text_of(const MQTTLenString& text) {
  return text.data == nullptr ? std::string()
                              : std::string(text.data, static_cast<std::size_t>(text.len));
}

PahoProperty from_paho(const MQTTProperty& one) {
  PahoProperty property{
      .id = static_cast<mqtt::PropertyId>(one.identifier), .text = {}, .value = {}};
  switch (MQTTProperty_getType(one.identifier)) {
    case MQTTPROPERTY_TYPE_BYTE:
      property.number = one.value.byte;
      break;
    case MQTTPROPERTY_TYPE_TWO_BYTE_INTEGER:
      property.number = one.value.integer2;
      break;
    case MQTTPROPERTY_TYPE_FOUR_BYTE_INTEGER:
    case MQTTPROPERTY_TYPE_VARIABLE_BYTE_INTEGER:
      property.number = one.value.integer4;
      break;
    case MQTTPROPERTY_TYPE_UTF_8_STRING_PAIR:
      property.value = text_of(one.value.value);
      property.text = text_of(one.value.data);
      break;
    default:
      property.text = text_of(one.value.data);
  }
  return property;
}

PahoProperties from_paho(const ::mqtt::properties& properties) {
  PahoProperties all;
  const MQTTProperties& them = properties.c_struct();
  all.reserve(static_cast<std::size_t>(them.count));
  for (int i = 0; i < them.count; ++i) all.push_back(from_paho(them.array[i]));
  return all;
}

/// A user's packet identifier, as the context that Paho keeps for a call.
void* context_of(std::uint16_t packet_id) {
  return reinterpret_cast<void*>(std::uintptr_t{packet_id});  // NOLINT(performance-no-int-to-ptr)
}
std::uint16_t packet_id_of(const ::mqtt::token& token) {
  return static_cast<std::uint16_t>(reinterpret_cast<std::uintptr_t>(token.get_user_context()));
}

mqtt::ReasonCode reason_of(int code) {
  return static_cast<mqtt::ReasonCode>(code);
}

/// Of SUBACK. When the first filter was refused Paho keeps the answers to the others to itself.
std::vector<mqtt::ReasonCode> reasons_of(const ::mqtt::token& token) {
  std::vector<mqtt::ReasonCode> reasons;
  if (token.get_reason_code() >= kFailure) {
    reasons.assign(token.get_topics()->size(), reason_of(token.get_reason_code()));
    return reasons;
  }
  const ::mqtt::subscribe_response response = token.get_subscribe_response();
  for (const ::mqtt::ReasonCode reason : response.get_reason_codes()) {
    reasons.push_back(reason_of(reason));
  }
  return reasons;
}

/// What Paho throws is an error of the call.
template <class Call>
Result<void, std::string> carry_out(const Call& call) {
  try {
    call();
    return {};
  } catch (const ::mqtt::exception& error) {
    return {in_place_error, fmt::format("Paho: {}", error.what())};
  }
}

::mqtt::connect_options options_of(const mqtt::Connect& connect) {
  ::mqtt::connect_options options;
  options.set_mqtt_version(static_cast<int>(connect.version));
  options.set_automatic_reconnect(false);
  options.set_keep_alive_interval(connect.keep_alive_s);
  options.set_max_inflight(kInflightMax);
  options.set_connect_timeout(
      std::chrono::duration_cast<std::chrono::seconds>(limits::kConnectTimeout));
  if (connect.username) options.set_user_name(std::string(*connect.username));
  if (connect.password) options.set_password(std::string(*connect.password));
  if (connect.version == mqtt::Version::v5_0) {
    options.set_clean_start(connect.clean_start);
    options.set_properties(to_paho(connect.properties));
  } else {
    options.set_clean_session(connect.clean_start);
  }
  return options;
}

}  // namespace

std::string paho_version() {
  return fmt::format("Eclipse Paho C++ {}.{}.{}", ::mqtt::VERSION >> 24U,
                     ::mqtt::VERSION >> 16U & 0xFFU, ::mqtt::VERSION >> 8U & 0xFFU);
}

struct PahoThreads::Impl {
  // Never connects.
  ::mqtt::async_client client{"tcp://127.0.0.1:1", "claimstorm"};
};

PahoThreads::PahoThreads() : impl_(std::make_unique<Impl>()) {}
PahoThreads::~PahoThreads() = default;

struct PahoClient::Impl final : ::mqtt::iaction_listener {
  Impl(std::string where, PahoQueue::Connection name, PahoQueue& reports)
      : uri(std::move(where)), connection(name), queue(reports) {}

  // Called by Paho's threads.
  void on_success(const ::mqtt::token& token) override {
    switch (token.get_type()) {
      case ::mqtt::token::CONNECT: {
        const auto response = token.get_connect_response();
        report(PahoConnected{response.is_session_present(), from_paho(response.get_properties())});
        break;
      }
      case ::mqtt::token::SUBSCRIBE:
        report(PahoSubscribed{packet_id_of(token), reasons_of(token)});
        break;
      case ::mqtt::token::UNSUBSCRIBE:
        report(PahoUnsubscribed{packet_id_of(token), {}});
        break;
      case ::mqtt::token::PUBLISH:
        // Of QoS 0 it has left, and nobody waits for that.
        if (packet_id_of(token) != 0) report(PahoPublished{packet_id_of(token), {}});
        break;
      case ::mqtt::token::DISCONNECT:
        report(PahoGone{});
        break;
      default:
        break;
    }
  }

  void on_failure(const ::mqtt::token& token) override {
    // Where a server's refusal stands: in 3.1.1 there is only a code.
    const int code = token.get_return_code();
    const int refusal = token.get_reason_code() >= kFailure ? token.get_reason_code() : code;
    switch (token.get_type()) {
      case ::mqtt::token::CONNECT:
        report(PahoNotConnected{code, "Paho: no connection, or none that answered CONNECT"});
        break;
      case ::mqtt::token::SUBSCRIBE:
        if (refusal >= kFailure) report(PahoSubscribed{packet_id_of(token), {reason_of(refusal)}});
        break;
      case ::mqtt::token::UNSUBSCRIBE:
        if (refusal >= kFailure) report(PahoUnsubscribed{packet_id_of(token), reason_of(refusal)});
        break;
      case ::mqtt::token::PUBLISH:
        if (refusal >= kFailure) report(PahoPublished{packet_id_of(token), reason_of(refusal)});
        break;
      case ::mqtt::token::DISCONNECT:
        report(PahoGone{});
        break;
      default:
        break;  // The connection is lost, and that is reported by itself.
    }
  }

  void take_message(const ::mqtt::message& message) {
    report(PahoMessage{.topic = message.get_topic(),
                       .payload = message.get_payload(),
                       .qos = static_cast<mqtt::QoS>(message.get_qos()),
                       .retain = message.is_retained(),
                       .dup = message.is_duplicate(),
                       .properties = from_paho(message.get_properties())});
  }

  void report(PahoReport what) {
    if (!muted) queue.put(connection, std::move(what));
  }

  const std::string uri;
  const PahoQueue::Connection connection;
  PahoQueue& queue;
  std::atomic<bool> muted = false;
  bool disconnecting = false;
  // The last, so that it ends first: until then it calls back.
  std::optional<::mqtt::async_client> client;
};

PahoClient::PahoClient(std::string uri, PahoQueue::Connection connection, PahoQueue& queue)
    : impl_(std::make_unique<Impl>(std::move(uri), connection, queue)) {}

PahoClient::~PahoClient() {
  impl_->muted = true;
}

bool PahoClient::disconnecting() const {
  return impl_->disconnecting;
}

Result<void, std::string> PahoClient::connect(const mqtt::Connect& connect) {
  return carry_out([&] {
    const ::mqtt::create_options creation(static_cast<int>(connect.version), kBufferedMax);
    Impl* const impl = impl_.get();
    auto& client = impl->client.emplace(impl->uri, std::string(connect.client_id), creation);
    client.set_message_callback(
        [impl](const ::mqtt::const_message_ptr& message) { impl->take_message(*message); });
    client.set_connection_lost_handler([impl](const std::string&) { impl->report(PahoLost{}); });
    client.set_disconnected_handler([impl](const ::mqtt::properties&, ::mqtt::ReasonCode reason) {
      impl->report(PahoDisconnected{reason_of(reason)});
    });
    client.connect(options_of(connect), nullptr, *impl);
  });
}

Result<void, std::string> PahoClient::subscribe(const mqtt::Subscribe& subscribe) {
  assert(impl_->client && "CONNECT comes first");
  std::vector<std::string> filters;
  ::mqtt::iasync_client::qos_collection qos;
  for (const mqtt::TopicFilter& one : subscribe.filters) {
    // Paho C++ 1.2.0 loses the list of options on its way to Paho C, which then reads nothing's.
    if (one.no_local || one.retain_as_published || one.retain_handling != 0) {
      return {in_place_error, "subscription options are not asked of Paho"};
    }
    filters.emplace_back(one.filter);
    qos.push_back(static_cast<int>(one.qos));
  }
  return carry_out([&] {
    impl_->client->subscribe(::mqtt::string_collection::create(std::move(filters)), qos,
                             context_of(subscribe.packet_id), *impl_, {},
                             to_paho(subscribe.properties));
  });
}

Result<void, std::string> PahoClient::unsubscribe(const mqtt::Unsubscribe& unsubscribe) {
  assert(impl_->client && "CONNECT comes first");
  return carry_out([&] {
    std::vector<std::string> filters(unsubscribe.filters.begin(), unsubscribe.filters.end());
    impl_->client->unsubscribe(::mqtt::string_collection::create(std::move(filters)),
                               context_of(unsubscribe.packet_id), *impl_);
  });
}

Result<void, std::string> PahoClient::publish(const mqtt::Publish& publish) {
  assert(impl_->client && "CONNECT comes first");
  return carry_out([&] {
    const auto message =
        ::mqtt::make_message(std::string(publish.topic), std::string(publish.payload),
                             static_cast<int>(publish.qos), publish.retain);
    if (!publish.properties.empty()) message->set_properties(to_paho(publish.properties));
    impl_->client->publish(message, context_of(publish.packet_id), *impl_);
  });
}

Result<void, std::string> PahoClient::disconnect(const mqtt::Disconnect&) {
  assert(impl_->client && "CONNECT comes first");
  return carry_out([&] {
    impl_->client->disconnect(0, nullptr, *impl_);
    impl_->disconnecting = true;
  });
}

}  // namespace claims::storm
