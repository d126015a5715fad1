#include "tests/interop/open_server.h"

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <stdexcept>

#include "tests/reference-server/net/running_server.h"

namespace claims::interop {
namespace {

std::string key_text() {
  std::string text;
  for (const char byte : server::testing::sample_key().bytes) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    text += kDigits[static_cast<unsigned char>(byte) >> 4U];
    text += kDigits[static_cast<unsigned char>(byte) & 15U];
  }
  return text;
}

}  // namespace

OpenServer::OpenServer(const std::vector<std::string>& more) {
  std::string pattern = (std::filesystem::temp_directory_path() / "open-XXXXXX").string();
  folder_ = ::mkdtemp(pattern.data());
  std::ofstream(folder_ + "/directory.json") << server::testing::sample_directory();
  std::ofstream(folder_ + "/token.key") << key_text() << '\n';
  std::vector<std::string> command{CLAIMS_BIN_DIR "/claimchatd",
                                   "--listen",
                                   "mqtt://127.0.0.1:0",
                                   "--log",
                                   "memory",
                                   "--directory",
                                   folder_ + "/directory.json",
                                   "--token-key",
                                   folder_ + "/token.key",
                                   "--exit-with-parent",
                                   "--open-topics"};
  command.insert(command.end(), more.begin(), more.end());
  process_ = std::make_unique<server::testing::ChildProcess>(command, folder_ + "/errors");
  const std::string ready = process_->line();
  const std::size_t begin = ready.find("mqtt://");
  const auto address = server::SocketAddress::parse(
      begin == std::string::npos ? std::string() : ready.substr(begin + 7));
  if (!address) throw std::runtime_error("claimchatd did not start: " + ready);
  address_ = *address;
}

OpenServer::~OpenServer() {
  process_->signal(SIGTERM);
  process_->wait();
  std::filesystem::remove_all(folder_);
}

std::vector<std::string> OpenServer::mosquitto(const std::string& program,
                                               const std::vector<std::string>& more) const {
  std::vector<std::string> command{program, "-h", address_.host(), "-p",
                                   std::to_string(address_.port())};
  command.insert(command.end(), more.begin(), more.end());
  return command;
}

bool is_installed(const std::string& program) {
  const char* path = std::getenv("PATH");
  std::istringstream folders(path == nullptr ? "" : path);
  for (std::string folder; std::getline(folders, folder, ':');) {
    if (std::filesystem::exists(std::filesystem::path(folder) / program)) return true;
  }
  return false;
}

}  // namespace claims::interop
