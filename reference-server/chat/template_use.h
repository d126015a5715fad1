#pragma once
// Who may use which templates, and what a message says that is made from one.

#include <string>

#include "protocol/chat/command.h"
#include "protocol/chat/error.h"
#include "protocol/result.h"
#include "reference-server/chat/decision_draft.h"
#include "reference-server/chat/service.h"
#include "reference-server/chat/state.h"

namespace claims::server {

/// The user's own; of its insurer; for garages also of the other insurers. An insurer's users see
/// all of theirs, others neither what is for another role nor what the server uses itself.
bool may_use(const UserEntry& user, const TemplateEntry& entry);

/// The text of a message that says only which template it is made from: the sender's own of that
/// name, else that of the insurer in charge of the room. `plate`: what the message is about.
Result<std::string, chat::Error> template_text(const DecisionDraft& draft, const Room& room,
                                               const std::string& name, const std::string& plate);

Decision list_templates(const std::string& re, const chat::ListTemplates& list, UserIndex user,
                        const State& state);

}  // namespace claims::server
