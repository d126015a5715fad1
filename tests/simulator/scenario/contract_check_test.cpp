#include "simulator/scenario/contract_check.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "protocol/chat/command.h"
#include "simulator/scenario/loading.h"
#include "simulator/scenario/quantity.h"

namespace claims::storm {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

/// Errors of a workflow whose first step saves the room and whose others are these.
std::vector<std::string> errors_of(const std::string& steps, const std::string& contract = "") {
  const std::string text =
      R"({"format": "claimstorm-workflow/1", "name": "w", "title": {"ko": "가", "en": "a"},)" +
      contract + R"("roles": {"garage": {"is": "garage"}}, "steps": [)" + steps + "]}";
  std::vector<FileError> errors;
  const auto document = parse_document(text, "w.json");
  EXPECT_TRUE(document);
  const std::string file = "w.json";
  load_workflow(Cursor(*document, file, errors), {});
  std::vector<std::string> texts;
  for (const FileError& error : errors) texts.push_back(to_string(error));
  return texts;
}
std::string send(const std::string& body, const std::string& more = "") {
  return R"({"role": "garage", "send": )" + body + more + "}";
}
std::string await(const std::string& body, const std::string& more = "") {
  return R"({"role": "garage", "await": )" + body + more + "}";
}

TEST(ContractCheck, ATypeNearAKnownOneIsASlip) {
  EXPECT_THAT(errors_of(send(R"({"type": "room.reed", "room": "r1", "seq": 1})")),
              ElementsAre(HasSubstr("did you mean room.read?")));
  EXPECT_THAT(errors_of(await(R"({"type": "mesage"})")),
              ElementsAre(HasSubstr("did you mean message?")));
  EXPECT_THAT(errors_of(send(R"({"type": "picture.upload"})")), IsEmpty()) << "another server's";
  EXPECT_THAT(
      errors_of(send(R"({"type": "room.reed"})", R"(, "expect": {"error": "unknown_type"})")),
      IsEmpty())
      << "meant to be refused";
}

TEST(ContractCheck, ACommandThatMustSucceedHasItsFieldsAndNoOther) {
  EXPECT_THAT(errors_of(send(R"({"type": "message.send", "rom": "r1", "text": "a"})")),
              ElementsAre(HasSubstr("message.send without room"),
                          AllOf(HasSubstr("the field \"rom\""), HasSubstr("did you mean room?"))));
  EXPECT_THAT(errors_of(send(R"({"type": "message.send", "room": "r1"})",
                             R"(, "expect": {"error": "missing_field"})")),
              IsEmpty());
}

TEST(ContractCheck, AnExpectedErrorIsOneOfTheContracts) {
  EXPECT_THAT(errors_of(send(R"({"type": "claim.convert", "room": "r1"})",
                             R"(, "expect": {"error": "ilegal_step"})")),
              ElementsAre(HasSubstr("did you mean illegal_step?")));
}

TEST(ContractCheck, PartsOfAnEventAreThoseOfItsType) {
  EXPECT_THAT(errors_of(await(R"({"type": "message", "body.txt": "a", "sendr.id": "b"})")),
              ElementsAre(AllOf(HasSubstr("'body.txt' of the event message"), HasSubstr("text")),
                          HasSubstr("did you mean sender?")));
  EXPECT_THAT(errors_of(await(R"({"type": "claim"})", R"(, "save": {"c": "${event.body.clam}"})")),
              ElementsAre(HasSubstr("did you mean claim?")));
  EXPECT_THAT(errors_of(await(R"({"type": "joined", "body.user.id": "a", "cmd": "b"})")),
              IsEmpty());
}

TEST(ContractCheck, AnotherContractIsNotChecked) {
  const std::string steps = send(R"({"type": "room.reed"})") + "," +
                            await(R"({"type": "message", "body.txt": "a"})") + "," +
                            send(R"({"type": "x"})", R"(, "expect": {"error": "own_code"})");
  EXPECT_THAT(errors_of(steps), SizeIs(3));
  EXPECT_THAT(errors_of(steps, R"("contract": "other",)"), IsEmpty());
  EXPECT_THAT(errors_of(send(R"({"type": "x"})"), R"("contract": "mine",)"),
              ElementsAre(HasSubstr("\"claims\" or \"other\"")));
}

/// The server's own parser says what a command lacks and what it must not have.
TEST(ContractCheck, KnowsTheFieldsThatTheContractsParserKnows) {
  const std::vector<std::string> good = {
      R"("type":"receipt.register","receipt":"1","plate":"12가3456","model":"m","adjuster":"a")",
      R"("type":"intake.register","receipt":"1")",
      R"("type":"message.send","room":"r1","text":"a","vehicle":"12가3456")",
      R"("type":"room.read","room":"r1","seq":1)",
      R"("type":"repair.step","room":"r1","step":"out")",
      R"("type":"claim.convert","room":"r1")",
      R"("type":"room.messages","room":"r1","after":1,"limit":1)",
      R"("type":"unread.counts","room":"r1")",
      R"("type":"sync","cursor":"c")"};
  for (const std::string& body : good) {
    EXPECT_TRUE(chat::parse_request("{" + body + R"(,"id":"1714500000000.1"})")) << body;
    EXPECT_THAT(errors_of(send("{" + body + "}")), IsEmpty()) << body;
    EXPECT_THAT(errors_of(send("{" + body + R"(,"colour":1})")), SizeIs(1)) << body;
    const std::string bare = body.substr(0, body.find(','));
    const auto parsed = chat::parse_request("{" + bare + R"(,"id":"1714500000000.1"})");
    EXPECT_EQ(parsed.has_value(), errors_of(send("{" + bare + "}")).empty()) << bare;
  }
}

TEST(ContractCheck, AnAssertIsTrueOrFalse) {
  const auto check = [](const std::string& expression) {
    return errors_of(send(R"({"type": "x"})", R"(, "save": {"seq": "${reply.result.seq}"})") +
                     R"(,{"role": "garage", "assert": ")" + expression +
                     R"(", "says": {"ko": "가", "en": "a"}})");
  };
  for (const char* never : {"seq + 5", "5", "'a'", "size('a')", "seq == 1 and seq + 5", "not 5"}) {
    EXPECT_THAT(check(never), ElementsAre(HasSubstr("a condition"))) << never;
  }
  for (const char* may_be : {"seq", "seq == 5", "not seq", "contains('a', 'b')", "true"}) {
    EXPECT_THAT(check(may_be), IsEmpty()) << may_be;
  }
  EXPECT_THAT(check("len(seq) > 1"), ElementsAre(HasSubstr("there is no function 'len'")));
}

TEST(ContractCheck, DurationsReadAsAPersonWritesThem) {
  EXPECT_EQ(write_duration(Microseconds{604'800'000'000}), "7d");
  EXPECT_EQ(write_duration(Microseconds{5'400'000'000}), "90m");
  EXPECT_EQ(write_duration(Microseconds{1'000}), "1ms");
  EXPECT_EQ(write_duration(Microseconds{0}), "0ms");
}

}  // namespace
}  // namespace claims::storm
