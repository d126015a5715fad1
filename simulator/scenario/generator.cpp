#include <algorithm>
#include <array>
#include <cassert>
#include <string_view>

#include "simulator/scenario/chat_text.h"
#include "simulator/scenario/expression.h"
#include "simulator/scenario/person_name.h"
#include "simulator/scenario/plate.h"
#include "simulator/scenario/receipt.h"

namespace claims::storm {
namespace {

struct Generator {
  std::string_view name;
  std::string (*make)(Random& random);
};

/// Sorted by name. `receipt` depends on the serial instead of random numbers.
constexpr std::array kGenerators = {
    Generator{"adjuster_text", make_adjuster_text},
    Generator{"garage_name", [](Random& random) { return make_garage_name(random).name; }},
    Generator{"garage_text", make_garage_text},
    Generator{"model", [](Random& random) { return std::string(draw_car_model(random)); }},
    Generator{"person", make_person_name},
    Generator{"plate", make_plate},
    Generator{"receipt", nullptr},
    Generator{"region", [](Random& random) { return std::string(draw_region(random)); }},
    Generator{"vin", make_vin},
};

const Generator* find_generator(std::string_view name) {
  const auto* found = std::find_if(kGenerators.begin(), kGenerators.end(),
                                   [&](const Generator& g) { return g.name == name; });
  return found == kGenerators.end() ? nullptr : found;
}

}  // namespace

Value generate_value(std::string_view generator, Random& random, std::uint64_t seed,
                     std::uint64_t serial) {
  const Generator* found = find_generator(generator);
  assert(found != nullptr);
  const std::string text =
      found->make == nullptr ? make_receipt(seed, serial) : found->make(random);
  return Value(boost::json::string(text));
}

bool is_generator(std::string_view generator) {
  return find_generator(generator) != nullptr;
}

std::vector<std::string> generator_names() {
  std::vector<std::string> names;
  names.reserve(kGenerators.size());
  for (const Generator& generator : kGenerators) names.emplace_back(generator.name);
  return names;
}

}  // namespace claims::storm
