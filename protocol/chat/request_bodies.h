#pragma once
// The bodies of requests, from their fields.

#include "protocol/chat/command.h"
#include "protocol/chat/request_fields.h"
#include "protocol/chat/request_rules.h"
#include "protocol/chat/request_values.h"

namespace claims::chat {

/// `kind` is a command's; a value that is not allowed stays in `values`.
CommandBody command_body(RequestKind kind, const RequestFields& fields, RequestValues& values);
/// `kind` is a read's.
ReadBody read_body(RequestKind kind, const RequestFields& fields, RequestValues& values);

}  // namespace claims::chat
