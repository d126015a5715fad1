#pragma once
// KeyTable: an open hash from a key of three numbers to a value. Looked up by key only; it has no
// order and cannot be iterated. References stay valid until their entry is erased.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <utility>
#include <vector>

namespace claims::storm::audit {

struct TableKey {
  std::uint64_t first = 0, second = 0, third = 0;
  bool operator==(const TableKey&) const = default;
};

template <class Value>
class KeyTable {
 public:
  Value* find(const TableKey& key) {
    if (slots_.empty()) return nullptr;
    for (std::size_t at = home(key);; at = next(at)) {
      Slot& slot = slots_[at];
      if (slot.value == kEmpty) return nullptr;
      if (slot.key == key) return &values_[slot.value];
    }
  }

  /// The entry of that key, made if there is none.
  Value& put(const TableKey& key) {
    if (Value* found = find(key)) return *found;
    if ((size_ + 1) * 2 > slots_.size()) grow();
    std::uint32_t value;
    if (free_.empty()) {
      value = static_cast<std::uint32_t>(values_.size());
      values_.emplace_back();
    } else {
      value = free_.back();
      free_.pop_back();
    }
    place({key, value});
    ++size_;
    return values_[value];
  }

  void erase(const TableKey& key) {
    if (slots_.empty()) return;
    std::size_t at = home(key);
    while (slots_[at].value != kEmpty && !(slots_[at].key == key)) at = next(at);
    if (slots_[at].value == kEmpty) return;
    values_[slots_[at].value] = Value{};
    free_.push_back(slots_[at].value);
    slots_[at].value = kEmpty;
    --size_;
    // What was pushed past the hole moves back, so that no probe ends early.
    for (std::size_t later = next(at); slots_[later].value != kEmpty; later = next(later)) {
      const Slot moved = slots_[later];
      slots_[later].value = kEmpty;
      place(moved);
    }
  }

  std::size_t size() const { return size_; }

 private:
  static constexpr std::uint32_t kEmpty = 0xFFFF'FFFF;
  struct Slot {
    TableKey key;
    std::uint32_t value = kEmpty;
  };

  static std::uint64_t hash(const TableKey& key) {
    std::uint64_t h = key.first * 0x9E3779B97F4A7C15U;
    h = (h ^ (h >> 29U) ^ key.second) * 0xBF58476D1CE4E5B9U;
    h = (h ^ (h >> 32U) ^ key.third) * 0x94D049BB133111EBU;
    return h ^ (h >> 31U);
  }
  std::size_t home(const TableKey& key) const {
    return static_cast<std::size_t>(hash(key)) & (slots_.size() - 1);
  }
  std::size_t next(std::size_t at) const { return (at + 1) & (slots_.size() - 1); }
  void place(const Slot& slot) {
    std::size_t at = home(slot.key);
    while (slots_[at].value != kEmpty) at = next(at);
    slots_[at] = slot;
  }
  void grow() {
    std::vector<Slot> old = std::move(slots_);
    slots_.assign(old.empty() ? 16 : old.size() * 2, Slot{});
    for (const Slot& slot : old) {
      if (slot.value != kEmpty) place(slot);
    }
  }

  std::vector<Slot> slots_;  // A power of two, at most half full.
  std::deque<Value> values_;
  std::vector<std::uint32_t> free_;
  std::size_t size_ = 0;
};

}  // namespace claims::storm::audit
