#include "simulator/check/receipt_book.h"

#include <utility>

namespace claims::storm::audit {

std::uint32_t ReceiptBook::add(Receipt receipt) {
  const auto index = static_cast<std::uint32_t>(receipts_.size());
  by_number_.emplace(receipt.number, index);
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

}  // namespace claims::storm::audit
