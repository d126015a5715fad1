#include "reference-server/chat/directory.h"

#include <algorithm>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <utility>

#include "protocol/chat/error.h"
#include "protocol/chat/text.h"
#include "protocol/limits.h"
#include "reference-server/chat/record_codec.h"
#include "reference-server/chat/text_template.h"
#include "reference-server/limits.h"

namespace claims::server {
namespace {

using nlohmann::json;

constexpr std::string_view kFormat = "claims-directory/1";
constexpr std::string_view kIdAllowed = "[a-z0-9-]{1,32}";
constexpr std::size_t kGreetingCharactersMax = 1'000;
constexpr std::size_t kErrorsMax = 100;  ///< Lines told; the rest is counted.

class Errors {
 public:
  void add(const std::string& path, std::string_view found, std::string_view allowed) {
    if (++count_ > kErrorsMax) return;
    if (!text_.empty()) text_ += '\n';
    text_ += path;
    text_ += ": found ";
    text_ += found;
    text_ += ", allowed ";
    text_ += allowed;
  }
  bool any() const { return count_ > 0; }
  std::string text() const {
    if (count_ <= kErrorsMax) return text_;
    return text_ + "\nand " + std::to_string(count_ - kErrorsMax) + " more errors";
  }

 private:
  std::string text_;
  std::size_t count_ = 0;
};

std::string shown(const json& value) {
  return chat::excerpt(value.dump(-1, ' ', false, json::error_handler_t::replace));
}
std::string in_quotes(std::string_view text) {
  return '"' + chat::excerpt(text) + '"';
}

/// One object of the file: takes its fields and tells what is wrong with them.
class Entry {
 public:
  Entry(const json& value, std::string path, Errors& errors)
      : value_(value), path_(std::move(path)), errors_(errors) {
    if (!value_.is_object()) errors_.add(path_, shown(value_), "an object");
  }

  bool is_object() const { return value_.is_object(); }
  std::string path(std::string_view key) const {
    return path_.empty() ? std::string(key) : path_ + '.' + std::string(key);
  }

  void only(std::initializer_list<std::string_view> keys) const {
    if (!is_object()) return;
    std::string allowed;
    for (const std::string_view key : keys) {
      if (!allowed.empty()) allowed += ", ";
      allowed += key;
    }
    for (const auto& [key, value] : value_.items()) {
      if (std::find(keys.begin(), keys.end(), key) == keys.end()) {
        errors_.add(path(chat::excerpt(key)), "an unknown key", allowed);
      }
    }
  }
  std::string id(std::string_view key) const {
    std::string id = string(key, kIdAllowed);
    if (id.empty() || chat::is_user_id(id)) return id;
    errors_.add(path(key), in_quotes(id), kIdAllowed);
    return {};
  }
  /// NFC text of 1 … `most` characters on one line, or of several lines.
  std::string text(std::string_view key, std::size_t most, bool one_line) const {
    const std::string allowed =
        "1-" + std::to_string(most) + " characters" + (one_line ? " on one line" : "");
    const std::string raw = string(key, allowed);
    if (raw.empty()) return {};
    auto text = chat::normalise_text(raw);
    const bool fits = text && chat::count_characters(*text) <= most;
    const bool breaks = fits && text->find_first_of("\n\t") != std::string::npos;
    if (fits && (!one_line || !breaks)) return std::move(*text);
    errors_.add(path(key), in_quotes(raw), allowed);
    return {};
  }
  std::string name(std::string_view key) const {
    return text(key, claims::limits::kNameCharactersMax, true);
  }
  /// The elements of an array of 0 … `most`; none when it is wrong.
  const json& array(std::string_view key, std::size_t most) const {
    static const json kNone = json::array();
    const std::string allowed = "an array of at most " + std::to_string(most);
    const json* value = find(key, allowed);
    if (value == nullptr) return kNone;
    if (value->is_array() && value->size() <= most) return *value;
    errors_.add(path(key),
                value->is_array() ? std::to_string(value->size()) + " elements" : shown(*value),
                allowed);
    return kNone;
  }
  std::string string(std::string_view key, std::string_view allowed) const {
    const json* value = find(key, allowed);
    if (value == nullptr) return {};
    if (value->is_string() && !value->get_ref<const std::string&>().empty()) {
      return value->get<std::string>();
    }
    errors_.add(path(key), shown(*value), allowed);
    return {};
  }

