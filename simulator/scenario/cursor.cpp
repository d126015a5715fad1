#include <fmt/format.h>

#include <algorithm>

#include "protocol/chat/ids.h"
#include "simulator/scenario/document.h"
#include "simulator/scenario/near_miss.h"

namespace claims::storm {
namespace {

/// RFC 6901.
std::string escape(std::string_view key) {
  std::string escaped;
  for (const char c : key) {
    if (c == '~') {
      escaped += "~0";
    } else if (c == '/') {
      escaped += "~1";
    } else {
      escaped += c;
    }
  }
  return escaped;
}

}  // namespace

void Cursor::error(std::string found, std::string allowed) const {
  errors_->push_back({place(), std::move(found), std::move(allowed)});
}

void Cursor::error(std::string allowed) const {
  error(describe(*node_), std::move(allowed));
}

bool Cursor::is_object() const {
  if (node_->kind == JsonNode::Kind::object) return true;
  error("an object");
  return false;
}

std::optional<std::string> Cursor::text() const {
  if (node_->kind == JsonNode::Kind::text) return node_->text;
  error("a text");
  return std::nullopt;
}

std::optional<std::string> Cursor::name() const {
  if (node_->kind == JsonNode::Kind::text && chat::is_token_text(node_->text)) return node_->text;
  error("a name of 1 to 64 letters, digits, '.', '_' or '-'");
  return std::nullopt;
}

std::optional<std::int64_t> Cursor::integer(std::int64_t least, std::int64_t most) const {
  if (node_->kind == JsonNode::Kind::integer && node_->integer >= least && node_->integer <= most) {
    return node_->integer;
  }
  error(fmt::format("an integer from {} to {}", least, most));
  return std::nullopt;
}

std::optional<std::vector<Cursor>> Cursor::list(std::size_t least, std::size_t most) const {
  if (node_->kind != JsonNode::Kind::list) {
    error("a list");
    return std::nullopt;
  }
  const std::size_t size = node_->elements.size();
  if (size < least || size > most) {
    error(fmt::format("a list of {} element{}", size, size == 1 ? "" : "s"),
          least == most ? fmt::format("{} elements", least)
                        : fmt::format("{} to {} elements", least, most));
    return std::nullopt;
  }
  return elements();
}

std::vector<Cursor> Cursor::elements() const {
  std::vector<Cursor> elements;
  for (std::size_t i = 0; i < node_->elements.size(); ++i) {
    elements.push_back(child(node_->elements[i], std::to_string(i)));
  }
  return elements;
}

std::vector<std::pair<std::string, Cursor>> Cursor::members() const {
  std::vector<std::pair<std::string, Cursor>> members;
  members.reserve(node_->members.size());
  for (const auto& [key, member] : node_->members) members.emplace_back(key, child(member, key));
  return members;
}

void Cursor::allow_only(std::initializer_list<std::string_view> allowed) const {
  allow_only(std::vector<std::string>(allowed.begin(), allowed.end()));
}

void Cursor::allow_only(const std::vector<std::string>& names) const {
  for (const auto& [key, member] : node_->members) {
    if (std::find(names.begin(), names.end(), key) != names.end()) continue;
    child(member, key).error(fmt::format("the key \"{}\"", key), allowed_names(key, names));
  }
}

std::optional<Cursor> Cursor::optional(std::string_view key) const {
  const JsonNode* member = node_->member(key);
  if (member == nullptr) return std::nullopt;
  return child(*member, key);
}

std::optional<Cursor> Cursor::required(std::string_view key, std::string_view allowed) const {
  if (auto member = optional(key)) return member;
  if (node_->kind == JsonNode::Kind::object) {
    child(*node_, key).error("nothing", std::string(allowed));
  }
  return std::nullopt;
}

Cursor Cursor::child(const JsonNode& node, std::string_view key) const {
  return {node, *file_, fmt::format("{}/{}", path_, escape(key)), *errors_};
}

}  // namespace claims::storm
