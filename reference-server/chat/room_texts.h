#pragma once
// What the server itself says in a room, in the words of the insurer whose adjuster is in charge
// (CPC-004-8): its templates, else the directory's greeting and built-in notices.

#include <string>
#include <string_view>

#include "protocol/chat/event.h"
#include "reference-server/chat/state.h"
#include "reference-server/chat/text_template.h"

namespace claims::server {

/// Of the garage's and the adjuster's room.
TemplateNames names_of(const State& state, UserIndex adjuster, UserIndex garage,
                       std::string_view plate);

chat::Greeting greeting_by(const State& state, UserIndex adjuster, const TemplateNames& names);
chat::Notice notice_by(const State& state, UserIndex adjuster, chat::RepairState step,
                       const TemplateNames& names);

}  // namespace claims::server