 private:
  const json* find(std::string_view key, std::string_view allowed) const {
    if (!is_object()) return nullptr;
    const auto it = value_.find(key);
    if (it != value_.end()) return &*it;
    errors_.add(path(key), "nothing", allowed);
    return nullptr;
  }

  const json& value_;
  std::string path_;
  Errors& errors_;
};

std::string element(std::string_view array, std::size_t index) {
  return std::string(array) + '[' + std::to_string(index) + ']';
}

void take_unique(std::set<std::string>& seen, const std::string& id, const std::string& path,
                 Errors& errors) {
  if (!id.empty() && !seen.insert(id).second)
    errors.add(path, in_quotes(id) + " again", "each id once");
}

InsurerEntry insurer_of(const json& value, const std::string& path, Errors& errors) {
  const Entry entry(value, path, errors);
  entry.only({"id", "code", "name", "greeting", "centres"});
  InsurerEntry insurer;
  insurer.id = entry.id("id");
  insurer.code = entry.string("code", "[0-9A-Za-z-]{1,32}");
  if (!insurer.code.empty() && !chat::is_receipt_number(insurer.code)) {
    errors.add(entry.path("code"), in_quotes(insurer.code), "[0-9A-Za-z-]{1,32}");
  }
  insurer.name = entry.name("name");
  insurer.greeting = entry.text("greeting", kGreetingCharactersMax, false);
  if (const auto unknown = unknown_placeholder(insurer.greeting)) {
    errors.add(entry.path("greeting"), in_quotes(*unknown), "{adjuster}, {garage}, {plate}");
  }
  std::set<std::string> ids;
  const json& centres = entry.array("centres", limits::kUsersMax);
  for (std::size_t i = 0; i < centres.size(); ++i) {
    const Entry centre(centres[i], entry.path(element("centres", i)), errors);
    centre.only({"id", "name", "region"});
    insurer.centres.push_back({centre.id("id"), centre.name("name"), centre.name("region")});
    take_unique(ids, insurer.centres.back().id, centre.path("id"), errors);
  }
  return insurer;
}

UserEntry user_of(const json& value, const std::string& path, Errors& errors) {
  const Entry entry(value, path, errors);
  UserEntry user;
  user.id = entry.id("id");
  // The sender of greetings has this id.
  if (user.id == "system") errors.add(entry.path("id"), in_quotes(user.id), "any id but this");
  user.name = entry.name("name");
  constexpr std::string_view kRoles = "insurer, adjuster, garage";
  const std::string role = entry.string("role", kRoles);
  const auto parsed = chat::parse_role(role);
  if (!parsed) {
    if (!role.empty()) errors.add(entry.path("role"), in_quotes(role), kRoles);
    return user;
  }
  user.role = *parsed;
  switch (user.role) {
    case chat::Role::insurer:
      entry.only({"id", "role", "name", "insurer"});
      user.insurer = entry.id("insurer");
      break;
    case chat::Role::adjuster:
      entry.only({"id", "role", "name", "insurer", "centre"});
      user.insurer = entry.id("insurer");
      user.centre = entry.id("centre");
      break;
    case chat::Role::garage:
      entry.only({"id", "role", "name", "region"});
      user.region = entry.name("region");
      break;
  }
  return user;
}

/// That a user's insurer and centre are in the file, and its id is none of an insurer.
class References {
 public:
  explicit References(const std::vector<InsurerEntry>& insurers) {
    for (const InsurerEntry& insurer : insurers) {
      insurers_.insert(insurer.id);
      for (const Centre& centre : insurer.centres) centres_.emplace(insurer.id, centre.id);
    }
  }
  void check(const UserEntry& user, const std::string& path, Errors& errors) const {
    // Templates are owned by insurers and garages, and told apart by the owner's id alone.
    if (insurers_.contains(user.id)) {
      errors.add(path + ".id", in_quotes(user.id), "any id but an insurer's");
    }
    if (user.insurer.empty()) return;
    if (!insurers_.contains(user.insurer)) {
      errors.add(path + ".insurer", in_quotes(user.insurer), "the id of an insurer of this file");
    } else if (!user.centre.empty() && !centres_.contains({user.insurer, user.centre})) {
      errors.add(path + ".centre", in_quotes(user.centre), "the id of a centre of " + user.insurer);
    }
  }

