#include <algorithm>
#include <array>
#include <cassert>
#include <string_view>

#include "simulator/scenario/chat_text.h"
#include "simulator/scenario/expression.h"
#include "simulator/scenario/negotiation_values.h"
#include "simulator/scenario/person_name.h"
#include "simulator/scenario/plate.h"
#include "simulator/scenario/receipt.h"

namespace claims::storm {
namespace {

struct Generator {
  std::string_view name;
  Value (*make)(Random& random);
};

template <auto kMake>
Value text(Random& random) {
  return Value(boost::json::string(std::string(kMake(random))));
}

/// Sorted by name. `receipt` depends on the serial instead of random numbers.
constexpr std::array kGenerators = {
    Generator{"adjuster_text", text<make_adjuster_text>},
    Generator{"amount", [](Random& random) { return Value(draw_estimate_won(random)); }},
    Generator{"garage_name", text<[](Random& random) { return make_garage_name(random).name; }>},
    Generator{"garage_text", text<make_garage_text>},
    Generator{"model", text<draw_car_model>},
    Generator{"objection_reason", text<make_objection_reason>},
    Generator{"person", text<make_person_name>},
    Generator{"plate", text<make_plate>},
    Generator{"ratio", text<make_ratio>},
    Generator{"receipt", nullptr},
    Generator{"region", text<draw_region>},
    Generator{"vin", text<make_vin>},
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
  if (found->make != nullptr) return found->make(random);
  return Value(boost::json::string(make_receipt(seed, serial)));
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
