#pragma once
// PayloadReader: parses JSON payloads one after the other into memory that is used again.

#include <boost/json/value.hpp>
#include <memory>
#include <string_view>

namespace claims::storm {

class PayloadReader {
 public:
  PayloadReader();
  ~PayloadReader();
  PayloadReader(const PayloadReader&) = delete;
  PayloadReader& operator=(const PayloadReader&) = delete;

  /// The payload's value, which lives until the next call; null when it is no JSON.
  const boost::json::value* read(std::string_view payload);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace claims::storm
