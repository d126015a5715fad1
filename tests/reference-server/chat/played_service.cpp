#include "tests/reference-server/chat/played_service.h"

#include "protocol/chat/reply.h"

namespace claims::server {

PlayedService::PlayedService(std::string_view directory, const ServiceBounds& bounds)
    : service_(bounds) {
  auto records = service_.reconcile_directory(directory);
  EXPECT_TRUE(records.has_value()) << records.error();
  for (Record& record : *records) {
    const auto folded = service_.fold(record, Position{log_.size() + 1});
    EXPECT_TRUE(folded.has_value()) << folded.error();
    log_.push_back(std::move(record));
  }
}

UserIndex PlayedService::index(std::string_view user) const {
  const auto index = service_.user_index(user);
  EXPECT_TRUE(index.has_value()) << user;
  return index.value_or(UserIndex{});
}

PlayedService::Answer PlayedService::send(std::string_view user, std::string_view payload) {
  const Decision decision = service_.decide(index(user), payload, Position{log_.size() + 1}, now);
  if (const auto* done = std::get_if<Decided>(&decision)) return decided(*done);
  if (const auto* answered = std::get_if<Answered>(&decision)) return {answered->reply, {}, {}};
  if (const auto* read = std::get_if<PageRead>(&decision)) {
    const auto rows = history_->query(read->query);
    EXPECT_TRUE(rows.has_value());
    return {service_.finish_page(*read, *rows), {}, {}};
  }
  const auto& sync = std::get<SyncRead>(decision);
  return {chat::read_reply(sync.re, R"({"cursor":")" + sync.cursor.value_or("0:0") + R"("})", "{}"),
          {},
          {}};
}

std::string PlayedService::ok(std::string_view user, std::string_view payload) {
  Answer answer = send(user, payload);
  EXPECT_NE(answer.reply.find(R"("ok":true)"), std::string::npos) << payload << answer.reply;
  return std::move(answer.reply);
}

std::string PlayedService::code(std::string_view user, std::string_view payload) {
  const Answer answer = send(user, payload);
  constexpr std::string_view kKey = R"("error":{"code":")";
  const std::size_t at = answer.reply.find(kKey);
  if (at == std::string::npos) return "ok";
  EXPECT_TRUE(answer.deliveries.empty()) << "a refusal delivers nothing";
  const std::size_t begin = at + kKey.size();
  return answer.reply.substr(begin, answer.reply.find('"', begin) - begin);
}

PlayedService::Answer PlayedService::decided(const Decided& decided) {
  Answer answer{decided.reply, {}, {}};
  EXPECT_FALSE(decided.records.empty());
  EXPECT_EQ(decided.records.back().record.kind, RecordKind::outcome);
  log(decided.records, answer);
  if (decided.read) {
    Delivery& delivery = answer.receipts.emplace_back();
    delivery.event = decided.read->json;
    for (const UserIndex user : decided.read->recipients) {
      delivery.recipients.push_back(service_.user_id(user));
    }
  }
  while (carries_out_orders && service_.has_orders()) carry_out_order(answer);
  return answer;
}

void PlayedService::carry_out_order(Answer& answer) {
  const auto records = service_.carry_out_order(Position{log_.size() + 1}, now);
  ASSERT_FALSE(records.empty());
  const RecordKind last = records.back().record.kind;
  EXPECT_TRUE(last == RecordKind::bulk_outcome || last == RecordKind::hand_over_outcome);
  log(records, answer);
}

void PlayedService::log(const std::vector<Emitted>& records, Answer& answer) {
  Block block;
  block.number = history_->folded() + 1;
  block.first = Position{log_.size() + 1};
  for (const Emitted& emitted : records) block.records.push_back(emitted.record);
  EXPECT_TRUE(history_->fold(block));
  for (const Emitted& emitted : records) {
    log_.push_back(emitted.record);
    if (emitted.record.kind != RecordKind::event) {
      EXPECT_TRUE(emitted.recipients.empty());
      continue;
    }
    rows_.push_back({last(), emitted.record.room, emitted.record.seq, emitted.record.payload});
    Delivery& delivery = answer.deliveries.emplace_back();
    for (const UserIndex user : emitted.recipients) {
      delivery.recipients.push_back(service_.user_id(user));
    }
    delivery.event = emitted.record.payload;
    delivery.event.back() = ',';
    delivery.event += R"("cursor":"0:)" + std::to_string(log_.size()) + R"("})";
  }
}

}  // namespace claims::server
