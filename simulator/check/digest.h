#pragma once
// Digest: 64 bits of an event's content, to compare what different observers saw.
//
// Over the typed fields in an order of our own (room, seq, at, type, sender, vehicle, cmd, body),
// so that the order of fields in the JSON does not matter, and neither do `cursor` and `unread_by`:
// an event in the history has the digest of its deliveries. Not cryptographic: it finds a server's
// mistakes, not its malice.

#include <boost/json/array.hpp>
#include <cstdint>
#include <string_view>

#include "simulator/check/event_view.h"

namespace claims::storm::audit {

class Digest {
 public:
  void add(std::uint64_t number);
  void add(std::string_view text);  ///< With its length: "ab","c" differs from "a","bc".
  std::uint64_t value() const;

 private:
  std::uint64_t state_ = 0x8EBC6AF09C88C6E3U;
};

std::uint64_t digest_of(const EventView& event);
/// Of all but its body: what a tombstone has in common with the message.
std::uint64_t envelope_of(const EventView& event);
/// Of the files of a message, or of a message.send: names and kinds. 0: there are none.
std::uint64_t digest_of_files(const boost::json::array* files);
std::uint64_t digest_of(std::string_view text, std::uint64_t seed = 0);
/// What an event at `seq` adds to a sum over an interval: the sum does not depend on the order, and
/// two contents exchanged between two seqs change it.
std::uint64_t mix(chat::Seq seq, std::uint64_t digest);

}  // namespace claims::storm::audit
