// VirtualUser's open topics: what it subscribes to and publishes, also over lost connections.

#include <algorithm>
#include <cassert>
#include <utility>

#include "simulator/actor/virtual_user.h"
#include "simulator/actor/virtual_user_input.h"
#include "simulator/check/open_topics_checker.h"
#include "simulator/limits.h"

namespace claims::storm {
namespace {

using Kind = OpenStep::Kind;

std::uint64_t scope_of(const OpenRequest& request) {
  return static_cast<std::uint64_t>(request.owner.instance);
}

bool is_failure(mqtt::ReasonCode reason) {
  return static_cast<unsigned>(reason) >= 0x80;
}

audit::OpenWait wait_for(InstanceNumber instance, std::string_view filter,
                         const std::optional<std::string>& text) {
  audit::OpenWait wait{.scope = static_cast<std::uint64_t>(instance), .filter = filter};
  if (text) wait.text = *text;
  return wait;
}

/// Views the request.
mqtt::Publish packet_of(const OpenRequest& request) {
  mqtt::Publish publish{.topic = request.topic,
                        .payload = request.text,
                        .qos = static_cast<mqtt::QoS>(request.qos),
                        .retain = request.retain};
  if (request.expiry_s != 0) {
    publish.properties.push_back(
        {.id = mqtt::PropertyId::message_expiry_interval, .number = request.expiry_s});
  }
  return publish;
}

}  // namespace

std::vector<OpenClient::Outstanding>::iterator OpenClient::find(std::uint16_t packet_id,
                                                                OpenStep::Kind kind) {
  return std::ranges::find_if(outstanding, [&](const Outstanding& one) {
    return packet_id != 0 && one.packet_id == packet_id && one.request.kind == kind;
  });
}

void OpenClient::forget_packets() {
  for (Outstanding& one : outstanding) one.packet_id = 0;
}

void VirtualUser::ask_open(OpenRequest request, const Turn& turn) {
  assert(can_send());
  const Input input(*this, turn);
  if (!open_topics_) open_topics_ = std::make_unique<OpenClient>();
  auto& subscriptions = open_topics_->subscriptions;
  const auto same = [&](const OpenClient::Subscription& one) {
    return one.request.owner.instance == request.owner.instance &&
           one.request.topic == request.topic;
  };
  if (request.kind != Kind::publish) std::erase_if(subscriptions, same);
  if (request.kind == Kind::subscribe) {
    subscriptions.push_back({request, false, shared_.server_restarts});
  }
  shared_.recorder.record_lateness(request.intended, turn.handled, request.held_until);
  open_topics_->outstanding.push_back({.request = std::move(request)});
  send_open();
}

std::optional<mqtt::ReasonCode> VirtualUser::forbidden(const OpenRequest& request) const {
  if (request.kind != Kind::publish) return std::nullopt;
  return client_.forbidden(packet_of(request));
}

/// As far as the client takes it; the rest goes with a later answer.
void VirtualUser::send_open() {
  if (state_ != State::ready || !open_topics_) return;
  auto& all = open_topics_->outstanding;
  for (std::size_t i = 0; i < all.size();) {
    if (all[i].packet_id == 0 && !send_open(all[i])) return;
    // What is published at QoS 0 has no answer.
    if (all[i].packet_id == 0) {
      all.erase(all.begin() + static_cast<std::ptrdiff_t>(i));
    } else {
      ++i;
    }
  }
}

bool VirtualUser::send_open(OpenClient::Outstanding& one) {
  const OpenRequest& request = one.request;
  std::optional<std::uint16_t> packet_id;
  if (request.kind == Kind::publish) {
    packet_id = publish_open(one);
  } else if (request.kind == Kind::unsubscribe) {
    packet_id = client_.unsubscribe({request.topic}, now(), output_);
    if (packet_id) {
      one.number = shared_.auditor.open_topics().unsubscribe_sent(session_, scope_of(request),
                                                                  request.topic);
    }
  } else {
    packet_id = client_.subscribe({{.filter = request.topic,
                                    .qos = static_cast<mqtt::QoS>(request.qos),
                                    .retain_as_published = request.retain_as_published,
                                    .retain_handling = request.retain_handling}},
                                  now(), output_);
    if (packet_id) {
      one.number = shared_.auditor.open_topics().subscribe_sent(
          session_,
          {.scope = scope_of(request),
           .filter = request.topic,
           .qos = request.qos,
           .retain_handling = request.retain_handling,
           .retain_as_published = request.retain_as_published},
          turn().handled);
    }
  }
  if (!packet_id) return false;
  one.packet_id = *packet_id;
  one.sent = turn().handled;
  return true;
}

std::optional<std::uint16_t> VirtualUser::publish_open(OpenClient::Outstanding& one) {
  const OpenRequest& request = one.request;
  const auto packet_id = client_.publish(packet_of(request), now(), output_);
  if (packet_id) {
    one.number = shared_.auditor.open_topics().publish_sent(session_,
                                                            {.scope = scope_of(request),
                                                             .topic = request.topic,
                                                             .text = request.text,
                                                             .qos = request.qos,
                                                             .retain = request.retain,
                                                             .expiry_s = request.expiry_s},
                                                            turn().handled);
  }
  return packet_id;
}

/// False when it answers nothing of open topics.
bool VirtualUser::open_answered(std::uint16_t packet_id, OpenStep::Kind kind,
                                mqtt::ReasonCode reason) {
  if (!open_topics_) return false;
  const auto found = open_topics_->find(packet_id, kind);
  if (found == open_topics_->outstanding.end()) return false;
  const OpenClient::Outstanding one = std::move(*found);
  open_topics_->outstanding.erase(found);
  auto& checker = shared_.auditor.open_topics();
  const std::uint64_t scope = scope_of(one.request);
  if (kind == Kind::publish) {
    checker.publish_answered(scope, one.number, !is_failure(reason), turn().handled);
  } else if (kind == Kind::subscribe) {
    std::optional<std::uint8_t> granted;
    if (!is_failure(reason)) granted = static_cast<std::uint8_t>(reason);
    checker.subscribe_answered(session_, scope, one.number, granted, turn().handled);
    for (OpenClient::Subscription& standing : open_topics_->subscriptions) {
      const bool same = standing.request.owner.instance == one.request.owner.instance &&
                        standing.request.topic == one.request.topic;
      if (same) standing.stands = !is_failure(reason);
    }
  }
  if (kind == Kind::unsubscribe && !is_failure(reason)) {
    checker.unsubscribe_answered(session_, scope, one.request.topic, one.number, turn().handled);
  }
  send_open();
  const InstanceNumber instance = one.request.owner.instance;
  if (one.renewal && !renews(instance)) {
    shared_.handler.user_open_renewed(*this, instance, turn());
  }
  if (!one.owned) return true;
  shared_.recorder.record_step(one.request.step, {one.request.intended, one.sent, turn().handled});
  shared_.handler.user_open_answered(*this, one.request.owner, reason, turn());
  return true;
}

void VirtualUser::on_unsubscribed(std::uint16_t packet_id, mqtt::ReasonCode reason) {
  open_answered(packet_id, Kind::unsubscribe, reason);
}

/// On a new connection: what was not answered is asked again, but for what the client itself sends
/// again. A session that is new, or whose server has lost what it had in memory alone, subscribes
/// anew.
void VirtualUser::go_on_open(bool resumed) {
  if (!open_topics_) return;
  auto& checker = shared_.auditor.open_topics();
  auto& outstanding = open_topics_->outstanding;
  for (OpenClient::Outstanding& one : outstanding) {
    const bool held = one.request.kind == Kind::publish && one.packet_id != 0;
    if (held) {
      one.sent = turn().handled;
      if (resumed) checker.publish_sent_again(scope_of(one.request), one.number);
      continue;
    }
    one.packet_id = 0;
    if (one.request.kind == Kind::publish && one.number != audit::OpenNumber{}) {
      checker.publish_lost(scope_of(one.request), one.number, turn().handled);
    }
    one.number = {};
  }
  std::erase_if(outstanding, [&](const OpenClient::Outstanding& one) {
    const bool ends_what_stands = one.request.kind == Kind::unsubscribe && resumed;
    return !one.owned && one.packet_id == 0 && !ends_what_stands;
  });
  for (OpenClient::Subscription& one : open_topics_->subscriptions) {
    if (resumed && one.stands && one.restarts == shared_.server_restarts) continue;
    one.stands = false;
    one.restarts = shared_.server_restarts;
    const bool asked = std::ranges::any_of(outstanding, [&](const auto& other) {
      return other.request.kind == Kind::subscribe && other.request.topic == one.request.topic;
    });
    if (!asked) outstanding.push_back({.request = one.request, .owned = false, .renewal = true});
  }
  const auto refused = take_forbidden();
  send_open();
  for (const auto& [owner, reason] : refused) {
    shared_.handler.user_open_answered(*this, owner, reason, turn());
  }
}

/// What waited, and what this server, of another CONNACK than before, will never take.
std::vector<std::pair<RoleKey, mqtt::ReasonCode>> VirtualUser::take_forbidden() {
  std::vector<std::pair<RoleKey, mqtt::ReasonCode>> refused;
  std::erase_if(open_topics_->outstanding, [&](const OpenClient::Outstanding& one) {
    if (one.packet_id != 0) return false;
    const auto reason = forbidden(one.request);
    if (reason && one.owned) refused.emplace_back(one.request.owner, *reason);
    return reason.has_value();
  });
  return refused;
}

void VirtualUser::take_open(InstanceNumber instance, const mqtt::Publish& message) {
  audit::OpenDelivery delivery{.scope = static_cast<std::uint64_t>(instance),
                               .topic = message.topic,
                               .text = message.payload,
                               .qos = static_cast<std::uint8_t>(message.qos),
                               .retain = message.retain,
                               .dup = message.dup};
  if (const auto* left =
          mqtt::find(message.properties, mqtt::PropertyId::message_expiry_interval)) {
    delivery.expiry_s = left->number;
  }
  shared_.auditor.open_topics().delivered(session_, delivery, turn().handled);
  shared_.handler.user_open_message(*this, instance,
                                    {message.topic, message.payload, message.retain}, turn());
}

bool VirtualUser::renews(InstanceNumber instance) const {
  return open_topics_ && std::ranges::any_of(open_topics_->outstanding, [&](const auto& one) {
           return one.renewal && one.request.owner.instance == instance;
         });
}

void VirtualUser::leave_open_topics(InstanceNumber instance, const Turn& turn) {
  if (!open_topics_) return;
  const Input input(*this, turn);
  auto& outstanding = open_topics_->outstanding;
  for (OpenClient::Outstanding& one : outstanding) {
    if (one.request.owner.instance == instance) one.owned = false;
  }
  for (const OpenClient::Subscription& one : open_topics_->subscriptions) {
    if (one.request.owner.instance != instance) continue;
    OpenRequest end = one.request;
    end.kind = Kind::unsubscribe;
    outstanding.push_back({.request = std::move(end), .owned = false});
  }
  std::erase_if(open_topics_->subscriptions, [&](const OpenClient::Subscription& one) {
    return one.request.owner.instance == instance;
  });
  send_open();
}

bool VirtualUser::is_owed(InstanceNumber instance, std::string_view filter,
                          const std::optional<std::string>& text, Microseconds at) const {
  return shared_.auditor.open_topics().owes(session_, wait_for(instance, filter, text), at);
}

void VirtualUser::open_message_missed(InstanceNumber instance, std::string_view filter,
                                      const std::optional<std::string>& text, Microseconds at) {
  shared_.auditor.open_topics().missed(session_, wait_for(instance, filter, text), at);
}

void VirtualUser::go_away(Microseconds length, const Turn& turn) {
  if (state_ != State::ready) return;
  const Input input(*this, turn);
  client_.disconnect(output_);
  lose(true);
  attempts_ = 0;
  reconnect_at_ = turn.handled + length;
}

/// Of a patient user: without an answer by then this connection is taken for dead.
std::optional<Microseconds> VirtualUser::open_patience_ends() const {
  if (!shared_.patient || state_ != State::ready || !open_topics_) return std::nullopt;
  std::optional<Microseconds> ends;
  for (const OpenClient::Outstanding& one : open_topics_->outstanding) {
    if (one.packet_id == 0) continue;
    const Microseconds at = one.sent + limits::kReplyTimeout;
    ends = ends ? std::min(*ends, at) : at;
  }
  return ends;
}

}  // namespace claims::storm