 private:
  std::set<std::string> insurers_;
  std::set<std::pair<std::string, std::string>> centres_;
};

/// The JSON, or what is wrong with its syntax. nlohmann keeps the last of equal keys, so they are
/// noticed while parsing.
Result<json, std::string> parse_syntax(std::string_view text) {
  std::vector<std::set<std::string>> open;
  std::string duplicate;
  const auto notice = [&](int, json::parse_event_t event, json& parsed) {
    if (event == json::parse_event_t::object_start) open.emplace_back();
    if (event == json::parse_event_t::object_end) open.pop_back();
    if (event == json::parse_event_t::key) {
      const auto& key = parsed.get_ref<const std::string&>();
      if (!open.back().insert(key).second && duplicate.empty()) duplicate = key;
    }
    return true;
  };
  using Parsed = Result<json, std::string>;
  try {
    json root = json::parse(text, notice);
    if (duplicate.empty()) return Parsed(boost::system::in_place_value, std::move(root));
    return Parsed(boost::system::in_place_error,
                  "directory: found the key " + in_quotes(duplicate) + " twice, allowed once");
  } catch (const json::exception& error) {
    return Parsed(boost::system::in_place_error, std::string("directory: ") + error.what());
  }
}

}  // namespace

Result<Directory, std::string> parse_directory(std::string_view text) {
  const auto root = parse_syntax(text);
  if (!root) return root.error();
  Errors errors;
  const Entry file(*root, "", errors);
  if (!file.is_object()) return std::string("directory: found no object, allowed an object");
  file.only({"format", "insurers", "users"});
  const std::string format = file.string("format", in_quotes(kFormat));
  if (!format.empty() && format != kFormat)
    errors.add("format", in_quotes(format), in_quotes(kFormat));

  Directory directory;
  std::set<std::string> ids;
  const json& insurers = file.array("insurers", limits::kInsurersMax);
  for (std::size_t i = 0; i < insurers.size(); ++i) {
    const std::string path = element("insurers", i);
    directory.insurers.push_back(insurer_of(insurers[i], path, errors));
    take_unique(ids, directory.insurers.back().id, path + ".id", errors);
  }
  ids.clear();
  const References references(directory.insurers);
  const json& users = file.array("users", limits::kUsersMax);
  directory.users.reserve(users.size());
  for (std::size_t i = 0; i < users.size(); ++i) {
    const std::string path = element("users", i);
    directory.users.push_back(user_of(users[i], path, errors));
    take_unique(ids, directory.users.back().id, path + ".id", errors);
    references.check(directory.users.back(), path, errors);
  }
  if (errors.any()) return errors.text();
  return directory;
}

Result<std::vector<Record>, std::string> reconcile(const Directory& directory, const State& state) {
  Errors errors;
  std::vector<Record> records;
  std::size_t insurers = state.insurers();
  for (const InsurerEntry& insurer : directory.insurers) {
    const InsurerEntry* known = state.insurer(insurer.id);
    if (known == nullptr) ++insurers;
    if (state.find_user(insurer.id)) {
      errors.add("insurers", in_quotes(insurer.id), "any id but a user's of the log");
    }
    if (known == nullptr || *known != insurer) records.push_back(encode_record(insurer));
  }
  std::size_t users = state.users();
  for (std::size_t i = 0; i < directory.users.size(); ++i) {
    const UserEntry& user = directory.users[i];
    const auto index = state.find_user(user.id);
    if (state.insurer(user.id) != nullptr) {
      errors.add(element("users", i) + ".id", in_quotes(user.id),
                 "any id but an insurer's of the log");
    }
    if (!index) {
      ++users;
    } else if (const UserEntry& known = state.user(*index).entry; known == user) {
      continue;
    } else if (known.role != user.role) {
      errors.add(element("users", i) + ".role", in_quotes(to_string(user.role)),
                 in_quotes(to_string(known.role)) + ", as the log knows this user");
    }
    records.push_back(encode_record(user));
  }
  if (insurers > limits::kInsurersMax) {
    errors.add("insurers", std::to_string(insurers) + " with those of the log",
               "at most " + std::to_string(limits::kInsurersMax));
  }
  if (users > limits::kUsersMax) {
    errors.add("users", std::to_string(users) + " with those of the log",
               "at most " + std::to_string(limits::kUsersMax));
  }
  if (errors.any()) return errors.text();
  return records;
}

}  // namespace claims::server
