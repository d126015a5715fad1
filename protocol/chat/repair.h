#pragma once
// The repair of one vehicle (CPC-004-5): in (입고) -> in_repair (수리) -> repaired (수리완료) ->
// out (출고). Before the repair the intake may be cancelled (입고취소), and registered again.

#include <cstdint>
#include <optional>
#include <string_view>

namespace claims::chat {

enum class RepairState : std::uint8_t { in, in_repair, repaired, out, cancelled };
std::string_view to_string(RepairState state);
std::optional<RepairState> parse_repair_state(std::string_view text);
/// Steps go one by one and never back, but for a cancelled intake: in -> cancelled -> in.
bool is_legal_step(RepairState from, RepairState to);
/// A chat becomes a claim from "repaired" on.
bool may_convert_claim(RepairState state);

}  // namespace claims::chat
