#include "tests/reference-server/net/claimchatd_program.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <sys/resource.h>

#include <fstream>
#include <iterator>

#include "tests/reference-server/net/running_server.h"

namespace claims::server::testing {
namespace {

std::string hex(const std::string& bytes) {
  std::string text;
  for (const char byte : bytes) text += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  return text;
}

}  // namespace

std::string receipt_command(int n, int number) {
  return fmt::format(
      R"({{"type":"receipt.register","id":"1.{}","receipt":"2024-{}","plate":"12가3456",)"
      R"("model":"아반떼","adjuster":"adj-1"}})",
      n, number);
}

void limit_files(const ChildProcess& program, std::optional<std::uintmax_t> most) {
  rlimit limit{};
  ASSERT_EQ(::prlimit(program.id(), RLIMIT_FSIZE, nullptr, &limit), 0);
  limit.rlim_cur = most.value_or(limit.rlim_max);
  ASSERT_EQ(::prlimit(program.id(), RLIMIT_FSIZE, &limit, nullptr), 0);
}

ClaimchatdProgram::ClaimchatdProgram() {
  std::string pattern = (std::filesystem::temp_directory_path() / "chatd-XXXXXX").string();
  folder_ = ::mkdtemp(pattern.data());
  std::ofstream(path("directory.json")) << sample_directory();
  std::ofstream(path("token.key")) << hex(sample_key().bytes) << '\n';
}

ClaimchatdProgram::~ClaimchatdProgram() {
  std::filesystem::remove_all(folder_);
}

std::string ClaimchatdProgram::text_of(const std::string& name) const {
  std::ifstream file(path(name));
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::string> ClaimchatdProgram::command(const std::vector<std::string>& more) const {
  std::vector<std::string> all{std::string(CLAIMS_BIN_DIR) + "/claimchatd",
                               "--listen",
                               "mqtt://127.0.0.1:0",
                               "--data",
                               path("data"),
                               "--directory",
                               path("directory.json"),
                               "--token-key",
                               path("token.key"),
                               "--http",
                               "127.0.0.1:0"};
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

ClaimchatdProgram::Addresses ClaimchatdProgram::addresses_of(ChildProcess& server) {
  const std::string ready = server.line();
  EXPECT_THAT(ready, ::testing::MatchesRegex("claimchatd ready mqtt://127.0.0.1:[0-9]+ "
                                             "http://127.0.0.1:[0-9]+"));
  const auto address = [&](const std::string& scheme) {
    const std::size_t begin = ready.find(scheme) + scheme.size();
    const auto parsed = SocketAddress::parse(ready.substr(begin, ready.find(' ', begin) - begin));
    return parsed ? *parsed : SocketAddress();
  };
  return {address("mqtt://"), address("http://")};
}

}  // namespace claims::server::testing
