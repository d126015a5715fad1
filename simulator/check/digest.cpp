#include "simulator/check/digest.h"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <cstring>

#include "protocol/chat/text.h"

namespace claims::storm::audit {
namespace {

__extension__ using Wide = unsigned __int128;

// The multiply-and-fold of wyhash (public domain, Wang Yi).
std::uint64_t fold(std::uint64_t a, std::uint64_t b) {
  const Wide product = static_cast<Wide>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64U);
}

constexpr std::uint64_t kFirst = 0xA0761D6478BD642FU;
constexpr std::uint64_t kSecond = 0xE7037ED1A0B428DBU;

void add_envelope(Digest& digest, const EventView& event) {
  digest.add(static_cast<std::uint64_t>(event.room));
  digest.add(event.seq);
  digest.add(static_cast<std::uint64_t>(event.at_ms));
  digest.add(static_cast<std::uint64_t>(event.kind));
  digest.add(event.sender_id);
  digest.add(event.sender_name);
  digest.add(event.vehicle);
  digest.add(event.cmd);
}

}  // namespace

void Digest::add(std::uint64_t number) {
  state_ = fold(state_ ^ kFirst, number ^ kSecond);
}

void Digest::add(std::string_view text) {
  std::uint64_t state = state_ ^ (text.size() * kFirst);
  const char* at = text.data();
  std::size_t left = text.size();
  for (; left > 8; left -= 8, at += 8) {
    std::uint64_t word;
    std::memcpy(&word, at, 8);
    state = fold(state ^ kFirst, word ^ kSecond);
  }
  std::uint64_t word = 0;
  if (left > 0) std::memcpy(&word, at, left);
  state_ = fold(state ^ kSecond, word ^ kFirst);
}

std::uint64_t Digest::value() const {
  return fold(state_ ^ kFirst, kSecond);
}

std::uint64_t digest_of(const EventView& event) {
  Digest digest;
  add_envelope(digest, event);
  digest.add(event.text);
  switch (event.kind) {
    case EventKind::joined:
      digest.add(event.user_id);
      digest.add(event.user_name);
      digest.add(static_cast<std::uint64_t>(event.role));
      digest.add(event.from);
      digest.add(event.room_kind);
      digest.add(event.receipt);
      digest.add(event.model);
      if (event.as != chat::Invitation::founder) digest.add(static_cast<std::uint64_t>(event.as));
      break;
    case EventKind::notice:
      digest.add(static_cast<std::uint64_t>(event.state));
      break;
    case EventKind::claim:
      digest.add(event.claim);
      break;
    case EventKind::message:
      if (!event.from_template.empty()) digest.add(event.from_template);
      if (event.deleted) digest.add(std::uint64_t{1});
      if (event.files != nullptr) digest.add(digest_of_files(event.files));
      break;
    case EventKind::pre_estimate:
      digest.add(event.estimate);
      digest.add(static_cast<std::uint64_t>(event.amount));
      break;
    case EventKind::negotiation: {
      const NegotiationView& step = event.negotiation;
      digest.add(static_cast<std::uint64_t>(step.action) << 24U |
                 static_cast<std::uint64_t>(step.state) << 16U |
                 (step.by ? 1U + static_cast<unsigned>(*step.by) : 0U) << 8U |
                 (step.turn ? 1U + static_cast<unsigned>(*step.turn) : 0U));
      digest.add(step.ratio ? 1U + std::uint64_t{step.ratio->first} : 0U);
      digest.add(step.reason);
      break;
    }
    case EventKind::message_deleted:
      digest.add(event.of);
      break;
    case EventKind::left:
      digest.add(event.user_id);
      digest.add(event.user_name);
      digest.add(static_cast<std::uint64_t>(event.role));
      break;
    case EventKind::handed_over:
      digest.add(event.user_id);
      digest.add(event.user_name);
      digest.add(event.to_id);
      digest.add(event.to_name);
      break;
    case EventKind::room_changed:
      digest.add(event.title);
      break;
    case EventKind::further_estimate:
      digest.add(event.estimate);
      digest.add(static_cast<std::uint64_t>(event.amount));
      digest.add(event.reason);
      break;
    case EventKind::greeting:
    case EventKind::vehicle_added:
    case EventKind::room_deleted:
      break;
  }
  return digest.value();
}

std::uint64_t envelope_of(const EventView& event) {
  Digest digest;
  add_envelope(digest, event);
  return digest.value();
}

std::uint64_t digest_of_files(const boost::json::array* files) {
  if (files == nullptr) return 0;
  Digest digest;
  for (const boost::json::value& entry : *files) {
    const boost::json::object* file = entry.if_object();
    const boost::json::value* name = file == nullptr ? nullptr : file->if_contains("name");
    const boost::json::value* kind = file == nullptr ? nullptr : file->if_contains("kind");
    const auto stored =
        chat::normalise_text(name == nullptr ? "" : text_of(*name).value_or("")).value_or("");
    digest.add(stored);
    digest.add(kind == nullptr ? chat::to_string(chat::FileKind::general)
                               : text_of(*kind).value_or(""));
  }
  return digest.value();
}

std::uint64_t digest_of(std::string_view text, std::uint64_t seed) {
  Digest digest;
  digest.add(seed);
  digest.add(text);
  return digest.value();
}

std::uint64_t mix(chat::Seq seq, std::uint64_t digest) {
  return fold(digest ^ kFirst, (seq * 0x9E3779B97F4A7C15U) ^ kSecond);
}

}  // namespace claims::storm::audit
