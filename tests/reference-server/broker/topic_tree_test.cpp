#include "reference-server/broker/topic_tree.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

namespace claims::server {
namespace {

using Names = std::vector<std::string>;

TopicLevels levels(std::string_view topic) {
  TopicLevels all;
  split_levels(topic, all);
  return all;
}

class Tree {
 public:
  void add(const std::string& topic) { tree_.at(levels(topic)) = topic; }
  void remove(const std::string& topic) {
    tree_.find(levels(topic))->clear();
    tree_.prune(levels(topic));
  }
  Names filters_for(const std::string& name) {
    Names found;
    tree_.match_name(levels(name), [&](const std::string& one) { found.push_back(one); });
    std::ranges::sort(found);
    return found;
  }
  Names names_for(const std::string& filter) {
    Names found;
    tree_.match_filter(levels(filter), [&](const std::string& one) { found.push_back(one); });
    std::ranges::sort(found);
    return found;
  }
  bool empty() const { return tree_.empty(); }

 private:
  TopicTree<std::string> tree_;
};

TEST(TopicTree, FindsTheFiltersOfAName) {
  Tree tree;
  for (const char* filter : {"#", "+", "+/b", "a/#", "a/+", "a/b", "a/b/#", "$x/#"}) {
    tree.add(filter);
  }
  EXPECT_EQ(tree.filters_for("a"), (Names{"#", "+", "a/#"}));
  EXPECT_EQ(tree.filters_for("a/b"), (Names{"#", "+/b", "a/#", "a/+", "a/b", "a/b/#"}));
  EXPECT_EQ(tree.filters_for("$x/b"), Names{"$x/#"});
  EXPECT_EQ(tree.filters_for("q/r/s"), Names{"#"});
}

TEST(TopicTree, FindsTheNamesOfAFilter) {
  Tree tree;
  for (const char* name : {"a", "a/b", "a/c", "a/b/d", "/b", "$x/b"}) tree.add(name);
  EXPECT_EQ(tree.names_for("#"), (Names{"/b", "a", "a/b", "a/b/d", "a/c"}));
  EXPECT_EQ(tree.names_for("+/b"), (Names{"/b", "a/b"}));
  EXPECT_EQ(tree.names_for("a/#"), (Names{"a", "a/b", "a/b/d", "a/c"}));
  EXPECT_EQ(tree.names_for("a/b"), Names{"a/b"});
  EXPECT_EQ(tree.names_for("$x/#"), Names{"$x/b"});
}

TEST(TopicTree, KeepsNothingOfWhatIsGone) {
  Tree tree;
  tree.add("a/b/c");
  tree.add("a/b");
  tree.remove("a/b/c");
  EXPECT_EQ(tree.names_for("#"), Names{"a/b"});
  EXPECT_FALSE(tree.empty());
  tree.remove("a/b");
  EXPECT_TRUE(tree.empty());
}

/// The rules of section 4.7 once more, as plainly as they can be written.
bool matches(const TopicLevels& filter, const TopicLevels& name, std::size_t at = 0) {
  if (at == 0 && name[0].starts_with('$') && (filter[0] == "#" || filter[0] == "+")) return false;
  if (at == filter.size()) return at == name.size();
  if (filter[at] == "#") return true;
  if (at == name.size()) return false;
  return (filter[at] == "+" || filter[at] == name[at]) && matches(filter, name, at + 1);
}

TEST(TopicTree, AgreesWithTheRules) {
  std::mt19937 random(7);  // NOLINT: the same each time
  const auto draw = [&](std::initializer_list<const char*> from, bool hash) {
    std::string topic;
    const unsigned depth = 1 + random() % 4;
    for (unsigned i = 0; i < depth; ++i) {
      topic += (i == 0 ? "" : "/") + std::string(*(from.begin() + random() % from.size()));
    }
    if (topic.empty()) topic = "a";  // No topic is.
    return hash && random() % 3 == 0 ? topic + "/#" : topic;
  };
  Tree filters, names;
  Names all_filters{"#"}, all_names;
  filters.add("#");
  for (int i = 0; i < 60; ++i) {
    all_filters.push_back(draw({"a", "b", "+", "", "$s"}, true));
    filters.add(all_filters.back());
    all_names.push_back(draw({"a", "b", "", "$s"}, false));
    names.add(all_names.back());
  }
  const auto sorted = [](Names some) {
    std::ranges::sort(some);
    some.erase(std::unique(some.begin(), some.end()), some.end());
    return some;
  };
  for (const std::string& name : all_names) {
    Names expected;
    for (const std::string& filter : all_filters) {
      if (matches(levels(filter), levels(name))) expected.push_back(filter);
    }
    EXPECT_EQ(filters.filters_for(name), sorted(expected)) << name;
  }
  for (const std::string& filter : all_filters) {
    Names expected;
    for (const std::string& name : all_names) {
      if (matches(levels(filter), levels(name))) expected.push_back(name);
    }
    EXPECT_EQ(names.names_for(filter), sorted(expected)) << filter;
  }
}

}  // namespace
}  // namespace claims::server
