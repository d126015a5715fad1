// Population on disk: what a server needs (directory.json, token.key) and what a run against it
// needs (tokens.csv, population.json). tokens.csv and token.key are secrets: readable by the owner
// alone.

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include "protocol/chat/json_text.h"
#include "simulator/limits.h"
#include "simulator/scenario/document.h"
#include "simulator/scenario/insurer_market.h"
#include "simulator/scenario/loading.h"
#include "simulator/scenario/population.h"

namespace claims::storm {
namespace {

constexpr std::size_t kFileBytesMax = 64 * 1024 * 1024;
constexpr std::string_view kFormat = "claimstorm-population/1";

std::string json_string(std::string_view text) {
  std::string json;
  chat::append_json_string(text, json);
  return json;
}

std::string weights_json(const Population& population) {
  std::string insurers, people;
  for (const Insurer& insurer : population.insurers) {
    insurers += fmt::format(
        R"({}    {{"id":"{}","code":"{}","name":{},"share_permille":{},"core":{}}})",
        insurers.empty() ? "" : ",\n", insurer.id, insurer.code, json_string(insurer.name),
        insurer.share_permille, static_cast<std::uint32_t>(insurer.core));
  }
  for (const Person& person : population.people) {
    const std::string devices =
        person.devices == 1 ? std::string() : fmt::format(R"(,"devices":{})", person.devices);
    people += fmt::format(R"({}    {{"id":"{}","role":"{}","name":{},"insurer":{},"weight":{}{}}})",
                          people.empty() ? "" : ",\n", person.id, chat::to_string(person.role),
                          json_string(person.name), person.insurer, person.weight, devices);
  }
  return fmt::format(
      "{{\n  \"format\": \"{}\",\n  \"insurers\": [\n{}\n  ],\n  \"people\": [\n{}\n  ]\n}}\n",
      kFormat, insurers, people);
}

std::string tokens_csv(const Population& population) {
  std::string csv = "user,token\n";
  for (const Person& person : population.people) {
    csv += fmt::format("{},{}\n", person.id, person.token);
  }
  return csv;
}

Result<void, std::string> write_file(const std::filesystem::path& file, const std::string& text,
                                     bool secret) {
  namespace fs = std::filesystem;
  std::error_code failed;
  if (secret) {
    // Never readable by others, not even while it is being written.
    fs::remove(file, failed);
    std::ofstream create(file, std::ios::binary);
    create.close();
    fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write, failed);
  }
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  out << text;
  out.close();
  if (!out) return fmt::format("{}: cannot be written ({})", file.string(), std::strerror(errno));
  return {};
}

Result<std::string, std::string> read_text(const std::filesystem::path& file) {
  std::error_code failed;
  const auto size = std::filesystem::file_size(file, failed);
  if (failed)
    return Result<std::string, std::string>(boost::system::in_place_error,
                                            fmt::format("{}: {}", file.string(), failed.message()));
  std::string text;
  if (size <= kFileBytesMax) {
    std::ifstream in(file, std::ios::binary);
    text.resize(size);
    in.read(text.data(), static_cast<std::streamsize>(size));
    if (in) return Result<std::string, std::string>(boost::system::in_place_value, std::move(text));
  }
  return Result<std::string, std::string>(boost::system::in_place_error,
                                          fmt::format("{}: cannot be read", file.string()));
}

void load_insurers(const Cursor& root, Population& population) {
  const auto member = root.required("insurers", "a list");
  const auto list = member ? member->list(1, kInsurersMax) : std::nullopt;
  if (!list) return;
  for (const Cursor& cursor : *list) {
    Insurer insurer;
    const auto text = [&](std::string_view key) {
      const auto value = cursor.required(key, "a text");
      return value ? value->text().value_or("") : std::string();
    };
    const auto number = [&](std::string_view key, std::int64_t most) {
      const auto value = cursor.required(key, "a number");
      return static_cast<std::uint32_t>(value ? value->integer(0, most).value_or(0) : 0);
    };
    if (!cursor.is_object()) continue;
    insurer.id = text("id");
    insurer.code = text("code");
    insurer.name = text("name");
    insurer.share_permille = number("share_permille", 1'000);
    insurer.core = UserNumber(number("core", limits::kUsersMax));
    population.insurers.push_back(std::move(insurer));
  }
}

void load_people(const Cursor& root, Population& population) {
  const auto member = root.required("people", "a list");
  const auto list = member ? member->list(1, limits::kUsersMax) : std::nullopt;
  if (!list) return;
  for (const Cursor& cursor : *list) {
    if (!cursor.is_object()) continue;
    Person person;
    if (const auto id = cursor.required("id", "a user id")) {
      person.id = id->text().value_or("");
      if (!chat::is_user_id(person.id)) id->error("a user id of a-z, 0-9 and '-'");
    }
    if (const auto role = cursor.required("role", "a role")) {
      const auto kind = chat::parse_role(role->text().value_or(""));
      if (!kind) role->error("insurer, adjuster, garage");
      person.role = kind.value_or(chat::Role::garage);
    }
    if (const auto name = cursor.required("name", "a name")) {
      person.name = name->text().value_or("");
    }
    if (const auto insurer = cursor.required("insurer", "a number")) {
      const auto most = static_cast<std::int64_t>(population.insurers.size()) - 1;
      person.insurer = static_cast<std::uint32_t>(insurer->integer(0, most).value_or(0));
    }
    if (const auto weight = cursor.required("weight", "a number")) {
      person.weight = static_cast<std::uint32_t>(weight->integer(1, 1'000'000'000).value_or(1));
    }
    if (const auto devices = cursor.optional("devices")) {
      constexpr auto kMost = static_cast<std::int64_t>(limits::kDevicesPerUserMax);
      person.devices = static_cast<std::uint8_t>(devices->integer(1, kMost).value_or(1));
    }
    population.people.push_back(std::move(person));
  }
}

/// What each list says of the other, and that no user is there twice.
void check_together(const Cursor& root, const Population& population) {
  std::set<std::string_view> ids;
  for (const Person& person : population.people) {
    if (ids.insert(person.id).second) continue;
    root.error(fmt::format("user {} twice", person.id), "each user id once");
    return;
  }
  for (const Insurer& insurer : population.insurers) {
    const auto core = static_cast<std::size_t>(insurer.core);
    if (core < population.people.size() && population.people[core].role == chat::Role::insurer) {
      continue;
    }
    root.error(fmt::format("insurer {} with the core user {}", insurer.id, core),
               "the number of a user of the role insurer");
  }
}

/// The directory that a server will be given: of the format, and with the same users.
std::optional<std::string> check_directory(const std::string& file, const Population& population) {
  const auto document = read_document(file, kFileBytesMax);
  if (!document) return to_string(document.error());
  std::vector<FileError> errors;
  const Cursor root(*document, file, errors);
  if (root.is_object()) {
    check_format(root, "claims-directory/1");
    const auto text_at = [](const Cursor& entry, std::string_view key) {
      const auto member = entry.is_object() ? entry.required(key, "a text") : std::nullopt;
      return member ? member->text() : std::nullopt;
    };
    std::set<std::string> insurers;
    if (const auto member = root.required("insurers", "a list")) {
      const auto list = member->list(1, kInsurersMax);
      for (const Cursor& insurer : list ? *list : std::vector<Cursor>{}) {
        if (const auto id = text_at(insurer, "id")) insurers.emplace(*id);
      }
    }
    if (const auto users = root.required("users", "a list")) {
      const auto list = users->list(1, limits::kUsersMax);
      std::set<std::string> ids;
      for (const Cursor& user : list ? *list : std::vector<Cursor>{}) {
        const auto id = user.is_object() ? user.required("id", "a user id") : std::nullopt;
        const auto text = id ? id->text() : std::nullopt;
        if (text && !ids.emplace(*text).second) id->error("each user id once");
        const auto role = text_at(user, "role");
        if (!role || *role == "garage") continue;
        const auto insurer = text_at(user, "insurer");
        if (insurer && !insurers.contains(std::string(*insurer))) {
          user.error(fmt::format("insurer {}", *insurer), "the id of an insurer of this file");
        }
      }
      for (const Person& person : population.people) {
        if (!errors.empty() || ids.contains(person.id)) continue;
        users->error("the users of population.json, also " + person.id);
      }
    }
  }
  if (errors.empty()) return std::nullopt;
  return to_string(errors.front());
}

Result<void, std::string> read_tokens(const std::filesystem::path& file, Population& population) {
  const auto csv = read_text(file);
  if (!csv) return csv.error();
  std::map<std::string_view, std::string_view> tokens;
  std::string_view rest = *csv;
  for (std::size_t line = 1; !rest.empty(); ++line) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view row = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const std::size_t comma = row.find(',');
    if (comma == std::string_view::npos) {
      return fmt::format("{}:{}: found no comma, allowed: <user>,<token>", file.string(), line);
    }
    tokens[row.substr(0, comma)] = row.substr(comma + 1);
  }
  for (Person& person : population.people) {
    const auto found = tokens.find(person.id);
    if (found == tokens.end()) {
      return fmt::format("{}: has no token of {}", file.string(), person.id);
    }
    person.token = std::string(found->second);
  }
  return {};
}

}  // namespace

Result<void, std::string> write_population(const Population& population,
                                           const std::string& directory) {
  const std::filesystem::path folder(directory);
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (failed) return fmt::format("{}: {}", directory, failed.message());
  struct File {
    const char* name;
    std::string text;
    bool secret;
  };
  const File files[] = {{"directory.json", population.directory_json, false},
                        {"population.json", weights_json(population), false},
                        {"token.key", population.token_key_hex + "\n", true},
                        {"tokens.csv", tokens_csv(population), true}};
  for (const File& file : files) {
    if (auto written = write_file(folder / file.name, file.text, file.secret); !written) {
      return written;
    }
  }
  return {};
}

Result<Population, std::string> read_population(const std::string& directory) {
  const std::filesystem::path folder(directory);
  const std::string file = (folder / "population.json").string();
  const auto document = read_document(file, kFileBytesMax);
  if (!document) return to_string(document.error());
  Population population;
  std::vector<FileError> errors;
  const Cursor root(*document, file, errors);
  if (root.is_object()) {
    check_format(root, kFormat);
    load_insurers(root, population);
    load_people(root, population);
    check_together(root, population);
  }
  if (!errors.empty()) return to_string(errors.front());
  if (auto tokens = read_tokens(folder / "tokens.csv", population); !tokens) return tokens.error();
  const auto directory_json = read_text(folder / "directory.json");
  if (!directory_json) return directory_json.error();
  if (const auto wrong = check_directory((folder / "directory.json").string(), population)) {
    return *wrong;
  }
  population.directory_json = *directory_json;
  const auto key = read_text(folder / "token.key");
  if (!key) return key.error();
  population.token_key_hex = key->substr(0, key->find_first_of("\r\n "));
  const auto token_key = chat::parse_token_key(population.token_key_hex);
  if (!token_key) {
    return fmt::format("{}: is no key of 64 hex digits", (folder / "token.key").string());
  }
  for (Person& person : population.people) {
    const auto expires = chat::verify_token(*token_key, person.id, person.token, Milliseconds{0});
    if (expires) person.token_expires_s = *expires;
  }
  population.index();
  return population;
}

}  // namespace claims::storm
