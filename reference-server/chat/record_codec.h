#pragma once
// Typed records <-> records of the log: JSON payloads with a fixed field order.

#include <string>
#include <string_view>

#include "protocol/result.h"
#include "reference-server/chat/typed_record.h"
#include "reference-server/log/record.h"

namespace claims::server {

/// Stands before the reply in an outcome's JSON: the reply is kept as its bytes.
inline constexpr std::string_view kReplyKey = R"(,"reply":)";

/// The salt is left empty.
Record encode_record(const TypedRecord& typed);

/// True for the kinds that the chat folds; the others belong to the node.
bool is_chat_record(RecordKind kind);
/// Strict: what encode_record() does not write is an error.
Result<TypedRecord, std::string> decode_record(const Record& record);

}  // namespace claims::server
