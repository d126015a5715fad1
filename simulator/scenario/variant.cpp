#include "simulator/scenario/variant.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <memory>
#include <optional>
#include <utility>

#include "simulator/scenario/near_miss.h"

namespace claims::storm {
namespace {

constexpr std::size_t kVariantsMax = 20;

bool has(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// What a setting must not touch.
bool is_fixed(std::string_view key) {
  return key == "format" || key == "$schema" || key == "variants";
}

JsonNode* find_member(JsonNode& object, std::string_view key) {
  const auto found = std::find_if(object.members.begin(), object.members.end(),
                                  [&](const JsonMember& member) { return member.key == key; });
  return found == object.members.end() ? nullptr : &found->value;
}

std::vector<std::string> keys_of(const JsonNode& object) {
  std::vector<std::string> keys;
  keys.reserve(object.members.size());
  for (const JsonMember& member : object.members) keys.push_back(member.key);
  return keys;
}

/// RFC 7396: null deletes, objects are merged, everything else is replaced.
void merge(JsonNode& target, const JsonNode& patch) {
  if (patch.kind != JsonNode::Kind::object) {
    target = patch;
    return;
  }
  if (target.kind != JsonNode::Kind::object) {
    target = JsonNode{};
    target.kind = JsonNode::Kind::object;
    target.line = patch.line;
    target.origin = patch.origin;
  }
  for (const auto& [key, value] : patch.members) {
    if (value.kind == JsonNode::Kind::null) {
      std::erase_if(target.members, [&, &name = key](const auto& it) { return it.key == name; });
      continue;
    }
    JsonNode* member = find_member(target, key);
    if (member == nullptr) member = &target.members.emplace_back(JsonMember{key, {}}).value;
    merge(*member, value);
  }
}

void set_origin(JsonNode& node, const std::shared_ptr<const std::string>& origin) {
  node.origin = origin;
  node.line = 0;
  for (JsonNode& element : node.elements) set_origin(element, origin);
  for (JsonMember& member : node.members) set_origin(member.value, origin);
}

/// As JSON where it is JSON and the value before was no text; else as a text: 10s, 50/s, 5.0.
JsonNode value_node(const std::string& value, const JsonNode* before) {
  JsonNode node;
  if (before == nullptr || before->kind != JsonNode::Kind::text) {
    auto parsed = parse_document(value, "");
    const bool number = before != nullptr && (before->kind == JsonNode::Kind::integer ||
                                              before->kind == JsonNode::Kind::fraction);
    if (parsed && (parsed->kind != JsonNode::Kind::fraction || number)) node = std::move(*parsed);
    if (parsed && node.kind != JsonNode::Kind::null) return node;
  }
  node.kind = JsonNode::Kind::text;
  node.text = value;
  return node;
}

class Settings {
 public:
  Settings(JsonNode& root, std::vector<FileError>& errors) : root_(root), errors_(errors) {
    if (const JsonNode* variants = root.member("variants")) variants_ = *variants;
  }

  void apply(const Setting& setting) {
    setting_ = &setting;
    if (const JsonNode* variant = variants_.member(setting.key)) {
      choose(*variant);
    } else {
      set();
    }
  }

 private:
  std::string word() const { return fmt::format("--set {}={}", setting_->key, setting_->value); }
  void refuse(std::string found, std::string allowed) {
    errors_.push_back({{word(), 0, ""}, std::move(found), std::move(allowed)});
  }

  void choose(const JsonNode& variant) {
    if (has(chosen_, setting_->key)) {
      return refuse(fmt::format("\"{}\" a second time", setting_->key), "each variant once");
    }
    chosen_.push_back(setting_->key);
    const JsonNode* patch = variant.member(setting_->value);
    if (patch == nullptr) {
      return refuse(fmt::format("\"{}\"", setting_->value),
                    allowed_names(setting_->value, keys_of(variant)));
    }
    JsonNode allowed = *patch;
    std::erase_if(allowed.members, [](const auto& member) { return is_fixed(member.key); });
    merge(root_, allowed);
  }

  void set() {
    std::vector<std::string> path(1);
    for (const char c : setting_->key) {
      if (c == '.') {
        path.emplace_back();
      } else {
        path.back() += c;
      }
    }
    if (is_fixed(path[0]) || !has(scenario_keys(), path[0])) return refuse_key(path[0]);
    JsonNode* node = &root_;
    std::string so_far;
    for (std::size_t i = 0; i < path.size(); ++i) {
      const bool last = i + 1 == path.size();
      JsonNode* next = step(*node, path[i]);
      if (next == nullptr && last && node->kind == JsonNode::Kind::object) {
        next =
            &node->members.emplace_back(JsonMember{path[i], value_node(setting_->value, nullptr)})
                 .value;
      } else if (next == nullptr) {
        return refuse(
            fmt::format("{}{}, which is not there", so_far, path[i]),
            fmt::format("of {}: {}",
                        so_far.empty() ? "the scenario" : so_far.substr(0, so_far.size() - 1),
                        parts_of(*node, path[i])));
      } else if (last) {
        *next = value_node(setting_->value, next);
      }
      node = next;
      so_far += path[i] + ".";
    }
    set_origin(*node, std::make_shared<const std::string>(word()));
  }

  void refuse_key(const std::string& key) {
    std::vector<std::string> names = keys_of(variants_);
    for (const std::string& name : scenario_keys()) {
      if (!is_fixed(name)) names.push_back(name);
    }
    refuse(fmt::format("\"{}\"", key), allowed_names(key, names));
  }

  static JsonNode* step(JsonNode& node, const std::string& key) {
    if (node.kind == JsonNode::Kind::object) return find_member(node, key);
    if (node.kind != JsonNode::Kind::list) return nullptr;
    std::size_t index = 0;
    const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), index);
    const bool whole = error == std::errc{} && end == key.data() + key.size();
    return whole && index < node.elements.size() ? &node.elements[index] : nullptr;
  }

