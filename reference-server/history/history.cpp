#include "reference-server/history/history.h"

namespace claims::server {

std::string_view vehicle_of(std::string_view event) {
  // Within a string of the JSON text a quote has a backslash before it, so the first match is the
  // field itself, behind the sender's object. Plates hold nothing that is escaped.
  constexpr std::string_view kKey = R"(},"vehicle":")";
  const std::size_t at = event.find(kKey);
  if (at == std::string_view::npos) return {};
  const std::size_t begin = at + kKey.size();
  return event.substr(begin, event.find('"', begin) - begin);
}

}  // namespace claims::server
