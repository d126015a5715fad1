// Commands and reads of several users, through the parser and the chat service.
//
// Input: lines as in the examples of docs/contract.md, whose directory and bounds hold here:
// `at <ms>` sets the clock, `<user>> <payload>` sends. Whatever is sent is answered by a reply of
// the contract's shape; what the service logs is read back as it was written; and a twin that folds
// the log answers everything alike. The canary's twin misses that somebody has read up to seq 2.

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <memory>
#include <vector>

#include "protocol/chat/command.h"
#include "protocol/chat/event.h"
#include "protocol/chat/reply.h"
#include "reference-server/chat/record_codec.h"
#include "reference-server/chat/service.h"
#include "reference-server/history/history.h"
#include "reference-server/log/block.h"
#include "tests/fuzz/contract_users.h"
#include "tests/fuzz/oracle.h"

namespace claims::fuzz {
namespace {

using namespace claims::server;
namespace json = boost::json;

constexpr std::size_t kLinesMax = 64;

bool is_text(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value != nullptr && value->is_string();
}

void check_reply(std::string_view reply) {
  boost::system::error_code error;
  const json::value value = json::parse(reply, error);
  require(!error && value.is_object(), "a reply that is no JSON object:", reply);
  const json::object& object = value.get_object();
  const json::value* re = object.if_contains("re");
  const json::value* ok = object.if_contains("ok");
  require(is_text(object, "type") && object.at("type").get_string() == "reply", "type:", reply);
  require(re != nullptr && (re->is_string() || re->is_null()), "re:", reply);
  require(ok != nullptr && ok->is_bool(), "ok:", reply);
  if (ok->get_bool()) {
    const json::value* result = object.if_contains("result");
    return require(result != nullptr && result->is_object(), "result:", reply);
  }
  const json::value* refused = object.if_contains("error");
  require(refused != nullptr && refused->is_object(), "error:", reply);
  const json::object& why = refused->get_object();
  const json::value* message = why.if_contains("message");
  require(is_text(why, "code") && why.contains("field"), "code, field:", reply);
  require(message != nullptr && message->is_object() && is_text(message->get_object(), "ko") &&
              is_text(message->get_object(), "en"),
          "message:", reply);
}

/// Read back as it was written.
void check_record(const Record& record) {
  const auto typed = decode_record(record);
  require(typed.has_value(), "a record that cannot be read back:", record.payload);
  require(encode_record(*typed).payload == record.payload,
          "read back it is another record:", record.payload);
  if (record.kind != RecordKind::event) return;
  const auto parsed = chat::parse_event(record.payload);
  require(parsed.has_value(), "an event that cannot be read back:", record.payload);
  std::string written;
  chat::write_event_open(parsed->event, written);
  require(written + '}' == record.payload, "read back it is another event:", record.payload);
}

class Play {
 public:
  Play() : service_(kContractBounds), twin_(kContractBounds) {
    static const std::vector<Record> kDirectory =
        *Service(kContractBounds).reconcile_directory(kContractDirectory);
    for (const Record& record : kDirectory) {
      require(service_.fold(record, next()).has_value(), "the directory does not fold");
      log(record);
    }
  }

  void line(std::string_view text) {
    if (text.starts_with("at ")) {
      std::int64_t ms = 0;
      std::from_chars(text.data() + 3, text.data() + text.size(), ms);
      // The clock of a machine: from 1970 to the year 2286.
      now_.wall = Milliseconds(std::clamp<std::int64_t>(ms, 0, 9'999'999'999'999));
      return;
    }
    const std::size_t mark = text.find("> ");
    if (mark == std::string_view::npos) return;
    const auto user = service_.user_index(text.substr(0, mark));
    if (!user) return;
    const std::string_view payload = text.substr(mark + 2);
    send(*user, payload);
    sent_.emplace_back(*user, payload);
  }

