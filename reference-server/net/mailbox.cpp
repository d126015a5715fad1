#include "reference-server/net/mailbox.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <iterator>
#include <system_error>

namespace claims::server {

Mailbox::Mailbox() : wake_up_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  if (!wake_up_) throw std::system_error(errno, std::generic_category(), "eventfd");
}

void Mailbox::post(Message message) {
  bool first = false;
  {
    const MutexLock lock(mutex_);
    first = messages_.empty();
    messages_.push_back(std::move(message));
  }
  if (first) wake_up();
}

void Mailbox::post_all(std::vector<Message>& messages) {
  if (messages.empty()) return;
  bool first = false;
  {
    const MutexLock lock(mutex_);
    first = messages_.empty();
    messages_.insert(messages_.end(), std::make_move_iterator(messages.begin()),
                     std::make_move_iterator(messages.end()));
  }
  messages.clear();
  if (first) wake_up();
}

void Mailbox::take(std::vector<Message>& messages) {
  messages.clear();
  // The counter is emptied before the messages: one posted in between wakes the loop once more,
  // instead of never.
  std::uint64_t ignored = 0;
  [[maybe_unused]] const ssize_t read = ::read(wake_up_.number(), &ignored, sizeof ignored);
  const MutexLock lock(mutex_);
  messages.swap(messages_);
}

void Mailbox::wake_up() {
  // Fails only when the counter is full, and then the loop is awake already.
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = ::write(wake_up_.number(), &one, sizeof one);
}

}  // namespace claims::server
