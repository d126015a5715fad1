#include "reference-server/net/version.h"

namespace claims::server {

std::string_view version() {
  return CLAIMS_VERSION;
}

}  // namespace claims::server
