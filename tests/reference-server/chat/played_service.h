#pragma once
// A Service with what a node has around it: positions, the log, and the rows that pages are read
// from.

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "reference-server/chat/service.h"

namespace claims::server {

inline constexpr std::string_view kSmallDirectory =
    R"({"format":"claims-directory/1","insurers":[)"
    R"({"id":"ins-01","code":"01","name":"한마음손해보험",)"
    R"("greeting":"안녕하세요, {garage}. {plate} 담당 {adjuster}입니다.",)"
    R"("centres":[{"id":"c-001","name":"강남보상센터","region":"서울"}]},)"
    R"({"id":"ins-02","code":"02","name":"새빛화재","greeting":"반갑습니다.",)"
    R"("centres":[{"id":"c-002","name":"부산보상센터","region":"부산"}]}],"users":[)"
    R"({"id":"core-01","role":"insurer","name":"한마음 기간계","insurer":"ins-01"},)"
    R"({"id":"core-02","role":"insurer","name":"새빛 기간계","insurer":"ins-02"},)"
    R"({"id":"adj-1","role":"adjuster","name":"김민준","insurer":"ins-01","centre":"c-001"},)"
    R"({"id":"adj-2","role":"adjuster","name":"이서연","insurer":"ins-02","centre":"c-002"},)"
    R"({"id":"gar-1","role":"garage","name":"한빛자동차공업사","region":"서울"},)"
    R"({"id":"gar-2","role":"garage","name":"우리모터스","region":"부산"},)"
    R"({"id":"adj-3","role":"adjuster","name":"박지훈","insurer":"ins-01","centre":"c-001"},)"
    R"({"id":"adj-4","role":"adjuster","name":"Choi 유진","insurer":"ins-01","centre":"c-001"},)"
    R"({"id":"adj-5","role":"adjuster","name":"정하은","insurer":"ins-02","centre":"c-002"}]})";

class PlayedService {
 public:
  struct Delivery {
    std::vector<std::string> recipients;
    std::string event;  ///< With its cursor.
  };
  struct Answer {
    std::string reply;
    std::vector<Delivery> deliveries;
    std::vector<Delivery> receipts;  ///< Read receipts, for the members' sessions.
  };

  explicit PlayedService(std::string_view directory = kSmallDirectory,
                         const ServiceBounds& bounds = {});

  Answer send(std::string_view user, std::string_view payload);
  /// The same for a command that must be acknowledged; returns the reply.
  std::string ok(std::string_view user, std::string_view payload);
  /// The code of the refusal; "ok" when there is none.
  std::string code(std::string_view user, std::string_view payload);

  /// With false, what an order brings about waits for carry_out_order().
  bool carries_out_orders = true;
  void carry_out_order(Answer& answer);

  UserIndex index(std::string_view user) const;
  Service& service() { return service_; }
  Position last() const { return Position{log_.size()}; }
  /// Everything logged so far, in order; positions start at 1.
  const std::vector<Record>& log() const { return log_; }
  const std::vector<Row>& rows() const { return rows_; }

  Now now{Microseconds{0}, Milliseconds{1714521600000}};

 private:
  Answer decided(const Decided& decided);
  void log(const std::vector<Emitted>& records, Answer& answer);

  Service service_;
  std::vector<Record> log_;
  std::vector<Row> rows_;
  std::unique_ptr<History> history_ = make_memory_history();
};

}  // namespace claims::server
