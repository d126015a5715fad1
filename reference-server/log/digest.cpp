#include "reference-server/log/digest.h"

#include <openssl/evp.h>

#include <array>
#include <cassert>

namespace claims::server {

struct Digest::Context {
  // Fetched once for the context: OpenSSL 3 looks an algorithm up by name otherwise, each time.
  std::unique_ptr<EVP_MD, decltype(&EVP_MD_free)> algorithm{
      EVP_MD_fetch(nullptr, "SHA2-256", nullptr), &EVP_MD_free};
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> state{EVP_MD_CTX_new(), &EVP_MD_CTX_free};

  void begin() {
    const int begun = EVP_DigestInit_ex2(state.get(), algorithm.get(), nullptr);
    assert(begun == 1);
  }
};

Digest::Digest() : context_(std::make_unique<Context>()) {
  assert(context_->algorithm && context_->state);
  context_->begin();
}

Digest::~Digest() = default;

Digest& Digest::add(std::string_view bytes) {
  const int added = EVP_DigestUpdate(context_->state.get(), bytes.data(), bytes.size());
  assert(added == 1);
  return *this;
}

Digest& Digest::add(const Hash& hash) {
  const int added = EVP_DigestUpdate(context_->state.get(), hash.data(), hash.size());
  assert(added == 1);
  return *this;
}

Digest& Digest::add_u8(std::uint8_t value) {
  const int added = EVP_DigestUpdate(context_->state.get(), &value, 1);
  assert(added == 1);
  return *this;
}

Digest& Digest::add_u64(std::uint64_t value) {
  std::array<char, 8> bytes{};
  for (char& byte : bytes) {
    byte = static_cast<char>(value & 0xFFU);
    value >>= 8U;
  }
  return add(std::string_view(bytes.data(), bytes.size()));
}

Hash Digest::finish() {
  Hash hash{};
  unsigned int size = 0;
  const int finished = EVP_DigestFinal_ex(context_->state.get(), hash.data(), &size);
  assert(finished == 1 && size == hash.size());
  context_->begin();
  return hash;
}

}  // namespace claims::server
