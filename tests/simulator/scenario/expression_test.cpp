#include "simulator/scenario/expression.h"

#include <gmock/gmock.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <map>

namespace claims::storm {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class FixedScope : public Scope {
 public:
  FixedScope() {
    set("garage", R"({"id":"gar-00001","name":"한빛자동차공업사"})");
    set("room", R"("r7")");
    set("seq", "5");
    set("history", R"({"events":[{"seq":1},{"seq":2,"body":{"text":"네"}}],"more":false})");
    set("nothing", "null");
    set("big", "9223372036854775807");
    set("huge", "18446744073709551615");
  }
  void set(const std::string& name, std::string_view json) {
    values_[name] = boost::json::parse(json);
  }
  const Value* find(std::string_view name) const override {
    const auto found = values_.find(name);
    return found == values_.end() ? nullptr : &found->second;
  }
  Value generate(std::string_view generator) override {
    return Value(boost::json::string(std::string(generator) + std::to_string(++drawn_)));
  }
  std::uint64_t draw(std::uint64_t bound) override { return random_.below(bound); }

 private:
  std::map<std::string, Value, std::less<>> values_;
  int drawn_ = 0;
  Random random_{1};
};

std::string evaluated(std::string_view source) {
  const auto expression = Expression::compile(source);
  if (!expression) return "compile: " + expression.error();
  FixedScope scope;
  const auto value = expression->evaluate(scope);
  return value ? boost::json::serialize(*value) : "evaluate: " + value.error().what;
}

std::string expanded(std::string_view json) {
  const auto compiled = Template::compile(boost::json::parse(json));
  if (!compiled) return "compile: " + compiled.error();
  FixedScope scope;
  const auto value = compiled->expand(scope);
  return value ? boost::json::serialize(*value) : "expand: " + value.error().what;
}

TEST(Expression, Literals) {
  EXPECT_EQ(evaluated("12"), "12");
  EXPECT_EQ(evaluated("'그 집\\'s \\\\ \\n'"), R"("그 집's \\ \n")");
  EXPECT_EQ(evaluated("true"), "true");
  EXPECT_EQ(evaluated("null"), "null");
}

TEST(Expression, PathsAndLists) {
  EXPECT_EQ(evaluated("garage.id"), R"("gar-00001")");
  EXPECT_EQ(evaluated("history.events[0].seq"), "1");
  EXPECT_EQ(evaluated("history.events[seq - 4].body.text"), R"("네")");
  EXPECT_EQ(evaluated("history.more"), "false");
}

TEST(Expression, ArithmeticBindsAsUsual) {
  EXPECT_EQ(evaluated("1 + 2 * 3"), "7");
  EXPECT_EQ(evaluated("(1 + 2) * 3"), "9");
  EXPECT_EQ(evaluated("10 - 3 - 2"), "5");
  EXPECT_EQ(evaluated("-seq + 1"), "-4");
}

TEST(Expression, ComparisonsAndLogic) {
  EXPECT_EQ(evaluated("seq == 5 and room == 'r7'"), "true");
  EXPECT_EQ(evaluated("seq != 5 or room < 'r8'"), "true");
  EXPECT_EQ(evaluated("not (seq >= 6) and seq <= 5"), "true");
  EXPECT_EQ(evaluated("nothing == null"), "true");
  EXPECT_EQ(evaluated("seq == '5'"), "false");
  EXPECT_EQ(evaluated("${seq} == 5"), "true");
}

TEST(Expression, TheSecondOperandIsOnlyReadWhenItDecides) {
  EXPECT_EQ(evaluated("false and unknown"), "false");
  EXPECT_EQ(evaluated("true or unknown"), "true");
  EXPECT_THAT(evaluated("true and unknown"), HasSubstr("there is no 'unknown'"));
}

TEST(Expression, Functions) {
  EXPECT_EQ(evaluated("size('가나다')"), "3");
  EXPECT_EQ(evaluated("size(history.events)"), "2");
  EXPECT_EQ(evaluated("repeat('가', 3)"), R"("가가가")");
  EXPECT_EQ(evaluated("repeat('', 3)"), R"("")");
  EXPECT_EQ(evaluated("contains(garage.name, '한빛')"), "true");
  EXPECT_EQ(evaluated("contains(garage.name, garage.id)"), "false");
  EXPECT_EQ(evaluated("starts_with(garage.name, '한빛')"), "true");
  EXPECT_EQ(evaluated("starts_with(garage.name, '공업사')"), "false");
  EXPECT_EQ(evaluated("flip('70:30')"), R"("30:70")");
  EXPECT_EQ(evaluated("flip('100:0')"), R"("0:100")");
}

/// How often each value came.
std::map<std::string, int> drawn(std::string_view source, int times) {
  std::map<std::string, int> seen;
  const auto expression = Expression::compile(source);
  if (!expression) {
    ADD_FAILURE() << expression.error();
    return seen;
  }
  FixedScope scope;
  for (int i = 0; i < times; ++i) ++seen[boost::json::serialize(*expression->evaluate(scope))];
  return seen;
}

TEST(Expression, FunctionsThatDraw) {
  auto seen = drawn("weighted('accept', 3, seq, 1, 'never', 0)", 8'000);
  EXPECT_EQ(seen.size(), 2U);
  EXPECT_NEAR(seen[R"("accept")"], 6'000, 200);
  EXPECT_NEAR(seen["5"], 2'000, 200);
  seen = drawn("random(-1, 2)", 8'000);
  EXPECT_EQ(seen.size(), 4U);
  for (const char* number : {"-1", "0", "1", "2"}) EXPECT_NEAR(seen[number], 2'000, 200) << number;
  EXPECT_EQ(drawn("random(5, 5)", 10).at("5"), 10);
  seen = drawn("pick('a', 'b')", 2'000);
  EXPECT_NEAR(seen[R"("a")"], 1'000, 150);
  EXPECT_EQ(seen.size(), 2U);
  EXPECT_EQ(drawn("pick(history.events)", 200).size(), 2U);
}

TEST(Expression, ADrawEvaluatesOnlyWhatItFallsOn) {
  EXPECT_EQ(evaluated("weighted(1, 1, unknown, 0)"), "1");
  EXPECT_EQ(drawn("pick(gen.plate, gen.plate)", 3).size(), 3U);  // plate1, plate2, plate3.
}

TEST(Expression, FunctionsTellWhatTheyCannotTake) {
  EXPECT_THAT(evaluated("weighted('a', 0)"), HasSubstr("weights that are all 0"));
  EXPECT_THAT(evaluated("weighted('a', -1)"), HasSubstr("the weight -1, not one from 0"));
  EXPECT_THAT(evaluated("weighted('a', 1, 'b')"), HasSubstr("')' where ',' is expected"));
  EXPECT_THAT(evaluated("weighted()"), HasSubstr("a value or a name"));
  EXPECT_THAT(evaluated("random(2, 1)"), HasSubstr("nothing from 2 to 1"));
  EXPECT_THAT(evaluated("random(0 - big, big)"), HasSubstr("a range beyond 63 bits"));
  EXPECT_THAT(evaluated("pick(room)"), HasSubstr("pick of a text, not of a list"));
  EXPECT_THAT(evaluated("starts_with(room, seq)"),
              HasSubstr("starts_with of a text and the number 5, not of two texts"));
  for (const char* ratio : {"'70'", "'70:31'", "'a:b'", "'70:30:0'", "'-1:101'", "'70:'", "seq"}) {
    EXPECT_THAT(evaluated(std::string("flip(") + ratio + ")"), HasSubstr("flip of ")) << ratio;
  }
  EXPECT_THAT(evaluated("length(room)"),
              HasSubstr("there is no function 'length'; there are size, contains, starts_with"));
}

TEST(Expression, ErrorsTellTheExpressionAndWhatWasThere) {
  EXPECT_EQ(evaluated("garage.nme"), "evaluate: garage.nme: 'garage' has no 'nme'");
  EXPECT_EQ(evaluated("room.id"), "evaluate: room.id: 'room' is a text and has no 'id'");
  EXPECT_THAT(evaluated("history.events[2]"), HasSubstr("has 2 elements, none at [2]"));
  EXPECT_THAT(evaluated("history.events[-1]"), HasSubstr("none at [-1]"));
  EXPECT_THAT(evaluated("garage[0]"), HasSubstr("'garage' is an object, not a list"));
  EXPECT_THAT(evaluated("room + 1"), HasSubstr("a text where an integer is needed"));
  EXPECT_THAT(evaluated("not seq"), HasSubstr("the number 5 where true or false is needed"));
  EXPECT_THAT(evaluated("room < 5"), HasSubstr("have no order"));
  EXPECT_THAT(evaluated("size(nothing)"), HasSubstr("null has no size"));
}

TEST(Expression, NumbersStayWithin64Bits) {
  EXPECT_THAT(evaluated("big + 1"), HasSubstr("beyond 64 bits"));
  EXPECT_THAT(evaluated("big * 2"), HasSubstr("beyond 64 bits"));
  EXPECT_THAT(evaluated("huge + 1"), HasSubstr("where an integer is needed"));
  EXPECT_THAT(evaluated("99999999999999999999"), HasSubstr("a number below 2^63"));
  EXPECT_THAT(evaluated("1.5"), HasSubstr("an integer"));
}

TEST(Expression, SyntaxErrorsTellWhatWasExpected) {
  EXPECT_EQ(evaluated(""), "compile: it ends where a value or a name is expected");
  EXPECT_EQ(evaluated("(1"), "compile: it ends where ')' is expected");
  EXPECT_THAT(evaluated("1 2"), HasSubstr("'2' where the end or an operator"));
  EXPECT_THAT(evaluated("1 == 2 == 3"), HasSubstr("the end or an operator"));
  EXPECT_THAT(evaluated("'open"), HasSubstr("the closing '"));
  EXPECT_THAT(evaluated("'\\x'"), HasSubstr("\\', \\\\ or \\n"));
  EXPECT_THAT(evaluated("gen"), HasSubstr("gen.<name"));
  EXPECT_THAT(evaluated("size(1, 2)"), HasSubstr("')'"));
  EXPECT_THAT(evaluated("a and and b"), HasSubstr("a value or a name"));
  EXPECT_THAT(evaluated("a.[0]"), HasSubstr("the name of a field"));
}

TEST(Expression, HostileInputIsBounded) {
  const auto compile = [](const std::string& source) {
    const auto expression = Expression::compile(source);
    return expression ? std::string("ok") : expression.error();
  };
  const auto times = [](int n, std::string_view text) {
    std::string all;
    for (int i = 0; i < n; ++i) all += text;
    return all;
  };
  EXPECT_THAT(compile(times(2'000, "(")), HasSubstr("deep"));
  EXPECT_THAT(compile(times(900, "not ") + "true"), HasSubstr("no more 'not'"));
  EXPECT_THAT(compile(times(2'000, "-") + "1"), HasSubstr("no more '-'"));
  EXPECT_THAT(compile(times(1'000, "a[") + "0"), HasSubstr("deep"));
  EXPECT_THAT(compile("1" + times(1'000, "+1")), HasSubstr("256 operators at most"));
  EXPECT_EQ(compile("1" + times(256, "+1")), "ok");
  EXPECT_THAT(compile(times(5'000, " ")), HasSubstr("4096 bytes"));
  EXPECT_THAT(evaluated("repeat('가', 1000000000)"), HasSubstr("more than 100000 bytes"));
  EXPECT_THAT(evaluated("repeat(repeat('a', 100000), 2)"), HasSubstr("more than 100000 bytes"));
  EXPECT_THAT(evaluated("repeat('a', 0 - 1)"), HasSubstr("-1 times"));
}

TEST(Expression, NamesPathsAndGenerators) {
  const auto expression =
      Expression::compile("garage.id == room and size(history.events[seq]) == gen.plate");
  ASSERT_TRUE(expression);
  EXPECT_THAT(expression->names(), ElementsAre("garage", "history", "room", "seq"));
  EXPECT_THAT(expression->paths(), ElementsAre("garage.id", "history.events[]", "room", "seq"));
  EXPECT_THAT(expression->generators(), ElementsAre("plate"));
  EXPECT_EQ(expression->source(), "garage.id == room and size(history.events[seq]) == gen.plate");
}

TEST(Template, AWholeExpressionKeepsItsType) {
  EXPECT_EQ(expanded(R"({"seq":"${seq}","text":"번호 ${seq}번, ${garage.name}","n":4,"b":true})"),
            R"({"seq":5,"text":"번호 5번, 한빛자동차공업사","n":4,"b":true})");
}

TEST(Template, KeepsTheOrderOfFieldsAndNesting) {
  EXPECT_EQ(expanded(R"({"b":["${room}",{"a":"${seq}"}],"a":null})"),
            R"({"b":["r7",{"a":5}],"a":null})");
}

TEST(Template, TheDollarCanBeEscaped) {
  EXPECT_EQ(expanded(R"(["$${seq} $5 ${seq}"])"), R"(["${seq} $5 5"])");
}

TEST(Template, QuotesMayHoldBraces) {
  EXPECT_EQ(expanded(R"(["a${'}'}b"])"), R"(["a}b"])");
}

TEST(Template, NeverShowsATypeInPlaceOfAText) {
  EXPECT_THAT(expanded(R"(["값: ${garage}"])"), HasSubstr("an object inside a text"));
  EXPECT_THAT(expanded(R"(["값: ${nothing}"])"), HasSubstr("null inside a text"));
}

TEST(Template, GeneratorsAreDrawnInOrder) {
  EXPECT_EQ(expanded(R"({"a":"${gen.plate}","b":["${gen.receipt}"],"c":"${gen.plate}"})"),
            R"({"a":"plate1","b":["receipt2"],"c":"plate3"})");
}

TEST(Template, SyntaxErrorsAreTold) {
  EXPECT_THAT(expanded(R"(["${seq"])"), HasSubstr("'}' or an operator"));
  std::string deep = "1";
  for (int i = 0; i < 30; ++i) deep.insert(0, "[").append("]");
  EXPECT_THAT(expanded(deep), HasSubstr("nested more than 16 deep"));
}

TEST(Template, ForEachGivesAListOfWhatItsElementsGive) {
  EXPECT_EQ(
      expanded(
          R"({"to":{"for_each":"e","in":"history.events","give":{"seq":"${e.seq}","room":"${room}"}}})"),
      R"({"to":[{"seq":1,"room":"r7"},{"seq":2,"room":"r7"}]})");
  EXPECT_EQ(expanded(R"({"for_each":"e","in":"history.events","give":"n${e.seq}"})"),
            R"(["n1","n2"])");
  EXPECT_EQ(expanded(R"([{"for_each":"a","in":"history.events","give":
                        {"for_each":"b","in":"history.events","give":"${a.seq}${b.seq}"}}])"),
            R"([[["11","12"],["21","22"]]])");
}

TEST(Template, ForEachTellsWhatItCannotTake) {
  EXPECT_THAT(expanded(R"({"for_each":"e","in":"room","give":1})"),
              HasSubstr("for_each in what is no list"));
  EXPECT_THAT(expanded(R"({"for_each":"e","in":"room","give":1,"if":true})"),
              HasSubstr("with other keys"));
  EXPECT_THAT(expanded(R"({"for_each":"e","in":"history.events"})"), HasSubstr("with other keys"));
  std::string nested = "1";
  for (int i = 0; i < 12; ++i) {
    nested = R"({"for_each":"e","in":"history.events","give":)" + nested + "}";  // 2^12 of them.
  }
  EXPECT_THAT(expanded(nested), HasSubstr("more than 1000 elements"));
}

TEST(CompileValue, TakesTextsIntegersAndTruthValues) {
  FixedScope scope;
  const auto text = [&](std::string_view json) {
    const auto expression = Expression::compile_value(boost::json::parse(json));
    return expression ? boost::json::serialize(*expression->evaluate(scope)) : expression.error();
  };
  EXPECT_EQ(text("7"), "7");
  EXPECT_EQ(text("true"), "true");
  EXPECT_EQ(text(R"("in_repair")"), R"("in_repair")");
  EXPECT_EQ(text(R"("${seq}")"), "5");
  EXPECT_THAT(text("[1]"), HasSubstr("a list, not a text"));
  EXPECT_THAT(text("1.5"), HasSubstr("a number with a fraction"));
}

}  // namespace
}  // namespace claims::storm
