#pragma once
// Device: what a user sits at, each with a connection and an MQTT session of its own (CMO-001).

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "simulator/limits.h"

namespace claims::storm {

/// Its number is its place among the user's devices: everybody has a PC, the second is a phone.
enum class Device : std::uint8_t { pc, phone, tablet };

inline constexpr std::array<std::string_view, limits::kDevicesPerUserMax> kDeviceNames{
    "pc", "phone", "tablet"};
inline std::string_view to_string(Device device) {
  return kDeviceNames[static_cast<std::size_t>(device)];
}
inline std::optional<Device> parse_device(std::string_view name) {
  for (std::size_t i = 0; i < kDeviceNames.size(); ++i) {
    if (kDeviceNames[i] == name) return static_cast<Device>(i);
  }
  return std::nullopt;
}

}  // namespace claims::storm
