#include "simulator/check/reply_view.h"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

namespace claims::storm::audit {
namespace {

struct Case {
  CommandType type;
  std::string_view result;
};

constexpr Case kCases[] = {
    {CommandType::pre_estimate_write,
     R"({"room":"r1","created":true,"vehicle":"12가3456","seq":3,"estimate":"E-1"})"},
    {CommandType::general_open, R"({"room":"r1","created":false,"added":["12가3456"]})"},
    {CommandType::bulk_send, R"({"garages":3})"},
    {CommandType::negotiation_open, R"({"room":"r1","seq":3,"state":"discussing"})"},
    {CommandType::negotiation_act, R"({"room":"r1","seq":4,"state":"agreed"})"},
};

TEST(ReplyView, ReadsTheResultsOfAllCommands) {
  for (const Case& one : kCases) {
    const auto result = boost::json::parse(one.result);
    ResultView view;
    EXPECT_EQ(read_result(one.type, result.as_object(), view), std::nullopt) << one.result;
  }
}

TEST(ReplyView, TellsMissingAndFurtherFields) {
  for (const Case& one : kCases) {
    const boost::json::object right = boost::json::parse(one.result).as_object();
    for (const auto& field : right) {
      boost::json::object lacking = right;
      lacking.erase(field.key());
      ResultView view;
      EXPECT_NE(read_result(one.type, lacking, view), std::nullopt) << field.key();
      boost::json::object ill_typed = right;
      ill_typed[field.key()] = boost::json::array{1};
      EXPECT_NE(read_result(one.type, ill_typed, view), std::nullopt) << field.key();
    }
    boost::json::object further = right;
    further["unread"] = 1;
    ResultView view;
    EXPECT_NE(read_result(one.type, further, view), std::nullopt) << one.result;
  }
}

TEST(ReplyView, TakesTheContractsErrorCodesAlone) {
  const auto problem = [](std::string_view code) {
    const auto reply =
        boost::json::parse(R"({"type":"reply","re":"1.1","ok":false,"error":{"code":")" +
                           std::string(code) + R"(","message":{"ko":"k","en":"e"},"field":null}})");
    ReplyView view;
    return read_reply(reply.as_object(), view);
  };
  for (const std::string_view code :
       {"already_estimated", "wrong_kind", "same_insurer", "negotiation_exists", "illegal_action",
        "bad_ratio", "unknown_bulk"}) {
    EXPECT_EQ(problem(code), std::nullopt) << code;
  }
  EXPECT_NE(problem("broken"), std::nullopt);
}

}  // namespace
}  // namespace claims::storm::audit
