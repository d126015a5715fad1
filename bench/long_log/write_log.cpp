// Writes the log of a claimchatd that has been in use for long: receipts, intakes, messages back
// and forth, reads, clients that start anew. Every record is decided and encoded by the server's
// own Service, and every block is one of its own; only the times are made up.
//
//   claims_write_log POPULATION FOLDER MESSAGES [MESSAGES_PER_ROOM]
//
// POPULATION: what `claimstorm population` wrote. FOLDER gets log.sqlite, and pages.csv: a garage,
// its token and a room of its own, 1,000 times, for claims_read_pages.

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "reference-server/chat/service.h"
#include "reference-server/limits.h"
#include "reference-server/log/event_log.h"
#include "reference-server/node/node.h"

namespace claims::bench {
namespace {

using server::Block;
using server::Position;
using server::Record;

constexpr std::size_t kRecordsPerBlock = 256;  ///< As of a busy server.
constexpr std::size_t kBlocksPerAppend = 64;
constexpr std::size_t kRoomsAtOnce = 4'000;      ///< That are talked in.
constexpr std::uint64_t kCommandsPerStart = 60;  ///< Of a client: about a day's.
constexpr std::size_t kPagesToRead = 1'000;

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error(path + ": cannot be read");
  std::stringstream text;
  text << in.rdbuf();
  return std::move(text).str();
}

/// Blocks that follow one another, appended as they fill.
class Writer {
 public:
  explicit Writer(const std::string& path) {
    auto log = server::open_sqlite_log(path);
    if (!log) throw std::runtime_error(log.error().what);
    log_ = std::move(*log);
  }
  Position next() const { return next_; }
  /// Together in one block, as the node keeps a decision's records.
  void add(std::vector<Record> records) {
    if (open_.records.size() + records.size() > kRecordsPerBlock) close();
    for (Record& record : records) {
      const std::uint64_t salt[2] = {random_.next(), random_.next()};
      std::memcpy(record.salt.data(), salt, sizeof salt);
      open_.records.push_back(std::move(record));
    }
    next_ = Position{static_cast<std::uint64_t>(next_) + records.size()};
  }
  void finish() {
    if (!open_.records.empty()) close();
    append();
  }
  std::uint64_t blocks() const { return end_.number; }

 private:
  void close() {
    auto block = std::make_shared<Block>(std::exchange(open_, Block{}));
    block->number = end_.number + 1;
    block->first = Position{static_cast<std::uint64_t>(end_.last) + 1};
    block->previous = end_.hash;
    server::seal(*block);
    end_ = mark_of(*block);
    blocks_.push_back(std::move(block));
    if (blocks_.size() == kBlocksPerAppend) append();
  }
  void append() {
    if (blocks_.empty()) return;
    const auto appended = log_->append(blocks_);
    if (!appended) throw std::runtime_error(appended.error().what);
    blocks_.clear();
  }

  std::unique_ptr<server::EventLog> log_;
  server::RandomSource random_{7};
  Block open_;
  std::vector<std::shared_ptr<const Block>> blocks_;
  server::BlockMark end_;
  Position next_{1};
};

class Country {
 public:
  Country(const std::string& population, Writer& writer) : writer_(writer) {
    const std::string directory = read_file(population + "/directory.json");
    auto records = service_.reconcile_directory(directory);
    if (!records) throw std::runtime_error(records.error());
    for (Record& record : *records) {
      if (!service_.fold(record, writer_.next())) throw std::runtime_error("directory");
      writer_.add({std::move(record)});
    }
    const auto parsed = nlohmann::json::parse(directory);
    for (const auto& user : parsed.at("users")) {
      const std::string role = user.at("role"), id = user.at("id");
      const Person person{id, *service_.user_index(id), user.value("insurer", ""),
                          1'772'000'000'000, 0};
      if (role == "insurer") cores_.emplace(person.insurer, person);
      if (role == "adjuster") adjusters_.push_back(person);
      if (role == "garage") garages_.push_back(person);
    }
  }

  struct Talk {
    std::string room;
    std::size_t garage = 0, adjuster = 0;
    std::uint64_t messages = 0, seq = 0;
  };

