#pragma once
// Settings: what `--set key=value` changes of a scenario's document before it is loaded.
//
// A key is the name of a variant of the file, whose choice is merged onto the document as RFC 7396
// says; or a dotted path to a value of it. Everything keeps the place it comes from.

#include <string>
#include <vector>

#include "simulator/scenario/document.h"
#include "simulator/scenario/load.h"

namespace claims::storm {

/// The keys that a scenario may have.
const std::vector<std::string>& scenario_keys();

/// In this order, so that a later one wins.
void apply_settings(JsonNode& scenario, const std::vector<Setting>& settings,
                    std::vector<FileError>& errors);
/// Every choice of every variant, as a setting.
std::vector<Setting> variant_choices(const JsonNode& scenario);
/// The shape of "variants"; what is in a choice is checked where it is merged.
void check_variants(const Cursor& scenario);

}  // namespace claims::storm
