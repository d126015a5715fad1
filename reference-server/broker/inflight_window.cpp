#include "reference-server/broker/inflight_window.h"

#include <cassert>

namespace claims::server {

InflightWindow::InflightWindow(std::uint16_t first_id, std::uint16_t last_id)
    : id_max_(last_id), last_id_(static_cast<std::uint16_t>(first_id - 1)) {
  assert(first_id != 0 && first_id <= last_id);
}

std::uint16_t InflightWindow::add(std::uint64_t tag, bool kept) {
  assert(entries_.size() - head_ < id_max_);
  do {
    last_id_ = last_id_ == id_max_ ? std::uint16_t{1} : static_cast<std::uint16_t>(last_id_ + 1);
  } while (in_flight(last_id_));
  release_front();
  entries_.push_back({tag, last_id_, true, kept});
  ++sent_;
  return last_id_;
}

std::optional<std::uint16_t> InflightWindow::send_again(std::uint64_t tag) {
  if (sent_ == entries_.size() - head_) return std::nullopt;  // The usual case: none waits.
  for (std::size_t i = head_; i < entries_.size(); ++i) {
    Entry& entry = entries_[i];
    if (entry.tag != tag || entry.sent) continue;
    entry.sent = true;
    ++sent_;
    return entry.packet_id;
  }
  return std::nullopt;
}

std::optional<std::uint64_t> InflightWindow::acknowledge(std::uint16_t packet_id) {
  for (std::size_t i = head_; i < entries_.size(); ++i) {
    if (entries_[i].packet_id != packet_id) continue;
    const std::uint64_t tag = entries_[i].tag;
    remove(i);
    return tag;
  }
  return std::nullopt;
}

void InflightWindow::forget_kept() {
  std::vector<Entry> left;
  for (std::size_t i = head_; i < entries_.size(); ++i) {
    Entry entry = entries_[i];
    if (entry.kept && !entry.sent) continue;
    if (entry.kept) entry.tag = 0;
    entry.kept = false;
    left.push_back(entry);
  }
  entries_ = std::move(left);
  head_ = 0;
}

void InflightWindow::connection_lost(std::size_t kept_max) {
  std::vector<Entry> kept;
  for (std::size_t i = head_; i < entries_.size(); ++i) {
    if (entries_[i].kept) kept.push_back(entries_[i]);
  }
  if (kept.size() > kept_max) {
    kept.erase(kept.begin(), kept.end() - static_cast<std::ptrdiff_t>(kept_max));
  }
  for (Entry& entry : kept) entry.sent = false;
  entries_ = std::move(kept);
  head_ = 0;
  sent_ = 0;
}

std::vector<std::uint64_t> InflightWindow::tags() const {
  std::vector<std::uint64_t> tags;
  for (std::size_t i = head_; i < entries_.size(); ++i) tags.push_back(entries_[i].tag);
  return tags;
}

bool InflightWindow::in_flight(std::uint16_t packet_id) const {
  for (std::size_t i = head_; i < entries_.size(); ++i) {
    if (entries_[i].packet_id == packet_id) return true;
  }
  return false;
}

void InflightWindow::remove(std::size_t index) {
  if (entries_[index].sent) --sent_;
  if (index == head_) {
    ++head_;
  } else {
    entries_.erase(entries_.begin() + static_cast<std::ptrdiff_t>(index));
  }
  if (head_ == entries_.size()) {
    entries_.clear();
    head_ = 0;
  }
}

void InflightWindow::release_front() {
  // Moving what is left costs no more than what was removed since.
  if (head_ < 32 || head_ * 2 < entries_.size()) return;
  entries_.erase(entries_.begin(), entries_.begin() + static_cast<std::ptrdiff_t>(head_));
  head_ = 0;
}

}  // namespace claims::server
