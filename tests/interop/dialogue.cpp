#include "tests/interop/dialogue.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <optional>
#include <sstream>
#include <stdexcept>

#include "tests/interop/open_server.h"
#include "tests/interop/packet_reader.h"
#include "tests/interop/raw_client.h"

namespace claims::interop {
namespace {

constexpr std::string_view kV3Prefix = "3.1.1:", kV5Prefix = "5.0:", kOptions = "options:";

std::vector<std::string> words_of(std::string_view text) {
  std::istringstream words{std::string(text)};
  std::vector<std::string> all;
  for (std::string word; words >> word;) all.push_back(word);
  return all;
}

DialogueStep step_of(const std::string& line, std::size_t number) {
  DialogueStep step;
  step.line = number;
  std::istringstream words(line);
  words >> step.client;
  if (step.client == "3.1.1" || step.client == "5.0") {
    (step.client == "5.0" ? step.in_v3 : step.in_v5) = false;
    words >> step.client;
  }
  words >> step.verb;
  std::getline(words >> std::ws, step.text);
  return step;
}

bool well_formed(const DialogueStep& step) {
  if (step.verb == "breaks") return step.text.empty();
  if (step.verb == "opens") return step.text == "3.1.1";
  return !step.text.empty() && (step.verb == ">" || step.verb == "<" || step.verb == "has");
}

/// The clients of a dialogue, by name.
class Stage {
 public:
  Stage(const Dialogue& dialogue, mqtt::Version version)
      : server_(dialogue.options), version_(version) {}

  /// What went differently.
  std::optional<std::string> take(const DialogueStep& step) {
    if (step.verb == "breaks") {
      clients_.erase(step.client);
      return std::nullopt;
    }
    if (step.verb == "opens") {
      clients_.try_emplace(step.client, server_.address(), mqtt::Version::v3_1_1);
      return std::nullopt;
    }
    if (step.verb == ">") {
      says(step);
      return std::nullopt;
    }
    const auto client = clients_.find(step.client);
    if (client == clients_.end()) return "there is no client " + step.client;
    return step.verb == "has" ? has(client->second, step.text) : hears(client->second, step);
  }

 private:
  void says(const DialogueStep& step) {
    auto client = clients_.find(step.client);
    if (client == clients_.end()) {
      client = clients_.try_emplace(step.client, server_.address(), version_).first;
    }
    client->second.says_bytes(packet_bytes(step.text, version_));
  }

  std::optional<std::string> hears(RawClient& client, const DialogueStep& step) {
    const Lines heard = client.hears();
    const std::string line = heard.empty() ? "nothing" : heard.front();
    // What a client says next under that name, it says over a new connection.
    if (line == "closed") clients_.erase(step.client);
    if (line == step.text) return std::nullopt;
    return "hears: " + line;
  }

  static std::optional<std::string> has(const RawClient& client, const std::string& text) {
    std::string all;
    for (const std::string& one : client.connack_properties()) {
      if (one == text || (text.ends_with("=*") && one.starts_with(text.substr(0, text.size() - 1))))
        return std::nullopt;
      all += " " + one;
    }
    if (text.starts_with("no ")) {
      const bool there = all.find(" " + text.substr(3) + "=") != std::string::npos;
      if (!there) return std::nullopt;
    }
    return "CONNACK has:" + all;
  }

  OpenServer server_;
  mqtt::Version version_;
  std::map<std::string, RawClient> clients_;
};

}  // namespace

std::vector<Dialogue> read_dialogues(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error(path + ": cannot be read");
  std::vector<Dialogue> all;
  std::size_t number = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    const auto fail = [&](const char* what) {
      std::ostringstream text;
      text << path << ':' << number << ": " << what << ": " << line;
      throw std::runtime_error(text.str());
    };
    if (line.empty() || line.starts_with('#')) continue;
    if (line.starts_with("== ")) {
      all.emplace_back();
      all.back().file = path;
      all.back().title = line.substr(3);
      continue;
    }
    if (all.empty()) fail("before the first title");
    Dialogue& dialogue = all.back();
    if (line.starts_with(kV3Prefix)) {
      dialogue.proves_v3 = words_of(std::string_view(line).substr(kV3Prefix.size()));
    } else if (line.starts_with(kV5Prefix)) {
      dialogue.proves_v5 = words_of(std::string_view(line).substr(kV5Prefix.size()));
    } else if (line.starts_with(kOptions)) {
      dialogue.options = words_of(std::string_view(line).substr(kOptions.size()));
    } else {
      dialogue.steps.push_back(step_of(line, number));
      if (!well_formed(dialogue.steps.back())) fail("not \"NAME > PACKET\", <, has or breaks");
    }
  }
  return all;
}

std::string play(const Dialogue& dialogue, mqtt::Version version) {
  Stage stage(dialogue, version);
  for (const DialogueStep& step : dialogue.steps) {
    if (!step.in(version)) continue;
    const std::string place = dialogue.file + ":" + std::to_string(step.line) + ": ";
    try {
      if (const auto difference = stage.take(step)) {
        return place + "\"" + dialogue.title + "\": " + step.client + " " + step.verb + " " +
               step.text + ", but " + *difference;
      }
    } catch (const std::invalid_argument& error) {
      return place + error.what();
    }
  }
  return {};
}

}  // namespace claims::interop
