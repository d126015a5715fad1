#include "simulator/scenario/fault_writer.h"

#include <fmt/format.h>

#include "simulator/scenario/quantity.h"

namespace claims::storm {
namespace {

std::string write_amount(const Fault& fault, FaultForm::Amount amount) {
  switch (amount) {
    case FaultForm::Amount::none:
      break;
    case FaultForm::Amount::bytes_a_second:
    case FaultForm::Amount::parts_in_a_million_signed:
      return fmt::format("{}", fault.amount);
    case FaultForm::Amount::microseconds:
      return write_duration(Microseconds(fault.amount));
    case FaultForm::Amount::milliseconds_signed:
      return (fault.amount < 0 ? "-" : "") +
             write_duration(
                 Microseconds((fault.amount < 0 ? -fault.amount : fault.amount) * 1'000));
  }
  return {};
}

// Nothing in it needs escaping: names of kinds, numbers with units, and user ids ([a-z0-9-]) with
// devices.
std::string entry(const Fault& fault, const Population& population) {
  const FaultForm& form = form_of(fault.kind);
  std::string text =
      fmt::format(R"({{"fault": "{}", "at": "{}")", form.name, write_duration(fault.begin));
  const auto out = std::back_inserter(text);
  if (form.lasts) {
    fmt::format_to(out, R"(, "lasts": "{}")", write_duration(fault.end - fault.begin));
  }
  if (form.amount != FaultForm::Amount::none) {
    fmt::format_to(out, R"(, "{}": "{}")", form.amount_key, write_amount(fault, form.amount));
  }
  if (form.direction && fault.direction != Direction::both) {
    const bool up = fault.direction == Direction::to_server;
    fmt::format_to(out, R"(, "direction": "{}")", up ? "to_server" : "to_user");
  }
  if (form.users) {
    text += R"(, "users": [)";
    for (std::size_t i = 0; i < fault.connections.size(); ++i) {
      fmt::format_to(out, R"({}"{}")", i > 0 ? ", " : "",
                     population.connection_name(fault.connections[i]));
    }
    text += "]";
  }
  return text + "}";
}

}  // namespace

std::string faults_json(const std::vector<Fault>& faults, const Population& population) {
  if (faults.empty()) return "[]";
  std::string text = "[";
  for (std::size_t i = 0; i < faults.size(); ++i) {
    text += (i > 0 ? ",\n " : "\n ") + entry(faults[i], population);
  }
  return text + "\n]";
}

}  // namespace claims::storm
