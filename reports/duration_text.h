#pragma once
// Lengths of time as people read them, in few words.

#include "reports/result.h"

namespace claims::report {

/// "3일 2시간 5분", "3 d 2 h 5 min"; "1분 30.25초", "1 min 30.25 s". Seconds only of less than an
/// hour, with up to three digits behind the point; zero is "0초", "0 s".
Text duration_text(double seconds);

}  // namespace claims::report
