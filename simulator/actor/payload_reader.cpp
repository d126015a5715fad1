#include "simulator/actor/payload_reader.h"

#include <array>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parser.hpp>
#include <optional>

namespace claims::storm {

struct PayloadReader::Impl {
  std::array<unsigned char, 16 * 1024> scratch;  // The parser's own stack.
  std::array<unsigned char, 64 * 1024> memory;   // Of values; larger ones spill to the heap.
  // A new one for each payload: each time that one spills it asks for twice as much as the last
  // time, and its release() does not forget that.
  std::optional<boost::json::monotonic_resource> resource;
  boost::json::parser parser{boost::json::storage_ptr{}, boost::json::parse_options{},
                             scratch.data(), scratch.size()};
  std::optional<boost::json::value> value;
};

PayloadReader::PayloadReader() : impl_(std::make_unique<Impl>()) {}
PayloadReader::~PayloadReader() = default;

const boost::json::value* PayloadReader::read(std::string_view payload) {
  impl_->value.reset();
  impl_->resource.emplace(impl_->memory.data(), impl_->memory.size());
  impl_->parser.reset(&*impl_->resource);
  boost::system::error_code error;
  impl_->parser.write(payload.data(), payload.size(), error);
  if (error) {
    impl_->parser.reset();
    return nullptr;
  }
  impl_->value.emplace(impl_->parser.release());
  impl_->parser.reset();
  return &*impl_->value;
}

}  // namespace claims::storm
