#include "reference-server/chat/text_template.h"

namespace claims::server {
namespace {

const std::string_view* name_of(std::string_view placeholder, const TemplateNames& names) {
  if (placeholder == "{adjuster}") return &names.adjuster;
  if (placeholder == "{garage}") return &names.garage;
  if (placeholder == "{plate}") return &names.plate;
  return nullptr;
}

/// The {…} that begins at text[at], empty without its closing brace.
std::string_view placeholder_at(std::string_view text, std::size_t at) {
  const std::size_t end = text.find('}', at);
  return end == std::string_view::npos ? std::string_view{} : text.substr(at, end + 1 - at);
}

}  // namespace

std::string expand_template(std::string_view text, const TemplateNames& names) {
  std::string out;
  std::size_t begin = 0;
  for (std::size_t at = text.find('{'); at != std::string_view::npos; at = text.find('{', at)) {
    const std::string_view placeholder = placeholder_at(text, at);
    const std::string_view* name = name_of(placeholder, names);
    if (name == nullptr) {
      ++at;
      continue;
    }
    out.append(text, begin, at - begin);
    out += *name;
    at += placeholder.size();
    begin = at;
  }
  out.append(text, begin);
  return out;
}

std::optional<std::string> unknown_placeholder(std::string_view text) {
  for (std::size_t at = text.find('{'); at != std::string_view::npos; at = text.find('{', at + 1)) {
    const std::string_view placeholder = placeholder_at(text, at);
    if (placeholder.empty()) return std::string(text.substr(at, 1));
    if (name_of(placeholder, {}) == nullptr) return std::string(placeholder);
  }
  return std::nullopt;
}

}  // namespace claims::server
