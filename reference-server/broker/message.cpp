#include "reference-server/broker/message.h"

namespace claims::server {

Message::Message(const MessageView& view)
    : topic_bytes_(static_cast<std::uint32_t>(view.topic.size())),
      property_bytes_(static_cast<std::uint32_t>(view.properties.size())),
      user_bytes_(static_cast<std::uint32_t>(view.publisher.user.size())),
      client_id_bytes_(static_cast<std::uint32_t>(view.publisher.client_id.size())),
      qos_(view.qos),
      retain_(view.retain),
      expires_at_(view.expires_at) {
  bytes_.reserve(view.topic.size() + view.properties.size() + view.publisher.user.size() +
                 view.publisher.client_id.size() + view.payload.size());
  bytes_.append(view.topic).append(view.properties);
  bytes_.append(view.publisher.user).append(view.publisher.client_id).append(view.payload);
}

MessageView Message::view() const {
  std::string_view rest = bytes_;
  const auto take = [&rest](std::size_t bytes) {
    const std::string_view taken = rest.substr(0, bytes);
    rest.remove_prefix(bytes);
    return taken;
  };
  const std::string_view topic = take(topic_bytes_), properties = take(property_bytes_);
  const std::string_view user = take(user_bytes_), client_id = take(client_id_bytes_);
  return {.topic = topic,
          .payload = rest,
          .properties = properties,
          .qos = qos_,
          .retain = retain_,
          .expires_at = expires_at_,
          .publisher = {user, client_id}};
}

}  // namespace claims::server
