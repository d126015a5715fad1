#pragma once
// For virtual_user*.cpp only.

#include <utility>

#include "simulator/actor/virtual_user.h"

namespace claims::storm {

/// Holds the turn while an input is taken. Inputs do not nest, but send() may come from another
/// user's.
class VirtualUser::Input {
 public:
  Input(VirtualUser& user, const Turn& turn)
      : user_(user), before_(std::exchange(user.turn_, &turn)) {}
  ~Input() {
    user_.turn_ = before_;
    user_.touch();
  }
  Input(const Input&) = delete;
  Input& operator=(const Input&) = delete;

 private:
  VirtualUser& user_;
  const Turn* before_;
};

}  // namespace claims::storm
