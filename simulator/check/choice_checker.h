#pragma once
// ChoiceChecker: intake.by_plate finds the receipts of the plate that are open to the garage, all
// of them and no other (CMO-001).
//
// Proves it from what was registered, taken in, cancelled, deleted and driven out. A receipt is
// certainly open, or certainly not, where nothing that may change that was on its way at any time
// from the question to its answer, and every event of its room was seen; otherwise it may be. The
// answer must name no receipt that cannot be open, each with its insurer and model and by number;
// with one room, or with a refusal, no other receipt may be certainly open; of several none that is
// certainly open may be missing.
//
// What is never answered leaves open for ever what it may have changed: the receipt, or room, that
// it names, and no other one.
//
// Memory: two numbers a receipt, the plates that somebody asks for just now, and what is on its way
// without a receipt that is known.

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "simulator/check/reply_view.h"
#include "simulator/check/scene.h"

namespace claims::storm::audit {

class ChoiceChecker {
 public:
  explicit ChoiceChecker(Scene& scene) : scene_(scene) {}

  /// A command goes out, for the first time; was acknowledged; was refused. The last two before
  /// they have any effect on the model. `receipt`: the number that it names, if any.
  void sent(Command& command, std::string_view receipt);
  void acknowledged(Command& command, const ResultView& result);
  void refused(Command& command, std::string_view code);

 private:
  enum class Open : std::uint8_t { no, perhaps, yes };
  /// On its way, and of what receipt is not known: of the room, else of the number, else of any.
  struct Unknown {
    CommandKey key;
    std::optional<chat::RoomId> room;
    std::string number;
  };
  void change(Command& command, int by);
  Changes& changes_by(const Command& command);
  bool may_change(const Unknown& unknown, const Receipt& receipt) const;
  bool is_settled(const Command& command, const Receipt& receipt) const;
  Open is_open(const Command& command, const Receipt& receipt) const;
  /// `named`: the receipts of the answer.
  void none_missing(const Command& command, const std::vector<std::string_view>& named);
  void may_name(const Command& command, const boost::json::object& entry);
  void several(const Command& command, const boost::json::array& choices);
  void tell(const Command& command, std::string_view ko, std::string_view en);

  Scene& scene_;
  std::map<std::string, Changes, std::less<>> plates_;  ///< That intake.by_plate asks for.
  std::vector<Unknown> unknown_;
  std::uint64_t unknown_tick_ = 0;  ///< When one of these was answered last.
};

}  // namespace claims::storm::audit
