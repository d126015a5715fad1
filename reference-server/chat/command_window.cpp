#include "reference-server/chat/command_window.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "protocol/limits.h"

namespace claims::server {
namespace {

/// How every reply to `id` begins (protocol/chat/reply.h).
std::string reply_begin(chat::CommandId id) {
  std::string begin = R"({"type":"reply","re":")";
  begin += to_string(id);
  begin += '"';
  return begin;
}

chat::Error id_error(chat::ErrorCode code, chat::CommandId found, std::string allowed) {
  return {code, "id", to_string(found), std::move(allowed)};
}

}  // namespace

const CommandWindow::Instance* CommandWindow::find(std::uint64_t instance) const {
  for (const Instance& one : instances_) {
    if (one.instance == instance) return &one;
  }
  return nullptr;
}

std::uint64_t CommandWindow::floor() const {
  // With all places taken, one below them would be dropped at once, and its outcome with it.
  if (instances_.size() == claims::limits::kInstancesPerUser) return instances_.front().instance;
  return dropped_;
}

CommandWindow::Verdict CommandWindow::judge(chat::CommandId id, std::uint64_t body_hash) const {
  using chat::ErrorCode;
  const Instance* instance = find(id.instance);
  if (instance == nullptr) {
    if (id.instance <= floor()) {
      return id_error(ErrorCode::unknown_instance, id, "> " + std::to_string(floor()));
    }
    if (id.n != 1)
      return id_error(ErrorCode::id_gap, id, to_string(chat::CommandId{id.instance, 1}));
    return Fresh{};
  }
  if (id.n == instance->last + 1) return Fresh{};
  const std::string next = to_string(chat::CommandId{id.instance, instance->last + 1});
  if (id.n > instance->last) return id_error(ErrorCode::id_gap, id, next);
  if (id.n + claims::limits::kOutcomesPerInstance <= instance->last) {
    return id_error(ErrorCode::id_too_old, id, next);
  }
  const Outcome& outcome = instance->outcomes[(id.n - 1) % claims::limits::kOutcomesPerInstance];
  if (outcome.body_hash != body_hash) return id_error(ErrorCode::id_reused, id, next);
  return Repeated{reply_begin(id) + outcome.reply_end};
}

Result<void, std::string> CommandWindow::remember(chat::CommandId id, std::uint64_t body_hash,
                                                  std::string_view reply) {
  auto it = std::lower_bound(
      instances_.begin(), instances_.end(), id.instance,
      [](const Instance& one, std::uint64_t instance) { return one.instance < instance; });
  const bool known = it != instances_.end() && it->instance == id.instance;
  if (known ? id.n != it->last + 1 : id.n != 1 || id.instance <= floor()) {
    return "outcome of command " + to_string(id) + " is out of order";
  }
  const std::string begin = reply_begin(id);
  if (!reply.starts_with(begin)) return "reply to command " + to_string(id) + " is not its own";
  if (!known) {
    it = instances_.insert(it, Instance{id.instance, 0, {}});
    if (instances_.size() > claims::limits::kInstancesPerUser) {
      dropped_ = instances_.front().instance;
      it = instances_.erase(instances_.begin()) + (it - instances_.begin() - 1);
    }
  }
  it->last = id.n;
  const std::size_t at = (id.n - 1) % claims::limits::kOutcomesPerInstance;
  if (at == it->outcomes.size()) it->outcomes.emplace_back();
  it->outcomes[at] = Outcome{body_hash, std::string(reply.substr(begin.size()))};
  return {};
}

}  // namespace claims::server