  static std::string parts_of(const JsonNode& node, const std::string& key) {
    if (node.kind == JsonNode::Kind::object) return allowed_names(key, keys_of(node));
    if (node.kind != JsonNode::Kind::list) return "nothing: it has no parts";
    return node.elements.empty() ? "nothing: it is empty"
                                 : fmt::format("0 to {}", node.elements.size() - 1);
  }

  JsonNode& root_;
  JsonNode variants_;
  std::vector<FileError>& errors_;
  std::vector<std::string> chosen_;
  const Setting* setting_ = nullptr;
};

}  // namespace

const std::vector<std::string>& scenario_keys() {
  static const std::vector<std::string> kKeys = {"$schema",     "format",
                                                 "name",        "title",
                                                 "description", "note",
                                                 "population",  "workflows",
                                                 "arrivals",    "phases",
                                                 "time_scale",  "await_timeout",
                                                 "drain",       "connects_per_second",
                                                 "keep_alive",  "mqtt",
                                                 "contract",    "thresholds",
                                                 "service",     "faults",
                                                 "liveness",    "not_covered",
                                                 "variants"};
  return kKeys;
}

void apply_settings(JsonNode& scenario, const std::vector<Setting>& settings,
                    std::vector<FileError>& errors) {
  Settings all(scenario, errors);
  for (const Setting& setting : settings) all.apply(setting);
}

std::vector<Setting> variant_choices(const JsonNode& scenario) {
  std::vector<Setting> choices;
  const JsonNode* variants = scenario.member("variants");
  if (variants == nullptr) return choices;
  for (const auto& [name, variant] : variants->members) {
    for (const JsonMember& choice : variant.members) choices.push_back({name, choice.key});
  }
  return choices;
}

void check_variants(const Cursor& scenario) {
  const auto variants = scenario.optional("variants");
  if (!variants || !variants->is_object()) return;
  if (variants->members().size() > kVariantsMax) {
    variants->error(fmt::format("{} variants", variants->members().size()),
                    fmt::format("at most {}", kVariantsMax));
  }
  const auto check_name = [](const std::string& name, const Cursor& cursor) {
    const bool plain = !name.empty() && name.size() <= 64 &&
                       name.find_first_not_of(
                           "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                           "0123456789_-") == std::string::npos;
    if (!plain || has(scenario_keys(), name)) {
      cursor.error(fmt::format("the name \"{}\"", name),
                   "letters, digits, '_' and '-', and no key of a scenario");
    }
  };
  for (const auto& [name, variant] : variants->members()) {
    check_name(name, variant);
    if (!variant.is_object()) continue;
    if (variant.members().empty()) variant.error("a variant without choices", R"({"x3": {…}})");
    for (const auto& [choice, patch] : variant.members()) {
      check_name(choice, patch);
      if (!patch.is_object()) continue;
      for (const auto& [key, value] : patch.members()) {
        if (!is_fixed(key) && has(scenario_keys(), key)) continue;
        std::vector<std::string> keys;
        for (const std::string& one : scenario_keys()) {
          if (!is_fixed(one)) keys.push_back(one);
        }
        value.error(fmt::format("the key \"{}\"", key), allowed_names(key, keys));
      }
    }
  }
}

}  // namespace claims::storm
