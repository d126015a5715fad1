#include "reference-server/chat/bulk_window.h"

#include <algorithm>

#include "protocol/limits.h"

namespace claims::server {
namespace {

bool is_settled(const BulkWindow::Bulk& bulk) {
  return bulk.open() == 0;
}

}  // namespace

const BulkWindow::Bulk* BulkWindow::find(chat::CommandId id) const {
  const auto found = std::ranges::find(bulks_, id, &Bulk::id);
  return found == bulks_.end() ? nullptr : &*found;
}

bool BulkWindow::takes_another() const {
  return bulks_.size() < claims::limits::kBulksPerUser || std::ranges::any_of(bulks_, is_settled);
}

claims::Result<void, std::string> BulkWindow::order(const BulkOrder& order) {
  if (find(order.id) != nullptr) return "bulk " + to_string(order.id) + " is ordered twice";
  if (order.targets.empty()) return "bulk " + to_string(order.id) + " has no targets";
  if (bulks_.size() >= claims::limits::kBulksPerUser) {
    const auto oldest = std::ranges::find_if(bulks_, is_settled);
    if (oldest == bulks_.end()) return std::string("too many bulk messages are under way");
    bulks_.erase(oldest);
  }
  bulks_.push_back({order.id, order.targets, {}, order.text});
  return {};
}

claims::Result<bool, std::string> BulkWindow::settle(const BulkOutcome& outcome) {
  const auto bulk = std::ranges::find(bulks_, outcome.id, &Bulk::id);
  if (bulk == bulks_.end() || bulk->open() == 0 || bulk->next().garage != outcome.garage) {
    return {boost::system::in_place_error, "outcome of bulk " + to_string(outcome.id) + " for " +
                                               outcome.garage + ": is not of the next target"};
  }
  bulk->results.push_back({outcome.room, outcome.seq, outcome.refusal});
  if (bulk->open() > 0) return true;
  std::string().swap(bulk->text);  // Its memory, too: it is kept for as long as the user is.
  return false;
}

}  // namespace claims::server
