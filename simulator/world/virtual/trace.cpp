#include "simulator/world/virtual/trace.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <cassert>

#include "simulator/world/virtual/packet_text.h"

namespace claims::storm {
namespace {

/// What is hashed at once: a call for each entry would cost more than the hashing.
constexpr std::size_t kChunkBytes = 64 * 1024;

void append_number(std::string& bytes, std::uint64_t number) {
  for (unsigned shift = 0; shift < 64; shift += 8) {
    bytes.push_back(static_cast<char>(number >> shift & 0xFFU));
  }
}

void append_text(std::string& bytes, std::string_view text) {
  append_number(bytes, text.size());
  bytes.append(text);
}

}  // namespace

struct Trace::State {
  std::function<void(std::string_view)> line;
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  std::string chunk;
  std::uint64_t sequence = 0;
  PacketText packets;

  void digest() {
    const int done = EVP_DigestUpdate(context, chunk.data(), chunk.size());
    assert(done == 1);
    chunk.clear();
  }
};

Trace::Trace(std::function<void(std::string_view)> line) : state_(std::make_unique<State>()) {
  state_->line = std::move(line);
  const int begun = EVP_DigestInit_ex(state_->context, EVP_sha256(), nullptr);
  assert(begun == 1);
  state_->chunk.reserve(2 * kChunkBytes);
}

Trace::~Trace() {
  EVP_MD_CTX_free(state_->context);
}

void Trace::add(Microseconds at, std::string_view kind, std::uint64_t connection,
                std::string_view bytes) {
  State& state = *state_;
  ++state.sequence;
  append_number(state.chunk, static_cast<std::uint64_t>(at.count()));
  append_number(state.chunk, state.sequence);
  append_text(state.chunk, kind);
  append_number(state.chunk, connection);
  append_text(state.chunk, bytes);
  if (state.chunk.size() >= kChunkBytes) state.digest();
  if (!state.line) return;
  const std::string head =
      fmt::format("{:.6f} #{} {}{}", static_cast<double>(at.count()) / 1e6, state.sequence, kind,
                  connection == 0 ? "" : fmt::format(" c{}", connection));
  state.line(head + state.packets.describe(kind, connection, bytes));
}

void Trace::note(Microseconds at, std::string_view text) {
  if (state_->line) {
    state_->line(fmt::format("{:.6f} -- {}", static_cast<double>(at.count()) / 1e6, text));
  }
}

bool Trace::has_reader() const {
  return static_cast<bool>(state_->line);
}

std::uint64_t Trace::entries() const {
  return state_->sequence;
}

std::string Trace::hash() {
  state_->digest();
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned bytes = 0;
  EVP_DigestFinal_ex(state_->context, digest.data(), &bytes);
  std::string text;
  for (unsigned i = 0; i < bytes; ++i) text += fmt::format("{:02x}", digest.at(i));
  return text;
}

}  // namespace claims::storm
