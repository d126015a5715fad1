// What each kind of fault is called, which keys it has, and how a report tells it.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cassert>

#include "simulator/scenario/fault_plan.h"

namespace claims::storm {
namespace {

using Amount = FaultForm::Amount;

/// By FaultKind.
constexpr std::array<FaultForm, kFaultKinds> kForms{{
    {.kind = FaultKind::crash,
     .name = "crash",
     .lasts = true,
     .real = true,
     .ko = "서버가 강제 종료됨, 끝날 때 다시 시작됨",
     .en = "the server was killed, and started again at the end"},
    {.kind = FaultKind::pause,
     .name = "pause",
     .lasts = true,
     .real = true,
     .ko = "서버가 멈춰 있음",
     .en = "the server stood still"},
    {.kind = FaultKind::refuse,
     .name = "refuse",
     .lasts = true,
     .ko = "서버 주소가 새 연결을 거부함",
     .en = "the server's address refused new connections"},
    {.kind = FaultKind::backlog,
     .name = "backlog",
     .lasts = true,
     .ko = "새 연결이 받아들여지지 않고 기다림",
     .en = "new connections waited to be accepted"},
    {.kind = FaultKind::cut,
     .name = "cut",
     .users = true,
     .real = true,
     .ko = "연결이 재설정(RST)으로 끊김",
     .en = "connections were reset"},
    {.kind = FaultKind::cut_after_publish,
     .name = "cut_after_publish",
     .users = true,
     .real = true,
     .ko = "다음 PUBLISH는 전달되고 그 PUBACK은 전달되지 않은 채 연결이 끊김",
     .en = "the next PUBLISH got through, its PUBACK did not, and the connection was reset"},
    {.kind = FaultKind::takeover,
     .name = "takeover",
     .users = true,
     .real = true,
     .ko = "사용자 쪽 연결만 사라지고 서버 쪽은 열린 채 다시 접속함",
     .en = "the user's end of the connection was lost, the server's stayed open; the user "
           "connected anew"},
    {.kind = FaultKind::half_open,
     .name = "half_open",
     .lasts = true,
     .users = true,
     .real = true,
     .ko = "양쪽 모르게 모든 바이트가 사라지고, 끝날 때 사용자 쪽 연결이 끊김",
     .en = "all bytes vanished, neither end was told, and at the end the user's end was reset"},
    {.kind = FaultKind::partition,
     .name = "partition",
     .lasts = true,
     .users = true,
     .direction = true,
     .real = true,
     .ko = "바이트가 막혔다가 끝날 때 한꺼번에 도착함",
     .en = "bytes were held back and came at the end"},
    {.kind = FaultKind::clog,
     .name = "clog",
     .lasts = true,
     .users = true,
     .direction = true,
     .amount_key = "rate",
     .amount = Amount::bytes_a_second,
     .ko = "연결이 느려짐",
     .en = "few bytes got through"},
    {.kind = FaultKind::latency,
     .name = "latency",
     .lasts = true,
     .users = true,
     .direction = true,
     .amount_key = "adds",
     .amount = Amount::microseconds,
     .ko = "바이트가 늦게 도착함",
     .en = "bytes took longer"},
    {.kind = FaultKind::slow_reader,
     .name = "slow_reader",
     .lasts = true,
     .users = true,
     .real = true,
     .ko = "사용자가 읽지 않음",
     .en = "the user did not read"},
    {.kind = FaultKind::repeat,
     .name = "repeat",
     .users = true,
     .amount_key = "after",
     .amount = Amount::microseconds,
     .real = true,
     .ko = "마지막 명령을 같은 id로 다시 보냄",
     .en = "the last command was sent again under the same id"},
    {.kind = FaultKind::disk_slow,
     .name = "disk_slow",
     .lasts = true,
     .amount_key = "adds",
     .amount = Amount::microseconds,
     .ko = "디스크 동기화가 느려짐",
     .en = "syncs of the disk took longer"},
    {.kind = FaultKind::disk_full,
     .name = "disk_full",
     .lasts = true,
     .real = true,
     .ko = "디스크가 가득 참",
     .en = "the disk was full"},
    {.kind = FaultKind::disk_fails,
     .name = "disk_fails",
     .ko = "디스크 동기화 한 번이 실패함",
     .en = "one sync of the disk failed"},
    {.kind = FaultKind::clock_jump,
     .name = "clock_jump",
     .amount_key = "by",
     .amount = Amount::milliseconds_signed,
     .ko = "서버의 시계가 바뀜",
     .en = "the server's clock was set"},
    {.kind = FaultKind::clock_drift,
     .name = "clock_drift",
     .lasts = true,
     .amount_key = "ppm",
     .amount = Amount::parts_in_a_million_signed,
     .ko = "서버의 시계가 틀린 빠르기로 감",
     .en = "the server's clock went at a wrong rate"},
}};

/// "2.000": seconds, to the millisecond.
std::string seconds(Microseconds time) {
  const std::int64_t ms = time.count() / 1'000;
  return fmt::format("{}.{:03}", ms / 1'000, ms % 1'000);
}

std::string signed_seconds(std::int64_t ms) {
  return fmt::format("{}{}.{:03}", ms < 0 ? "-" : "+", (ms < 0 ? -ms : ms) / 1'000,
                     (ms < 0 ? -ms : ms) % 1'000);
}

LocalText amount_text(const Fault& fault) {
  const auto both = [](const std::string& text) { return LocalText{text, text}; };
  switch (form_of(fault.kind).amount) {
    case Amount::none:
      return {};
    case Amount::bytes_a_second:
      return {fmt::format(" (초당 {} 바이트)", fault.amount),
              fmt::format(" ({} bytes a second)", fault.amount)};
    case Amount::microseconds:
      return both(fmt::format(" (+{} s)", seconds(Microseconds(fault.amount))));
    case Amount::milliseconds_signed:
      return both(fmt::format(" ({} s)", signed_seconds(fault.amount)));
    case Amount::parts_in_a_million_signed:
      return both(fmt::format(" ({:+} ppm)", fault.amount));
  }
  return {};
}

LocalText users_text(const Fault& fault, const Population& population) {
  if (fault.connections.empty()) return {};
  constexpr std::size_t kNamed = 3;
  if (fault.connections.size() > kNamed) {
    std::vector<UserNumber> users;
    for (const ConnectionNumber one : fault.connections) users.push_back(population.user_of(one));
    std::sort(users.begin(), users.end());
    const auto count = std::unique(users.begin(), users.end()) - users.begin();
    return {fmt::format(", 사용자 {}명", count), fmt::format(", {} users", count)};
  }
  std::string names;
  for (const ConnectionNumber one : fault.connections) {
    names += (names.empty() ? "" : ", ") + population.connection_name(one);
  }
  return {": " + names, ": " + names};
}

LocalText direction_text(const Fault& fault) {
  switch (fault.direction) {
    case Direction::both:
      return {};
    case Direction::to_server:
      return {", 서버로 가는 쪽", ", to the server"};
    case Direction::to_user:
      return {", 사용자에게 가는 쪽", ", to the user"};
  }
  return {};
}

}  // namespace

const FaultForm& form_of(FaultKind kind) {
  const FaultForm& form = kForms.at(static_cast<std::size_t>(kind));
  assert(form.kind == kind);
  return form;
}

std::string_view to_string(FaultKind kind) {
  return form_of(kind).name;
}

std::optional<FaultKind> parse_fault_kind(std::string_view name) {
  const auto found = std::find_if(kForms.begin(), kForms.end(),
                                  [&](const FaultForm& form) { return form.name == name; });
  if (found == kForms.end()) return std::nullopt;
  return found->kind;
}

std::vector<std::string> fault_kind_names() {
  std::vector<std::string> names;
  names.reserve(kForms.size());
  for (const FaultForm& form : kForms) names.emplace_back(form.name);
  return names;
}

bool happens_in_real_world(FaultKind kind) {
  return form_of(kind).real;
}

LocalText describe(const Fault& fault, const Population& population) {
  const FaultForm& form = form_of(fault.kind);
  const std::string begin = seconds(fault.begin), lasted = seconds(fault.end - fault.begin);
  const LocalText amount = amount_text(fault), users = users_text(fault, population),
                  direction = direction_text(fault);
  return {fmt::format("{} s{}: {}{}{}{}", begin,
                      form.lasts ? fmt::format("부터 {} s 동안", lasted) : std::string(), form.ko,
                      amount.ko, direction.ko, users.ko),
          fmt::format("at {} s{}: {}{}{}{}", begin,
                      form.lasts ? fmt::format(" for {} s", lasted) : std::string(), form.en,
                      amount.en, direction.en, users.en)};
}

}  // namespace claims::storm
