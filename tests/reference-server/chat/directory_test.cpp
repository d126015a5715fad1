#include "reference-server/chat/directory.h"

#include <gtest/gtest.h>

#include "reference-server/chat/record_codec.h"
#include "tests/reference-server/chat/played_service.h"

namespace claims::server {
namespace {

std::string changed(std::string_view from, std::string_view to) {
  std::string text(kSmallDirectory);
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

std::string error_with(std::string_view from, std::string_view to) {
  const auto parsed = parse_directory(changed(from, to));
  return parsed.has_value() ? "" : parsed.error();
}

TEST(Directory, IsRead) {
  const auto directory = parse_directory(kSmallDirectory);
  ASSERT_TRUE(directory.has_value()) << directory.error();
  ASSERT_EQ(directory->insurers.size(), 2U);
  ASSERT_EQ(directory->users.size(), 9U);
  EXPECT_EQ(directory->insurers[0].centres[0].name, "강남보상센터");
  EXPECT_EQ(directory->users[2],
            (UserEntry{"adj-1", chat::Role::adjuster, "김민준", "ins-01", "c-001", ""}));
  EXPECT_EQ(directory->users[4],
            (UserEntry{"gar-1", chat::Role::garage, "한빛자동차공업사", "", "", "서울"}));
}

TEST(Directory, NamesAreComposed) {
  const auto directory = parse_directory(changed("김민준", "\u1100\u1175\u11B7민준"));
  ASSERT_TRUE(directory.has_value()) << directory.error();
  EXPECT_EQ(directory->users[2].name, "김민준");
}

TEST(Directory, EachErrorSaysWhereWhatAndWhatIsAllowed) {
  EXPECT_EQ(error_with("claims-directory/1", "claims-directory/2"),
            "format: found \"claims-directory/2\", allowed \"claims-directory/1\"");
  EXPECT_EQ(error_with(R"("role":"garage")", R"("role":"shop")"),
            "users[4].role: found \"shop\", allowed insurer, adjuster, garage");
  EXPECT_EQ(error_with(R"("insurer":"ins-01","centre")", R"("insurer":"ins-09","centre")"),
            "users[2].insurer: found \"ins-09\", allowed the id of an insurer of this file");
  EXPECT_EQ(error_with(R"("centre":"c-001")", R"("centre":"c-002")"),
            "users[2].centre: found \"c-002\", allowed the id of a centre of ins-01");
  EXPECT_EQ(error_with(R"("id":"gar-2")", R"("id":"gar-1")"),
            "users[5].id: found \"gar-1\" again, allowed each id once");
  EXPECT_EQ(error_with(R"("id":"gar-2")", R"("id":"system")"),
            "users[5].id: found \"system\", allowed any id but this");
  EXPECT_EQ(error_with(R"("id":"gar-2")", R"("id":"ins-02")"),
            "users[5].id: found \"ins-02\", allowed any id but an insurer's");
  EXPECT_EQ(error_with(R"("id":"gar-2")", R"("id":"Gar 2")"),
            "users[5].id: found \"Gar 2\", allowed [a-z0-9-]{1,32}");
  EXPECT_EQ(error_with(R"("name":"우리모터스")", R"("name":7)"),
            "users[5].name: found 7, allowed 1-100 characters on one line");
  EXPECT_EQ(error_with("{plate}", "{car}"),
            "insurers[0].greeting: found \"{car}\", allowed {adjuster}, {garage}, {plate}");
  EXPECT_EQ(error_with(R"("region":"서울"},{"id":"gar-2")", R"("area":"서울"},{"id":"gar-2")"),
            "users[4].area: found an unknown key, allowed id, role, name, region\n"
            "users[4].region: found nothing, allowed 1-100 characters on one line");
  EXPECT_EQ(error_with(R"("code":"01")", R"("code":"01","code":"01")"),
            "directory: found the key \"code\" twice, allowed once");
  EXPECT_EQ(error_with(R"("users":[)", R"("users":7,"x":[)"),
            "x: found an unknown key, allowed format, insurers, users\n"
            "users: found 7, allowed an array of at most 100000");
}

TEST(Directory, ASyntaxErrorStandsAlone) {
  const auto parsed = parse_directory("{\"format\":\n\"claims-directory/1\",}");
  ASSERT_FALSE(parsed.has_value());
  EXPECT_NE(parsed.error().find("line 2"), std::string::npos) << parsed.error();
  EXPECT_FALSE(parse_directory("").has_value());
  EXPECT_FALSE(parse_directory("[]").has_value());
}

TEST(Directory, ManyErrorsAreCounted) {
  std::string users;
  for (int i = 0; i < 150; ++i) users += i == 0 ? "7" : ",7";
  const auto parsed =
      parse_directory(R"({"format":"claims-directory/1","insurers":[],"users":[)" + users + "]}");
  ASSERT_FALSE(parsed.has_value());
  EXPECT_TRUE(parsed.error().ends_with("\nand 50 more errors")) << parsed.error();
}

TEST(Directory, AtMost43Insurers) {
  std::string insurers;
  for (int i = 0; i < 44; ++i) {
    insurers += (i == 0 ? "" : ",") + std::string(R"({"id":"i)") + std::to_string(i) +
                R"(","code":"1","name":"n","greeting":"g","centres":[]})";
  }
  const auto parsed = parse_directory(R"({"format":"claims-directory/1","insurers":[)" + insurers +
                                      R"(],"users":[]})");
  ASSERT_FALSE(parsed.has_value());
  EXPECT_EQ(parsed.error(), "insurers: found 44 elements, allowed an array of at most 43");
}

TEST(Directory, OnlyWhatDiffersIsLogged) {
  PlayedService played;
  const Service& service = played.service();
  EXPECT_EQ(played.log().size(), 11U);
  EXPECT_TRUE(service.reconcile_directory(kSmallDirectory)->empty());

  const auto renamed = service.reconcile_directory(changed("우리모터스", "새모터스"));
  ASSERT_EQ(renamed->size(), 1U);
  EXPECT_EQ(renamed->front().kind, RecordKind::user);
  ASSERT_TRUE(played.service().fold(renamed->front(), Position{9}).has_value());
  EXPECT_TRUE(service.reconcile_directory(changed("우리모터스", "새모터스"))->empty());
  EXPECT_EQ(service.counters().users, 9U);

  const auto greeting = service.reconcile_directory(changed("반갑습니다.", "어서 오세요."));
  ASSERT_EQ(greeting->size(), 2U) << "and the garage's old name";
  EXPECT_EQ(greeting->front().kind, RecordKind::insurer);
}

TEST(Directory, AnInsurerAndAUserOfTheLogShareNoId) {
  PlayedService played;
  for (const auto& [from, to] : {std::pair{R"("id":"gar-2")", R"("id":"ins-01")"},
                                 {R"({"id":"ins-02")", R"({"id":"gar-1")"}}) {
    EXPECT_FALSE(played.service().reconcile_directory(changed(from, to))) << to;
  }
  // The user is in the log alone.
  std::string other = changed(R"("id":"gar-2")", R"("id":"gar-3")");
  other.replace(other.find(R"({"id":"ins-02")"), 14, R"({"id":"gar-2")");
  constexpr std::string_view kInsurer = R"("insurer":"ins-02")";
  for (std::size_t at = other.find(kInsurer); at != std::string::npos; at = other.find(kInsurer)) {
    other.replace(at, kInsurer.size(), R"("insurer":"gar-2")");
  }
  const auto records = played.service().reconcile_directory(other);
  ASSERT_FALSE(records);
  EXPECT_NE(records.error().find("found \"gar-2\", allowed any id but a user's of the log"),
            std::string::npos)
      << records.error();
}

TEST(Directory, ARoleStays) {
  PlayedService played;
  const auto records = played.service().reconcile_directory(changed(
      R"("id":"adj-1","role":"adjuster","name":"김민준","insurer":"ins-01","centre":"c-001")",
      R"("id":"adj-1","role":"garage","name":"김민준","region":"서울")"));
  ASSERT_FALSE(records.has_value());
  EXPECT_EQ(records.error(),
            "users[2].role: found \"garage\", allowed \"adjuster\", as the log knows this user");
}

}  // namespace
}  // namespace claims::server