  /// A vehicle comes in: a receipt, its intake, the room with its greeting.
  Talk open() {
    const std::uint64_t number = ++receipts_;
    Talk talk;
    talk.garage = below(garages_.size());
    // Most of a garage's work is with a few adjusters.
    talk.adjuster =
        (talk.garage * 7 + below(below(10) == 0 ? adjusters_.size() : 8)) % adjusters_.size();
    const Person& adjuster = adjusters_[talk.adjuster];
    const std::string receipt = fmt::format("2026-{:07}", number);
    const std::string plate =
        fmt::format("{:02}가{:04}", 10 + number / 9'000 % 89, 1'000 + number % 9'000);
    command(cores_.at(adjuster.insurer), "receipt.register",
            fmt::format(R"(,"receipt":"{}","plate":"{}","model":"쏘나타","adjuster":"{}")", receipt,
                        plate, adjuster.id));
    const std::string reply = command(garages_[talk.garage], "intake.register",
                                      fmt::format(R"(,"receipt":"{}")", receipt));
    talk.room = nlohmann::json::parse(reply).at("result").at("room");
    talk.seq = 4;
    return talk;
  }

  /// The next message, by either side; each reads now and then.
  void talk(Talk& talk) {
    const bool by_garage = talk.messages++ % 2 == 0;
    Person& by = by_garage ? garages_[talk.garage] : adjusters_[talk.adjuster];
    command(
        by, "message.send",
        fmt::format(R"(,"room":"{}","text":"앞 범퍼와 왼쪽 헤드램프 교체 견적 {}번째 답장입니다.")",
                    talk.room, talk.messages));
    ++talk.seq;
    if (talk.messages % 8 != 0) return;
    Person& reader = by_garage ? adjusters_[talk.adjuster] : garages_[talk.garage];
    command(reader, "room.read", fmt::format(R"(,"room":"{}","seq":{})", talk.room, talk.seq));
  }

  std::uint64_t below(std::uint64_t bound) { return random_.next() % bound; }
  const std::string& garage(const Talk& talk) const { return garages_[talk.garage].id; }

 private:
  struct Person {
    std::string id;
    server::UserIndex index{};
    std::string insurer;
    std::uint64_t instance = 0, n = 0;
  };

  std::string command(Person& by, std::string_view type, const std::string& fields) {
    if (by.n == kCommandsPerStart) {
      by.instance += 86'400'000;
      by.n = 0;
    }
    const std::string payload =
        fmt::format(R"({{"type":"{}","id":"{}.{}"{}}})", type, by.instance, ++by.n, fields);
    now_.wall += Milliseconds(200);
    auto decision = service_.decide(by.index, payload, writer_.next(), now_);
    auto* decided = std::get_if<server::Decided>(&decision);
    if (decided == nullptr || decided->reply.find(R"("ok":true)") == std::string::npos) {
      throw std::runtime_error("refused: " + payload);
    }
    std::vector<Record> records;
    for (server::Emitted& emitted : decided->records) records.push_back(std::move(emitted.record));
    writer_.add(std::move(records));
    return decided->reply;
  }

  Writer& writer_;
  server::Service service_;
  server::RandomSource random_{11};
  Now now_{Microseconds{0}, Milliseconds{1'772'000'000'000}};
  std::map<std::string, Person> cores_;
  std::vector<Person> adjusters_, garages_;
  std::uint64_t receipts_ = 0;
};

std::map<std::string, std::string> read_tokens(const std::string& path) {
  std::map<std::string, std::string> tokens;
  std::stringstream lines(read_file(path));
  for (std::string line; std::getline(lines, line);) {
    const std::size_t comma = line.find(',');
    if (comma != std::string::npos) tokens[line.substr(0, comma)] = line.substr(comma + 1);
  }
  return tokens;
}

void write(const std::string& population, const std::string& folder, std::uint64_t messages,
           std::uint64_t per_room) {
  Writer writer(folder + "/log.sqlite");
  Country country(population, writer);
  std::vector<Country::Talk> talks, read_later;
  std::uint64_t rooms = 0;
  for (std::uint64_t sent = 0; sent < messages; ++sent) {
    if (talks.size() < kRoomsAtOnce && talks.size() < messages / per_room) {
      talks.push_back(country.open());
      ++rooms;
    }
    Country::Talk& talk = talks[country.below(talks.size())];
    country.talk(talk);
    if (talk.messages < per_room) continue;
    if (read_later.size() < kPagesToRead) {
      read_later.push_back(talk);
    } else if (country.below(rooms) < kPagesToRead) {
      read_later[country.below(kPagesToRead)] = talk;
    }
    talk = country.open();
    ++rooms;
  }
  writer.finish();
  const auto tokens = read_tokens(population + "/tokens.csv");
  std::ofstream pages(folder + "/pages.csv");
  for (const Country::Talk& talk : read_later) {
    const std::string& garage = country.garage(talk);
    pages << garage << ',' << tokens.at(garage) << ',' << talk.room << '\n';
  }
  fmt::print("{} messages in {} rooms: {} records in {} blocks\n", messages, rooms,
             static_cast<std::uint64_t>(writer.next()) - 1, writer.blocks());
}

}  // namespace
}  // namespace claims::bench

int main(int argc, char** argv) {
  const std::uint64_t messages = argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 0;
  const std::uint64_t per_room = argc > 4 ? std::strtoull(argv[4], nullptr, 10) : 25;
  if (argc < 4 || messages == 0 || per_room == 0) {
    std::fputs("usage: claims_write_log POPULATION FOLDER MESSAGES [MESSAGES_PER_ROOM]\n", stderr);
    return 2;
  }
  try {
    claims::bench::write(argv[1], argv[2], messages, per_room);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "claims_write_log: %s\n", error.what());
    return 1;
  }
  return 0;
}
