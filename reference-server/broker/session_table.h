#pragma once
// SessionTable: all sessions, by their number and by their user.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "reference-server/broker/session.h"

namespace claims::server {

/// By ascending id.
using UserSessions = std::vector<Session*>;

class SessionTable {
 public:
  /// Packet identifiers of each session's deliveries for the handler.
  explicit SessionTable(std::uint16_t first_packet_id = 1, std::uint16_t last_packet_id = 65'535);
  ~SessionTable();

  Session& create(SessionState state);
  /// The session leaves the table; the caller keeps it while there may be references.
  std::unique_ptr<Session> remove(Session& session);

  /// Two loads. Null when there is no such session, or none any more.
  Session* find(SessionId id) const {
    const auto number = static_cast<std::size_t>(id);
    const std::size_t page = number / kPageSize;
    if (page >= pages_.size() || !pages_[page]) return nullptr;
    return pages_[page]->sessions[number % kPageSize].get();
  }
  Session* find(std::string_view user, std::string_view client_id) const;
  /// Empty for an unknown user, and for "", which is nobody's name.
  const UserSessions& of_user(std::string_view user) const;
  std::size_t size() const { return size_; }
  std::size_t size_without_user() const { return without_user_.size(); }

 private:
  // Numbers are never reused, so the index is a vector of pages, and a page whose sessions are all
  // gone is freed: eight bytes for each 256 sessions that ever were.
  static constexpr std::size_t kPageSize = 256;
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>{}(text);
    }
  };

  struct Page {
    std::unique_ptr<Session> sessions[kPageSize];
    std::size_t used = 0;
  };
  std::vector<std::unique_ptr<Page>> pages_;
  std::unordered_map<std::string, UserSessions, TextHash, std::equal_to<>> users_;
  const UserSessions nobody_;
  /// Who has no user is known by the client id alone.
  std::unordered_map<std::string, Session*, TextHash, std::equal_to<>> without_user_;
  const std::uint16_t first_packet_id_, last_packet_id_;
  std::uint32_t last_id_ = 0;
  std::size_t size_ = 0;
};

}  // namespace claims::server
