#pragma once
// Town: a chat service with garages, adjusters and rooms in it, and what each of them says next.
// Deterministic: two towns of the same size say the same.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/chat/event.h"
#include "protocol/chat/ids.h"
#include "protocol/time.h"
#include "reference-server/chat/service.h"

namespace claims::bench {

/// What a garage writes of a morning: 29 characters, 71 bytes.
inline constexpr std::string_view kText = "앞 범퍼와 왼쪽 헤드램프 교체 견적을 보내 드립니다.";

class Town {
 public:
  struct Inhabitant {
    std::string id, name;
    chat::Role role{};
    server::UserIndex index{};
    std::uint64_t commands = 0;  ///< Numbered so far.
  };
  struct Room {
    chat::RoomId id{};
    std::size_t garage = 0, adjuster = 0;  ///< Into people().
  };
  struct Spoken {
    std::size_t by = 0;  ///< Into people().
    std::string type, id, payload;
  };
  /// Who sees the town being founded.
  struct Watcher {
    /// Each command, after it was decided.
    std::function<void(const Spoken&, const server::Decided&)> decided;
    /// Everything that is in the state, in order, from the directory on.
    std::function<void(const server::Record&)> logged;
  };

  /// A garage and an adjuster for each ten rooms, one insurer. `members` (2 to 5) in each room:
  /// its garage and adjuster, and colleagues of the adjuster.
  Town(std::size_t rooms, std::size_t members);
  Town(std::size_t rooms, std::size_t members, const Watcher& watcher);

  const std::vector<Inhabitant>& people() const { return people_; }
  const std::vector<Room>& rooms() const { return rooms_; }
  server::Service& service() { return service_; }
  server::Position next() const { return next_; }

  /// The next command of that inhabitant; `fields`: what follows the id, from its comma on.
  Spoken speak(std::size_t by, std::string_view type, std::string_view fields);
  /// message.send of kText.
  Spoken message(std::size_t by, chat::RoomId room);

  /// What is decided is folded at once, as always.
  server::Decision decide(const Spoken& spoken);
  /// Folds a record as it is read back from the log.
  void fold(const server::Record& record);

 private:
  std::size_t add(std::string id, std::string name, chat::Role role);
  void found(std::size_t number, const Watcher& watcher);
  server::Record joined(const Room& room, std::size_t newcomer, chat::Seq seq) const;
  void take(const server::Record& record, const Watcher& watcher);
  void take(const Spoken& spoken, const Watcher& watcher);

  Now now_{Microseconds{0}, Milliseconds{1'714'521'600'000}};
  server::Service service_;
  server::Position next_{1};
  std::vector<Inhabitant> people_;
  std::vector<Room> rooms_;
};

}  // namespace claims::bench
