#pragma once
// What the parts of loading share: the catalogue of clauses and small pieces that occur everywhere.

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "simulator/scenario/document.h"
#include "simulator/scenario/load.h"
#include "simulator/scenario/model.h"

namespace claims::storm {

/// "CPC-003/one-room" of all entries; empty: there is no catalogue, every clause is taken.
std::vector<std::string> clause_names(const std::vector<RequirementEntry>& catalogue);
/// The catalogue of that name that stands beside a scenario or workflow file or in the folder
/// above; empty when there is none.
std::string catalogue_file_of(const std::string& scenario_file,
                              const std::string& name = "requirements.json");
std::vector<RequirementEntry> load_requirements(const Cursor& root);
/// Clauses are cited by a file without a catalogue: says where it is looked for.
void tell_missing_catalogue(const Cursor& root);

/// Runs `load` over the file's document, as `settings` change a scenario, and gives all errors,
/// those of `file` first; a syntax error stands alone.
std::vector<FileError> read_and_load(
    const std::string& file, const std::vector<Setting>& settings,
    const std::function<void(const Cursor&, std::vector<FileError>&)>& load);

/// {"ko": …, "en": …}, both there and not empty.
std::optional<LocalText> load_local_text(const Cursor& cursor);
/// One clause, checked against the catalogue.
std::optional<std::string> load_clause(const Cursor& cursor,
                                       const std::vector<std::string>& clauses);
std::vector<std::string> load_clauses(const Cursor& cursor,
                                      const std::vector<std::string>& clauses);
std::optional<Microseconds> load_duration(const Cursor& cursor, Microseconds least,
                                          Microseconds most);
/// Text that a parser of quantity.h reads; its error goes to the text's place.
template <class Parse>
auto load_quantity(const std::optional<Cursor>& cursor, const Parse& parse) {
  using Value = typename std::decay_t<decltype(parse(std::string_view()))>::value_type;
  std::optional<Value> value;
  const auto text = cursor ? cursor->text() : std::nullopt;
  if (!text) return value;
  auto parsed = parse(*text);
  if (parsed) {
    value = *parsed;
  } else {
    cursor->error(parsed.error());
  }
  return value;
}
/// "$schema", which an editor completes from, is a text if it is there.
void check_schema(const Cursor& root);
/// "format" is there and says `format`.
void check_format(const Cursor& root, std::string_view format);
/// [a-z][a-z0-9_]*, up to 40 characters, and no word of the language: what expressions can name.
bool is_variable_name(std::string_view name);

/// A workflow, with every name in it checked.
/// `other_contract`: its commands and events are not those of docs/contract.md.
Workflow load_workflow(const Cursor& root, const std::vector<std::string>& clauses,
                       bool other_contract = false);
/// "contract": "claims" (also when it is not there) or "other"; true for the latter.
bool load_other_contract(const Cursor& root);

}  // namespace claims::storm
