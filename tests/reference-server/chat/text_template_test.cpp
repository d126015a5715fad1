#include "reference-server/chat/text_template.h"

#include <gtest/gtest.h>

namespace claims::server {
namespace {

TEST(GreetingTemplate, NamesAreFilledIn) {
  EXPECT_EQ(
      expand_template("{garage}: {plate}, {adjuster}. {adjuster}!", {"김민준", "한빛", "12가3456"}),
      "한빛: 12가3456, 김민준. 김민준!");
  EXPECT_EQ(expand_template("안녕하세요", {"a", "b", "c"}), "안녕하세요");
}

TEST(GreetingTemplate, ANameIsNoTemplate) {
  EXPECT_EQ(expand_template("{garage} {adjuster}", {"김", "{adjuster}{plate}", "p"}),
            "{adjuster}{plate} 김");
}

TEST(GreetingTemplate, OtherPlacesAreNoticed) {
  EXPECT_FALSE(unknown_placeholder("{garage} {adjuster} {plate} }"));
  EXPECT_EQ(unknown_placeholder("{garage} {name}"), "{name}");
  EXPECT_EQ(unknown_placeholder("{garage"), "{");
  EXPECT_EQ(unknown_placeholder("{{garage}"), "{{garage}");
  EXPECT_EQ(expand_template("{{garage} {x} {", {"a", "b", "c"}), "{b {x} {");
}

}  // namespace
}  // namespace claims::server
