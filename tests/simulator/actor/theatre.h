#pragma once
// A stage for tests: a Player, a scripted server that speaks MQTT through the codec, and a clock
// that is set by hand. No socket, no thread, no sleep.

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/mqtt/decoder.h"
#include "simulator/actor/player.h"
#include "simulator/check/auditor.h"
#include "simulator/measure/recorder.h"
#include "simulator/scenario/model.h"
#include "simulator/scenario/population.h"

namespace claims::storm::testing {

/// Steps as a test writes them. Lines count from 1 in the order of the steps.
class Play {
 public:
  /// Roles: "insurer", "adjuster", "garage", chosen by weight from a population of one each.
  Play();
  Play& let(const std::string& name, const std::string& expression);
  /// `body`: JSON text. `error`: the code expected, empty for ok.
  Play& send(const std::string& role, const std::string& body, const std::string& error = "");
  /// `conditions`: path (dots) and expression.
  Play& await(const std::string& role, const std::string& type,
              const std::map<std::string, std::string>& conditions = {},
              Microseconds within = Microseconds{0});
  Play& think(const std::string& role, Microseconds time);
  Play& check(const std::string& role, const std::string& expression);
  // Of the step before.
  Play& save(const std::string& name, const std::string& expression);
  Play& proves(const std::string& clause);
  Play& after(std::size_t step);
  Play& on(Device device);
  Play& hold(Microseconds length);

  Scenario scenario;  ///< One workflow, started once at the beginning of a hold of one second.

 private:
  Step& add(const std::string& role, decltype(Step::action) action, const std::string& name);
  Workflow& workflow() { return scenario.workflows[0]; }
};

/// What the scripted server got: a command or read.
struct Asked {
  std::string user;  ///< As in Population::connection_name().
  boost::json::object body;
  Microseconds at{0};

  std::string text(std::string_view key) const;
};

class Theatre {
 public:
  explicit Theatre(Scenario scenario, std::uint64_t seed = 1);

  // The script.
  std::function<void(const Asked&)> on_command;
  bool accepts_connections = true;
  bool answers_pings = true;
  mqtt::ReasonCode connack = mqtt::ReasonCode::success;
  std::uint32_t packet_bytes_max = 0;  ///< As CONNACK says; 0: it does not.
  bool acknowledges_open = true;       ///< PUBACK of what is published to open topics.
  /// How long after its deadline the player's tick comes.
  Microseconds tick_delay{0};

  void ok(const Asked& asked, const std::string& result);
  void refuse(const Asked& asked, const std::string& code);
  void event(const std::string& user, const std::string& json);
  // A user is meant with a device where it has several: "gar-00001/phone".
  /// Cuts the user's connection.
  void cut(const std::string& user);
  /// Sends it DISCONNECT.
  void disconnect(const std::string& user, mqtt::ReasonCode reason);
  void in(Microseconds time, std::function<void()> then);

  /// Plays until the player is done, or the clock reaches `limit`.
  void play(Microseconds limit = Microseconds{300'000'000});

  Now now() const { return {now_, Milliseconds{1'700'000'000'000} + time()}; }
  Milliseconds time() const { return std::chrono::duration_cast<Milliseconds>(now_ - kStart); }
  std::string id_of(chat::Role role) const;
  ConnectionNumber number_of(const std::string& user) const;
  std::vector<Asked> asked_of(std::string_view type) const;

  static constexpr Microseconds kStart{1'000'000'000};
  static constexpr Microseconds kLatency{1'000};  ///< From server to player; the other way is 0.

  Scenario scenario;
  Population population;
  Recorder recorder;
  Auditor auditor{recorder};
  Player player;
  std::vector<Asked> asked;
  std::vector<std::string> subscribed;  ///< Users, each time they subscribed.
  std::vector<std::string> opened;      ///< Users, each time they wanted a connection.
  std::string trace;                    ///< Everything the player sent, with user and time.

 private:
  struct Peer {
    std::unique_ptr<mqtt::Decoder> decoder;  // Null: no connection.
    std::uint64_t connection = 0;
    std::uint16_t packet_id = 0;
  };

  void act();
  void take(ConnectionNumber user, std::string_view bytes);
  void take(ConnectionNumber user, const mqtt::Packet& packet);
  void deliver(ConnectionNumber user, std::string bytes);
  void publish(ConnectionNumber user, const std::string& topic, const std::string& payload,
               mqtt::QoS qos);

  Microseconds now_{kStart};
  std::multimap<Microseconds, std::function<void()>> agenda_;
  std::map<ConnectionNumber, Peer> peers_;
};

}  // namespace claims::storm::testing