  /// The twin answers everything as the first does: all that was sent, and what shows the state.
  void compare() {
    for (const auto& [user, payload] : sent_) same(user, payload);
    for (const std::string_view id : kContractUsers) {
      const UserIndex user = *service_.user_index(id);
      for (const char* type :
           {"unread.counts", "room.list", "templates.list", "conversions.count"}) {
        same(user, R"({"type":")" + std::string(type) + R"(","id":"q"})");
      }
      for (std::uint64_t room = 1; room <= service_.counters().rooms; ++room) {
        const std::string rest = R"(","id":"q","room":"r)" + std::to_string(room) + "\"}";
        for (const char* type :
             {"room.reads", "negotiation.status", "room.messages", "room.show", "history.list"}) {
          same(user, R"({"type":")" + std::string(type) + rest);
        }
      }
    }
    require(twin_.reconcile_directory(kContractDirectory)->empty(), "the twin's directory differs");
  }

 private:
  Position next() const { return Position{logged_ + 1}; }

  void log(const Record& record) {
    const auto read = kCanary && record.kind == RecordKind::read
                          ? decode_record(record)
                          : Result<TypedRecord, std::string>(std::string());
    const bool forgotten = read && std::get<ReadMoved>(*read).seq == 2;
    if (!forgotten) {
      const auto folded = twin_.fold(record, next());
      require(folded.has_value(), "the twin cannot fold a record:", record.payload);
    }
    Block block;
    block.number = ++blocks_;
    block.first = next();
    block.previous = last_hash_;
    block.records.push_back(record);
    seal(block);
    require(history_->fold(block).has_value(), "the history cannot fold a record:", record.payload);
    last_hash_ = block.hash;
    ++logged_;
  }

  void log(const std::vector<Emitted>& records) {
    for (const Emitted& emitted : records) {
      check_record(emitted.record);
      auto seen = emitted.recipients;
      std::ranges::sort(seen);
      require(std::ranges::adjacent_find(seen) == seen.end(), "a recipient twice");
      require((emitted.record.kind == RecordKind::event) != seen.empty(), "events have recipients");
      log(emitted.record);
    }
  }

  void send(UserIndex user, std::string_view payload) {
    const auto parsed = chat::parse_request(payload);
    const Decision decision = service_.decide(user, payload, next(), now_);
    check_reply(reply_of(service_, decision));
    if (!parsed) {
      const auto* answered = std::get_if<Answered>(&decision);
      require(answered != nullptr &&
                  answered->reply == chat::error_reply(parsed.error().re, parsed.error().error),
              "not well-formed, but not answered so:", payload);
    }
    const auto* decided = std::get_if<Decided>(&decision);
    if (decided == nullptr) return;
    require(parsed && std::holds_alternative<chat::Command>(*parsed), "a read that was decided");
    require(!decided->records.empty() && decided->records.back().record.kind == RecordKind::outcome,
            "the last record is no outcome");
    log(decided->records);
    while (service_.has_orders()) log(service_.carry_out_order(next(), now_));
    require(!twin_.has_orders(), "the twin has an order left");
  }

  std::string reply_of(const Service& service, const Decision& decision) const {
    if (const auto* decided = std::get_if<Decided>(&decision)) return decided->reply;
    if (const auto* answered = std::get_if<Answered>(&decision)) return answered->reply;
    if (const auto* read = std::get_if<PageRead>(&decision)) {
      const auto rows = history_->query(read->query);
      require(rows.has_value(), "the history cannot be read");
      return service.finish_page(*read, *rows);
    }
    const auto& sync = std::get<SyncRead>(decision);
    return chat::read_reply(sync.re, "{}", "{}");
  }

  void same(UserIndex user, std::string_view payload) {
    const Decision first = service_.decide(user, payload, next(), now_);
    const Decision second = twin_.decide(user, payload, next(), now_);
    require(reply_of(service_, first) == reply_of(twin_, second),
            "the twin answers something else:", payload);
  }

  Service service_, twin_;
  Now now_{Microseconds{0}, Milliseconds{1'714'521'600'000}};
  std::uint64_t logged_ = 0;
  std::uint64_t blocks_ = 0;
  Hash last_hash_{};
  std::unique_ptr<History> history_ = make_memory_history();
  std::vector<std::pair<UserIndex, std::string_view>> sent_;
};

}  // namespace
}  // namespace claims::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace claims::fuzz;
  Bytes input(data, size);
  std::string_view text = input.rest();
  Play play;
  for (std::size_t lines = 0; !text.empty() && lines < kLinesMax; ++lines) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    play.line(line);
  }
  play.compare();
  return 0;
}
