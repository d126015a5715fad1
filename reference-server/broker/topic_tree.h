#pragma once
// TopicTree: values by topic name or topic filter, level by level.
//
// Walking costs the levels of the topic times the wildcard filters on its way, however many others
// there are. Depth is bounded by limits::kTopicBytesMax, the number of nodes by whoever adds.

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "reference-server/broker/topic_levels.h"

namespace claims::server {

/// Hashes std::string and std::string_view alike, so that a look-up makes no string.
struct TopicHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const {
    return std::hash<std::string_view>{}(text);
  }
};

/// A default-constructed Value for which `empty()` holds counts as not there.
template <class Value>
class TopicTree {
 public:
  /// The value under these levels, made if it is not there.
  Value& at(const TopicLevels& levels) {
    Node* node = &root_;
    for (const std::string_view level : levels) {
      std::unique_ptr<Node>& child = node->make_child(level);
      if (!child) child = std::make_unique<Node>();
      node = child.get();
    }
    return node->value;
  }
  Value* find(const TopicLevels& levels) {
    Node* node = &root_;
    for (const std::string_view level : levels) {
      node = node->child(level);
      if (node == nullptr) return nullptr;
    }
    return &node->value;
  }
  /// Frees what a value that became empty leaves of its branch.
  void prune(const TopicLevels& levels) { prune(root_, levels, 0); }
  bool empty() const { return root_.is_leaf(); }

  /// The values of all filters that match the topic name; '$' keeps to itself [MQTT-4.7.2-1].
  template <class Visit>
  void match_name(const TopicLevels& name, Visit&& visit) {
    match_name(root_, name, 0, visit);
  }
  /// The values of all topic names that the filter matches. In no order: it is a hash table's.
  template <class Visit>
  void match_filter(const TopicLevels& filter, Visit&& visit) {
    match_filter(root_, filter, 0, visit);
  }

 private:
  struct Node {
    Value value{};
    std::unordered_map<std::string, std::unique_ptr<Node>, TopicHash, std::equal_to<>> children;
    std::unique_ptr<Node> plus, hash;

    Node* child(std::string_view level) const {
      if (level == "+") return plus.get();
      if (level == "#") return hash.get();
      if (children.empty()) return nullptr;
      const auto found = children.find(level);
      return found == children.end() ? nullptr : found->second.get();
    }
    std::unique_ptr<Node>& make_child(std::string_view level) {
      if (level == "+") return plus;
      if (level == "#") return hash;
      const auto found = children.find(level);
      return found != children.end() ? found->second : children[std::string(level)];
    }
    bool is_leaf() const { return children.empty() && !plus && !hash; }
    void remove_child(std::string_view level) {
      if (level == "+") {
        plus.reset();
      } else if (level == "#") {
        hash.reset();
      } else {
        children.erase(children.find(level));
      }
    }
  };

  /// True when the node itself is of no more use.
  static bool prune(Node& node, const TopicLevels& levels, std::size_t depth) {
    if (depth < levels.size()) {
      Node* next = node.child(levels[depth]);
      if (next != nullptr && prune(*next, levels, depth + 1)) node.remove_child(levels[depth]);
    }
    return node.value.empty() && node.is_leaf();
  }

  template <class Visit>
  static void match_name(Node& node, const TopicLevels& name, std::size_t depth, Visit& visit) {
    const bool system = depth == 0 && name[0].starts_with('$');
    if (node.hash && !system) visit(node.hash->value);  // "a/#" matches "a" too.
    if (depth == name.size()) {
      if (!node.value.empty()) visit(node.value);
      return;
    }
    if (node.plus && !system) match_name(*node.plus, name, depth + 1, visit);
    if (node.children.empty()) return;
    const auto found = node.children.find(name[depth]);
    if (found != node.children.end()) match_name(*found->second, name, depth + 1, visit);
  }

  template <class Visit>
  static void match_filter(Node& node, const TopicLevels& filter, std::size_t depth, Visit& visit) {
    if (depth == filter.size()) {
      if (!node.value.empty()) visit(node.value);
      return;
    }
    if (filter[depth] == "#") return visit_all(node, depth == 0, visit);
    if (filter[depth] != "+") {
      Node* next = node.child(filter[depth]);
      if (next != nullptr) match_filter(*next, filter, depth + 1, visit);
      return;
    }
    for (auto& [level, next] : node.children) {
      if (depth == 0 && level.starts_with('$')) continue;
      match_filter(*next, filter, depth + 1, visit);
    }
  }

  template <class Visit>
  static void visit_all(Node& node, bool without_system, Visit& visit) {
    if (!node.value.empty()) visit(node.value);
    for (auto& [level, next] : node.children) {
      if (without_system && level.starts_with('$')) continue;
      visit_all(*next, false, visit);
    }
  }

  Node root_;
};

}  // namespace claims::server
