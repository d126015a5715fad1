#include "simulator/check/receipt_book.h"

#include <utility>

namespace claims::storm::audit {

std::uint32_t ReceiptBook::add(Receipt receipt) {
  const auto index = static_cast<std::uint32_t>(receipts_.size());
  by_number_.emplace(receipt.number, index);
  by_plate_.emplace(receipt.plate, index);
  receipts_.push_back(std::move(receipt));
  return index;
}

std::uint32_t ReceiptBook::find(std::string_view number) const {
  std::uint32_t first = kNoReceipt;
  const auto [begin, end] = by_number_.equal_range(number);
  for (auto it = begin; it != end; ++it) {
    const Receipt& receipt = receipts_[it->second];
    if (receipt.acknowledged) return it->second;
    if (!receipt.refused && first == kNoReceipt) first = it->second;
  }
  return first;
}

std::vector<std::uint32_t> ReceiptBook::registrations_of(std::string_view plate) const {
  std::vector<std::uint32_t> found;
  const auto [begin, end] = by_plate_.equal_range(plate);
  for (auto it = begin; it != end; ++it) {
    if (!receipts_[it->second].refused) found.push_back(it->second);
  }
  return found;
}

std::vector<std::uint32_t> ReceiptBook::of_plate(std::string_view plate) const {
  std::vector<std::uint32_t> found = registrations_of(plate);
  // A second registration of a number is refused.
  std::erase_if(found, [&](std::uint32_t it) { return find(receipts_[it].number) != it; });
  return found;
}

std::uint32_t ReceiptBook::only_one_of(std::string_view plate) const {
  const auto found = of_plate(plate);
  return found.size() == 1 ? found.front() : kNoReceipt;
}

}  // namespace claims::storm::audit
