#include "simulator/command/run_server.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <utility>

#include "simulator/command/output.h"
#include "simulator/limits.h"
#include "simulator/world/real/clock.h"

namespace claims::storm {

Result<void, std::string> RunServer::start(const EmbeddedServerOptions& options) {
  auto server = EmbeddedServer::start(options);
  if (!server) return server.error();
  server_ = std::move(*server);
  use_.emplace(server_->process());
  return {};
}

std::optional<pid_t> RunServer::process() const {
  if (!server_) return std::nullopt;
  return server_->process();
}

void RunServer::sample(const Now& now) {
  if (use_) use_->sample(now.steady);
}

void RunServer::follow(Player& player, RealWorld& world) {
  if (!server_) return;
  use_->follow(server_->process());
  world.watch_process(server_->process(), [this, &player] { notice_end(player); });
}

void RunServer::crash(Player& player, RealWorld& world) {
  auto restarted = server_->crash_and_restart();
  if (!restarted) not_restarted_ = restarted.error();
  follow(player, world);
}

void RunServer::play_faults(std::vector<Fault> all, Player& player, Auditor& auditor,
                            RealWorld& world, SocketTransport* sockets) {
  RunFaults faults = split_for_real_world(std::move(all), embedded());
  left_out_ = std::move(faults.left_out);
  const bool korean = console_style(STDERR_FILENO).korean;
  for (const report::Text& text : left_out_) say(stderr, "{}\n", korean ? text.ko : text.en);
  if (server_) {
    faults_ = std::make_unique<ServerFaults>(
        *server_, ServerFaults::Told{
                      .restarted = [this, &player, &world] { follow(player, world); },
                      .not_restarted = [this, &player](const std::string& why,
                                                       const Now& now) { lose(why, player, now); },
                      .outage = [&player](const Outage& outage) { player.note_outage(outage); },
                      .unavailable =
                          [this, &player, &auditor](const std::string& said, const Now& now) {
                            auditor.server_restarted();
                            note_health(said, player, now);
                          }});
  }
  world.play_faults(std::move(faults.carried_out), faults_.get(), sockets);
}

void RunServer::note_health(const std::string& said, const Player& player, const Now& now) {
  if (health_said_.size() == limits::kFaultsToldMax) return;
  const auto ms = (now.steady - *player.phases_began()).count() / 1'000;
  const std::string at = fmt::format("{}.{:03}", ms / 1'000, ms % 1'000);
  health_said_.push_back({fmt::format("{} s: /healthz가 알림: {}", at, said),
                          fmt::format("at {} s: /healthz said {}", at, said)});
}

void RunServer::lose(const std::string& why, Player& player, const Now& now) {
  ended_ = {"서버가 다시 시작되지 않음: " + why, "the server did not start again: " + why};
  player.server_ended(now);
}

void RunServer::notice_end(Player& player) {
  if (!server_ || ended_ || server_->crashed() || server_->running()) return;
  const Now now = read_clock();
  const double seconds = static_cast<double>((now.steady - began_.steady).count()) / 1'000'000.0;
  ended_ = {fmt::format("claimchatd가 {:.1f} s에 스스로 끝남: {}", seconds, server_->ending()),
            fmt::format("claimchatd ended at {:.1f} s: {}", seconds, server_->ending())};
  player.server_ended(now);
}

void RunServer::add_faults(bool crashed, report::RunResult& result) const {
  result.faults.insert(result.faults.begin(), left_out_.begin(), left_out_.end());
  result.faults.insert(result.faults.end(), health_said_.begin(), health_said_.end());
  if (crashed) add_crash(result, not_restarted_);
}

void RunServer::stop(report::RunResult& result) {
  if (!server_) return;
  if (ended_) {
    result.verdict = report::Verdict::fail;
    result.reasons.insert(result.reasons.begin(), *ended_);
    return;
  }
  auto ended = server_->stop();
  if (ended) return;
  result.verdict = report::Verdict::fail;
  result.reasons.push_back({"서버가 정상적으로 끝나지 않음: " + ended.error(),
                            "the server did not end in order: " + ended.error()});
}

}  // namespace claims::storm
