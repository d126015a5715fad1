#pragma once
// Delta debugging (Zeller and Hildebrandt, "Simplifying and isolating failure-inducing input",
// 2002): a small part of a list that still fails, such that each piece of it is needed.

#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

namespace claims::storm {

/// Indices into the list, ascending.
using Subset = std::vector<std::size_t>;
/// Of these, in turn, the first that still fails; nothing: none does.
using FirstFailingSubset = std::function<std::optional<std::size_t>(const std::vector<Subset>&)>;

/// The whole list of so many fails; so does what is returned.
Subset minimize(std::size_t count, const FirstFailingSubset& first_failing);

}  // namespace claims::storm
