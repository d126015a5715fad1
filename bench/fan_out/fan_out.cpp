// claims_fan_out: what a delivery costs an MQTT server when a message goes from one to a few.
//
//   claims_fan_out [--topics 1000] [--subscribers 5] [--bytes 200] [--rate 2000] [--in-flight 1000]
//           [--seconds 10] [--rounds 3] NAME=PORT:PID …
//
// Each server has its own connections: for each topic `subscribers` clients of MQTT 3.1.1 that
// subscribe to it at QoS 1, one of which publishes in turn. All answer what they get. In every
// round each server is measured for `seconds` with an open loop (`rate` publishes a second, over
// the topics in turn), then all again with a closed loop (`in-flight` topics have one publish
// each under way; the next comes when all have got it). What is told is the processor time of the
// server's process (/proc/PID/stat, user and kernel) by delivery. One server works at a time.

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <fstream>
#include <iostream>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "protocol/mqtt/decoder.h"
#include "protocol/mqtt/encoder.h"
#include "reference-server/net/descriptor.h"

namespace {

namespace mqtt = claims::mqtt;
using claims::server::Descriptor;
using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

constexpr mqtt::Version kVersion = mqtt::Version::v3_1_1;
constexpr std::size_t kPacketBytesMax = 1U << 20U;
constexpr std::size_t kEventsPerWait = 512, kReadBytes = 65'536;
constexpr std::chrono::seconds kPatience{30};

struct Setup {
  std::size_t topics = 1'000, subscribers = 5, bytes = 200, in_flight = 1'000, rounds = 3;
  std::uint32_t rate = 2'000, seconds = 10;
};

struct Target {
  std::string name;
  std::uint16_t port = 0;
  int process = 0;
};

[[noreturn]] void fail(const std::string& what) {
  throw std::runtime_error(what);
}

/// User and kernel time of a process.
Seconds processor_time(int process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/stat");
  std::string text;
  std::getline(file, text);
  const std::size_t name_end = text.rfind(')');
  if (name_end == std::string::npos) fail("process " + std::to_string(process) + " is gone");
  std::istringstream fields(text.substr(name_end + 2));
  std::string skipped;
  for (int i = 0; i < 11; ++i) fields >> skipped;
  double user = 0, kernel = 0;
  fields >> user >> kernel;
  return Seconds((user + kernel) / static_cast<double>(::sysconf(_SC_CLK_TCK)));
}

class Connection {
 public:
  Connection(std::uint16_t port, std::size_t topic)
      : topic(topic), decoder_(mqtt::Decoder::Side::client, kPacketBytesMax, kVersion) {
    socket_ = Descriptor(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(number(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      throw std::system_error(errno, std::generic_category(), "connect");
    }
    const int on = 1;
    ::setsockopt(number(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }
  int number() const { return socket_.number(); }
  /// Waits where the kernel is full: the packets are small.
  void says(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(number(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) throw std::system_error(errno, std::generic_category(), "send");
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }
  /// One read; `take(packet)` for each packet in it.
  template <class Take>
  void reads(std::vector<char>& buffer, const Take& take) {
    const ssize_t count = ::recv(number(), buffer.data(), buffer.size(), 0);
    if (count <= 0) fail("the server closed a connection");
    decoder_.feed({buffer.data(), static_cast<std::size_t>(count)});
    while (const auto packet = decoder_.next()) {
      if (packet->has_error()) fail(std::string(packet->error().what));
      take(**packet);
    }
  }

  std::size_t topic;

 private:
  Descriptor socket_;
  mqtt::Decoder decoder_;
};

/// One server's clients.
class Load {
 public:
  Load(const Target& target, const Setup& setup)
      : target_(target), setup_(setup), payload_(setup.bytes, 'x'), epoll_(::epoll_create1(0)) {
    for (std::size_t i = 0; i < setup.topics * setup.subscribers; ++i) join(i);
    outstanding_.resize(setup.topics);
    turn_.resize(setup.topics);
  }

  /// Processor time of the server by delivery, in microseconds.
  double measure(bool open_loop) {
    deliveries_ = 0;
    published_ = 0;
    const Seconds before = processor_time(target_.process);
    const auto begin = Clock::now();
    const auto end = begin + std::chrono::seconds(setup_.seconds);
    continues_ = !open_loop;
    if (!open_loop) {
      for (std::size_t i = 0; i < std::min(setup_.in_flight, setup_.topics); ++i) publish(i);
    }
    while (Clock::now() < end) {
      if (open_loop) {
        const auto due = static_cast<std::size_t>(Seconds(Clock::now() - begin).count() *
                                                  static_cast<double>(setup_.rate));
        while (published_ < due) publish(published_ % setup_.topics);
      }
      turn(open_loop ? 1 : 100);
    }
    continues_ = false;
    finish();
    const Seconds spent = processor_time(target_.process) - before;
    elapsed_ = Seconds(Clock::now() - begin);
    return spent.count() * 1e6 / static_cast<double>(deliveries_);
  }
  std::size_t deliveries() const { return deliveries_; }
  Seconds elapsed() const { return elapsed_; }

 private:
  std::string topic_name(std::size_t topic) const { return "fan/out/" + std::to_string(topic); }

  void join(std::size_t index) {
    auto connection = std::make_unique<Connection>(target_.port, index / setup_.subscribers);
    const std::string id = "fan-out-" + std::to_string(index);
    mqtt::Connect connect;
    connect.version = kVersion;
    connect.client_id = id;
    const std::string topic = topic_name(connection->topic);
    const mqtt::TopicFilter filter{.filter = topic, .qos = mqtt::QoS::at_least_once};
    std::string bytes;
    mqtt::encode(connect, kVersion, bytes);
    mqtt::encode(mqtt::Subscribe{1, {filter}, {}}, kVersion, bytes);
    connection->says(bytes);
    bool ready = false;
    while (!ready) {
      connection->reads(buffer_, [&ready](const mqtt::Packet& packet) {
        ready = ready || std::holds_alternative<mqtt::Suback>(packet);
      });
    }
    epoll_event event{.events = EPOLLIN, .data = {.u64 = index}};
    ::epoll_ctl(epoll_.number(), EPOLL_CTL_ADD, connection->number(), &event);
    connections_.push_back(std::move(connection));
  }

  void publish(std::size_t topic) {
    const std::size_t member = turn_[topic]++ % setup_.subscribers;
    const std::string name = topic_name(topic);
    out_.clear();
    const auto id = static_cast<std::uint16_t>(published_ % 65'535 + 1);
    mqtt::encode(
        mqtt::Publish{
            .topic = name, .payload = payload_, .qos = mqtt::QoS::at_least_once, .packet_id = id},
        kVersion, out_);
    outstanding_[topic] += setup_.subscribers + 1;
    waiting_ += setup_.subscribers + 1;
    ++published_;
    connections_[topic * setup_.subscribers + member]->says(out_);
  }

  void turn(int timeout_ms) {
    const int count =
        ::epoll_wait(epoll_.number(), events_.data(), static_cast<int>(events_.size()), timeout_ms);
    for (int i = 0; i < count; ++i) {
      hear(*connections_[events_.at(static_cast<std::size_t>(i)).data.u64]);
    }
  }

  void hear(Connection& connection) {
    std::string answers;
    std::size_t taken = 0;
    connection.reads(buffer_, [&](const mqtt::Packet& packet) {
      if (const auto* publish = std::get_if<mqtt::Publish>(&packet)) {
        mqtt::Puback puback;
        puback.packet_id = publish->packet_id;
        mqtt::encode(puback, kVersion, answers);
        ++deliveries_;
        ++taken;
      } else if (std::holds_alternative<mqtt::Puback>(packet)) {
        ++taken;
      }
    });
    if (!answers.empty()) connection.says(answers);
    outstanding_[connection.topic] -= taken;
    waiting_ -= taken;
    if (taken > 0 && continues_ && outstanding_[connection.topic] == 0) publish(connection.topic);
  }

  /// Until everything published has come.
  void finish() {
    const auto limit = Clock::now() + kPatience;
    while (waiting_ > 0) {
      if (Clock::now() > limit)
        fail(target_.name + ": " + std::to_string(waiting_) + " are missing");
      turn(100);
    }
  }

  Target target_;
  Setup setup_;
  std::string payload_, out_;
  Descriptor epoll_;
  std::vector<std::unique_ptr<Connection>> connections_;
  std::vector<std::size_t> outstanding_, turn_;
  std::size_t waiting_ = 0, deliveries_ = 0, published_ = 0;
  bool continues_ = false;
  Seconds elapsed_{};
  std::array<epoll_event, kEventsPerWait> events_{};
  std::vector<char> buffer_ = std::vector<char>(kReadBytes);
};

Target parse(const std::string& text) {
  const std::size_t equals = text.find('='), colon = text.find(':', equals);
  if (equals == std::string::npos || colon == std::string::npos) fail(text + ": not NAME=PORT:PID");
  return {text.substr(0, equals),
          static_cast<std::uint16_t>(std::stoul(text.substr(equals + 1, colon - equals - 1))),
          std::stoi(text.substr(colon + 1))};
}

double median(std::vector<double> all) {
  std::ranges::sort(all);
  const std::size_t half = all.size() / 2;
  return all.size() % 2 == 1 ? all[half] : (all[half - 1] + all[half]) / 2;
}

void run(const Setup& setup, const std::vector<Target>& targets) {
  std::vector<std::unique_ptr<Load>> loads;
  loads.reserve(targets.size());
  for (const Target& target : targets) loads.push_back(std::make_unique<Load>(target, setup));
  for (const bool open_loop : {true, false}) {
    std::vector<std::vector<double>> costs(targets.size());
    const std::string loop = open_loop ? "open loop" : "closed loop";
    for (std::size_t round = 1; round <= setup.rounds; ++round) {
      for (std::size_t i = 0; i < targets.size(); ++i) {
        costs[i].push_back(loads[i]->measure(open_loop));
        std::cout << loop << ", round " << round << ", " << targets[i].name << ": "
                  << costs[i].back() << " us a delivery, "
                  << static_cast<double>(loads[i]->deliveries()) / loads[i]->elapsed().count()
                  << " deliveries/s" << std::endl;
      }
    }
    for (std::size_t i = 0; i < targets.size(); ++i) {
      std::cout << loop << ", median, " << targets[i].name << ": " << median(costs[i])
                << " us a delivery\n";
    }
    if (targets.size() == 2) {
      std::cout << loop << ", ratio " << targets[0].name << "/" << targets[1].name << ": "
                << median(costs[0]) / median(costs[1]) << '\n';
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  Setup setup;
  std::vector<std::string> texts;
  CLI::App app{"What a delivery costs an MQTT server when a message goes from one to a few"};
  app.add_option("--topics", setup.topics)->check(CLI::Range(1, 20'000));
  app.add_option("--subscribers", setup.subscribers)->check(CLI::Range(1, 1'000));
  app.add_option("--bytes", setup.bytes, "Payload")->check(CLI::Range(1, 60'000));
  app.add_option("--rate", setup.rate, "Open loop: publishes a second")
      ->check(CLI::Range(1, 1'000'000));
  app.add_option("--in-flight", setup.in_flight, "Closed loop")->check(CLI::Range(1, 20'000));
  app.add_option("--seconds", setup.seconds, "Of each measurement")->check(CLI::Range(1, 600));
  app.add_option("--rounds", setup.rounds)->check(CLI::Range(1, 100));
  app.add_option("server", texts, "NAME=PORT:PID")->required();
  CLI11_PARSE(app, argc, argv);
  try {
    std::vector<Target> targets;
    targets.reserve(texts.size());
    for (const std::string& text : texts) targets.push_back(parse(text));
    run(setup, targets);
  } catch (const std::exception& error) {
    std::cerr << "claims_fan_out: " << error.what() << '\n';
    return 1;
  }
  return 0;
}
