#include "reference-server/broker/message.h"

namespace claims::server {

Message::Message(const MessageView& view)
    : topic_bytes_(static_cast<std::uint32_t>(view.topic.size())),
      property_bytes_(static_cast<std::uint32_t>(view.properties.size())),
      qos_(view.qos),
      retain_(view.retain),
      publisher_(view.publisher),
      expires_at_(view.expires_at) {
  bytes_.reserve(view.topic.size() + view.properties.size() + view.payload.size());
  bytes_.append(view.topic).append(view.properties).append(view.payload);
}

MessageView Message::view() const {
  const std::string_view all = bytes_;
  return {.topic = all.substr(0, topic_bytes_),
          .payload = all.substr(topic_bytes_ + property_bytes_),
          .properties = all.substr(topic_bytes_, property_bytes_),
          .qos = qos_,
          .retain = retain_,
          .expires_at = expires_at_,
          .publisher = publisher_};
}

}  // namespace claims::server
