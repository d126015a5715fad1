#pragma once
// What can never work with the contract of docs/contract.md: misspelt types, fields, error codes
// and parts of events. A scenario for another contract says so ("contract": "other").
//
// Only what is certain is an error: a type that is unknown and not near a known one may be another
// server's, and a command that must be refused may have any fields.

#include <string_view>

#include "simulator/scenario/document.h"
#include "simulator/scenario/model.h"

namespace claims::storm {

/// `send` is the command, an object; `expected_error` empty: it must succeed.
void check_send(const Cursor& send, std::string_view expected_error);
/// `code` is a text.
void check_error_code(const Cursor& code);
/// `await` is the event, an object; `loaded` has the step's conditions and saved values.
void check_await(const Cursor& await, const Cursor& step, const Step& loaded);

}  // namespace claims::storm
