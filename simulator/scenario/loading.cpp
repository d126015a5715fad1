#include "simulator/scenario/loading.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>

#include "simulator/scenario/near_miss.h"
#include "simulator/scenario/quantity.h"

namespace claims::storm {
namespace {

constexpr std::size_t kRequirementsMax = 200;
constexpr std::size_t kClausesMax = 100;

bool is_clause_word(std::string_view text) {
  return !text.empty() && text.size() <= 40 &&
         text.find_first_not_of(
             "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") ==
             std::string_view::npos;
}

void load_clause_entries(const Cursor& list, RequirementEntry& entry) {
  const auto clauses = list.list(1, kClausesMax);
  if (!clauses) return;
  for (const Cursor& cursor : *clauses) {
    if (!cursor.is_object()) continue;
    cursor.allow_only({"clause", "title"});
    RequirementEntry::Clause clause;
    if (const auto name = cursor.required("clause", "the clause's short name")) {
      clause.clause = name->text().value_or("");
      if (!is_clause_word(clause.clause)) name->error("letters, digits and '-': one-room");
      for (const auto& other : entry.clauses) {
        if (other.clause == clause.clause) name->error("each clause once");
      }
    }
    if (const auto title = cursor.required("title", R"({"ko", "en"})")) {
      clause.title = load_local_text(*title).value_or(LocalText{});
    }
    entry.clauses.push_back(std::move(clause));
  }
}

}  // namespace

std::vector<std::string> clause_names(const std::vector<RequirementEntry>& catalogue) {
  std::vector<std::string> names;
  for (const RequirementEntry& entry : catalogue) {
    for (const auto& clause : entry.clauses) names.push_back(entry.id + "/" + clause.clause);
  }
  return names;
}

std::string catalogue_file_of(const std::string& scenario_file, const std::string& name) {
  const auto folder = std::filesystem::path(scenario_file).parent_path();
  for (const auto& candidate : {folder, folder / ".."}) {
    const auto file = (candidate / name).lexically_normal();
    std::error_code failed;
    if (std::filesystem::exists(file, failed)) return file.string();
  }
  return {};
}

std::vector<RequirementEntry> load_requirements(const Cursor& root) {
  std::vector<RequirementEntry> catalogue;
  if (!root.is_object()) return catalogue;
  root.allow_only({"$schema", "format", "requirements"});
  check_schema(root);
  check_format(root, "claimstorm-requirements/1");
  const auto member = root.required("requirements", "a list of requirements");
  const auto list = member ? member->list(1, kRequirementsMax) : std::nullopt;
  if (!list) return catalogue;
  for (const Cursor& cursor : *list) {
    if (!cursor.is_object()) continue;
    cursor.allow_only({"id", "title", "clauses"});
    RequirementEntry entry;
    if (const auto id = cursor.required("id", "the requirement's ID")) {
      entry.id = id->text().value_or("");
      if (!is_clause_word(entry.id)) id->error("an ID: CPC-003");
      for (const RequirementEntry& other : catalogue) {
        if (other.id == entry.id) id->error("each ID once");
      }
    }
    if (const auto title = cursor.required("title", R"({"ko", "en"})")) {
      entry.title = load_local_text(*title).value_or(LocalText{});
    }
    if (const auto clauses = cursor.required("clauses", "a list of clauses")) {
      load_clause_entries(*clauses, entry);
    }
    catalogue.push_back(std::move(entry));
  }
  return catalogue;
}

void tell_missing_catalogue(const Cursor& root) {
  const auto folder = std::filesystem::path(root.place().file).parent_path();
  root.error("clauses that are cited, and no requirements.json that has them",
             fmt::format("{} or {}", (folder / "requirements.json").string(),
                         (folder / ".." / "requirements.json").lexically_normal().string()));
}

std::optional<LocalText> load_local_text(const Cursor& cursor) {
  if (!cursor.is_object()) return std::nullopt;
  cursor.allow_only({"ko", "en"});
  LocalText local;
  for (const auto& [key, text] : {std::pair{"ko", &local.ko}, std::pair{"en", &local.en}}) {
    const auto member = cursor.required(key, "a text in Korean (ko) and in English (en)");
    if (!member) continue;
    *text = member->text().value_or("-");
    if (text->empty()) member->error("a text that is not empty");
  }
  return local;
}

std::optional<std::string> load_clause(const Cursor& cursor,
                                       const std::vector<std::string>& clauses) {
  auto clause = cursor.text();
  if (!clause) return std::nullopt;
  const std::size_t slash = clause->find('/');
  if (slash == std::string::npos || !is_clause_word(clause->substr(0, slash)) ||
      !is_clause_word(clause->substr(slash + 1))) {
    cursor.error("a requirement's clause: CPC-003/one-room");
    return std::nullopt;
  }
  if (!clauses.empty() && std::find(clauses.begin(), clauses.end(), *clause) == clauses.end()) {
    std::vector<std::string> of_id;
    for (const std::string& name : clauses) {
      if (name.starts_with(clause->substr(0, slash + 1))) of_id.push_back(name);
    }
    const std::string near = nearest(*clause, clauses);
    cursor.error(!of_id.empty() ? allowed_names(*clause, of_id)
                 : !near.empty()
                     ? fmt::format("a clause of requirements.json (did you mean {}?)", near)
                     : std::string("a clause of requirements.json"));
    return std::nullopt;
  }
  return clause;
}

std::vector<std::string> load_clauses(const Cursor& cursor,
                                      const std::vector<std::string>& clauses) {
  std::vector<std::string> loaded;
  const auto list = cursor.list(1, kClausesMax);
  if (!list) return loaded;
  for (const Cursor& element : *list) {
    if (auto clause = load_clause(element, clauses)) loaded.push_back(std::move(*clause));
  }
  return loaded;
}

std::optional<Microseconds> load_duration(const Cursor& cursor, Microseconds least,
                                          Microseconds most) {
  const auto text = cursor.text();
  if (!text) return std::nullopt;
  const auto duration = parse_duration(*text);
  if (!duration) {
    cursor.error(duration.error());
    return std::nullopt;
  }
  if (*duration < least || *duration > most) {
    cursor.error(fmt::format("from {} to {}", write_duration(least), write_duration(most)));
    return std::nullopt;
  }
  return *duration;
}

void check_schema(const Cursor& root) {
  if (const auto schema = root.optional("$schema")) schema->text();
}

void check_format(const Cursor& root, std::string_view format) {
  const auto member = root.required("format", fmt::format("\"{}\"", format));
  if (!member) return;
  const auto text = member->text();
  if (text && *text != format) member->error(fmt::format("\"{}\"", format));
}

bool load_other_contract(const Cursor& root) {
  const auto member = root.optional("contract");
  const auto text = member ? member->text() : std::nullopt;
  if (text && *text != "claims" && *text != "other") member->error(R"("claims" or "other")");
  return text == "other";
}

bool is_variable_name(std::string_view name) {
  constexpr std::array<std::string_view, 20> kWords = {
      "and",    "or",       "not",         "true",     "false",  "null", "size",
      "repeat", "contains", "starts_with", "weighted", "random", "pick", "flip",
      "gen",    "self",     "self_index",  "reply",    "event",  ""};
  if (std::find(kWords.begin(), kWords.end(), name) != kWords.end()) return false;
  return name.size() <= 40 && name.front() >= 'a' && name.front() <= 'z' &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string_view::npos;
}

}  // namespace claims::storm
