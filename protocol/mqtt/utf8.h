#pragma once
// What MQTT takes for a UTF-8 encoded string (MQTT 5.0 section 1.5.4).

#include <string_view>

namespace claims::mqtt {

enum class Utf8 { valid, ill_formed, has_null };

/// Ill-formed: overlong forms, surrogates, above U+10FFFF, cut sequences. U+0000 is well-formed
/// UTF-8 that MQTT forbids. Control and non-characters pass: MQTT leaves them to the application.
Utf8 check_utf8(std::string_view text);

}  // namespace claims::mqtt
