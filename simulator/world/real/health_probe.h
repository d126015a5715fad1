#pragma once
// HealthProbe: asks the embedded server's /healthz how it is, without ever waiting for it.

#include <cstdint>
#include <optional>
#include <string>

#include "protocol/time.h"
#include "simulator/world/real/descriptor.h"

namespace claims::storm {

class HealthProbe {
 public:
  enum class Health : std::uint8_t {
    ok,           ///< 200
    unavailable,  ///< 503
    silent,       ///< No answer within kPatience, or none that can be read.
  };
  static constexpr Microseconds kPatience{1'000'000};

  /// Gives up what was asked before. `url`: "http://127.0.0.1:34567", of this machine.
  void ask(const std::string& url, const Now& now);
  bool asking() const { return asking_; }
  /// What came of it, once; nothing while it is asking or when nothing was asked.
  std::optional<Health> look(const Now& now);
  /// What it said last: the status line and the body, "503 Service Unavailable: {…}".
  std::string said() const;

 private:
  bool send_rest();
  bool read_rest();

  Descriptor socket_;
  bool asking_ = false;
  std::string unsent_, answer_;
  Microseconds until_{0};
};

}  // namespace claims::storm
