#include "bench/town.h"

#include <fmt/format.h>

#include <cassert>
#include <utility>
#include <variant>

#include "reference-server/chat/record_codec.h"

namespace claims::bench {
namespace {

constexpr std::size_t kRoomsPerGarage = 10;
constexpr std::string_view kInstance = "1714521590000";
constexpr std::string_view kModel = "쏘나타";

}  // namespace

Town::Town(std::size_t rooms, std::size_t members) : Town(rooms, members, Watcher{}) {}

Town::Town(std::size_t rooms, std::size_t members, const Watcher& watcher) {
  assert(members >= 2 && members <= 5);
  add("core-01", "한마음손해보험 기간계", chat::Role::insurer);
  const std::size_t pairs = (rooms + kRoomsPerGarage - 1) / kRoomsPerGarage;
  for (std::size_t i = 1; i <= pairs; ++i) {
    add(fmt::format("gar-{:05}", i), fmt::format("한빛자동차공업사 {}", i), chat::Role::garage);
    add(fmt::format("adj-{:05}", i), fmt::format("김민준 {}", i), chat::Role::adjuster);
  }
  std::string directory =
      R"({"format":"claims-directory/1","insurers":[{"id":"ins-01","code":"01",)"
      R"("name":"한마음손해보험","greeting":"안녕하세요, {garage}. {plate} 담당 {adjuster}입니다.",)"
      R"("centres":[{"id":"c-001","name":"강남보상센터","region":"서울"}]}],"users":[)";
  for (const Inhabitant& it : people_) {
    const char* end = R"(,"insurer":"ins-01")";
    if (it.role == chat::Role::garage) end = R"(,"region":"서울")";
    if (it.role == chat::Role::adjuster) end = R"(,"insurer":"ins-01","centre":"c-001")";
    directory +=
        fmt::format(R"({}{{"id":"{}","role":"{}","name":"{}"{}}})",
                    &it == people_.data() ? "" : ",", it.id, to_string(it.role), it.name, end);
  }
  const auto records = service_.reconcile_directory(directory + "]}");
  assert(records);
  for (const server::Record& record : *records) take(record, watcher);
  for (Inhabitant& it : people_) it.index = *service_.user_index(it.id);

  for (std::size_t i = 0; i < rooms; ++i) found(i, watcher);
  for (std::size_t i = 0; i < rooms; ++i) {
    for (std::size_t extra = 2; extra < members; ++extra) {
      const std::size_t pair = (i + extra) % pairs;
      take(joined(rooms_[i], 2 + 2 * pair, 3 + extra), watcher);
    }
  }
}

std::size_t Town::add(std::string id, std::string name, chat::Role role) {
  people_.push_back({std::move(id), std::move(name), role, {}, 0});
  return people_.size() - 1;
}

void Town::found(std::size_t number, const Watcher& watcher) {
  const std::size_t pair = number % ((people_.size() - 1) / 2);
  const Room room{chat::RoomId{number + 1}, 1 + 2 * pair, 2 + 2 * pair};
  const std::string receipt = fmt::format("24-{:08}", number + 1);
  take(speak(0, "receipt.register",
             fmt::format(R"(,"receipt":"{}","plate":"{}가{:04}","model":"{}","adjuster":"{}")",
                         receipt, 100 + number / 10'000, number % 10'000, kModel,
                         people_[room.adjuster].id)),
       watcher);
  take(speak(room.garage, "intake.register", fmt::format(R"(,"receipt":"{}")", receipt)), watcher);
  rooms_.push_back(room);
}

server::Record Town::joined(const Room& room, std::size_t newcomer, chat::Seq seq) const {
  const Inhabitant& host = people_[room.adjuster];
  const Inhabitant& guest = people_[newcomer];
  const std::size_t number = static_cast<std::size_t>(room.id) - 1;
  chat::Event event;
  event.room = room.id;
  event.seq = seq;
  event.at = now_.wall;
  event.sender = {host.id, host.name};
  event.vehicle = fmt::format("{}가{:04}", 100 + number / 10'000, number % 10'000);
  event.cmd = fmt::format("{}:{}.{}", host.id, kInstance, seq);
  const bool colleague = guest.role == chat::Role::adjuster;
  event.body = chat::Joined{{guest.id, guest.name},
                            guest.role,
                            colleague ? 1 : seq,
                            chat::RoomKind::inbound,
                            fmt::format("24-{:08}", number + 1),
                            std::string(kModel),
                            colleague ? chat::Invitation::colleague : chat::Invitation::guest};
  return server::encode_record(server::TypedRecord(std::move(event)));
}

Town::Spoken Town::speak(std::size_t by, std::string_view type, std::string_view fields) {
  std::string id = fmt::format("{}.{}", kInstance, ++people_[by].commands);
  std::string payload = fmt::format(R"({{"type":"{}","id":"{}"{}}})", type, id, fields);
  return {by, std::string(type), std::move(id), std::move(payload)};
}

Town::Spoken Town::message(std::size_t by, chat::RoomId room) {
  return speak(by, "message.send",
               fmt::format(R"(,"room":"{}","text":"{}")", to_string(room), kText));
}

server::Decision Town::decide(const Spoken& spoken) {
  server::Decision decision =
      service_.decide(people_[spoken.by].index, spoken.payload, next_, now_);
  if (const auto* decided = std::get_if<server::Decided>(&decision)) {
    next_ = server::Position{static_cast<std::uint64_t>(next_) + decided->records.size()};
  }
  return decision;
}

void Town::fold(const server::Record& record) {
  const auto folded = service_.fold(record, next_);
  assert(folded);
  next_ = server::Position{static_cast<std::uint64_t>(next_) + 1};
}

void Town::take(const server::Record& record, const Watcher& watcher) {
  fold(record);
  if (watcher.logged) watcher.logged(record);
}

void Town::take(const Spoken& spoken, const Watcher& watcher) {
  const auto decided = std::get<server::Decided>(decide(spoken));
  assert(service_.counters().refused_total == 0);
  if (watcher.decided) watcher.decided(spoken, decided);
  if (!watcher.logged) return;
  for (const server::Emitted& emitted : decided.records) watcher.logged(emitted.record);
}

}  // namespace claims::bench
