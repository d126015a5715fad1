#include "simulator/check/real_time_checker.h"

#include <fmt/format.h>

namespace claims::storm::audit {

void RealTimeChecker::check(const Room& room, Command& command, chat::Seq seq) {
  if (command.room != room.id || seq > command.acknowledged_before || command.real_time_told) {
    return;
  }
  command.real_time_told = true;
  scene_.stories.tell(Checker::real_time, [&] {
    const std::string who = scene_.roster.who(command.key.user);
    const std::string id = command_text(scene_.roster, command.key);
    return Story{
        fmt::format("{}: {} 명령 {}을 보내기 전에 대화방 {}의 {}번이 이미 확인되었는데, 이 "
                    "명령은 {}번이 되었습니다.",
                    who, to_string(command.type), id, chat::to_string(room.id),
                    command.acknowledged_before, seq),
        fmt::format("{}: seq {} of room {} was acknowledged before {} {} was sent, yet "
                    "this became seq {}.",
                    who, command.acknowledged_before, chat::to_string(room.id),
                    to_string(command.type), id, seq)};
  });
}

}  // namespace claims::storm::audit
