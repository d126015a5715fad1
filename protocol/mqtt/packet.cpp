#include "protocol/mqtt/packet.h"

namespace claims::mqtt {

const Property* find(const Properties& properties, PropertyId id) {
  for (const Property& property : properties) {
    if (property.id == id) return &property;
  }
  return nullptr;
}

std::uint32_t number_or(const Properties& properties, PropertyId id, std::uint32_t otherwise) {
  const Property* property = find(properties, id);
  return property == nullptr ? otherwise : property->number;
}

}  // namespace claims::mqtt
