#include "reports/result.h"

namespace claims::report {

std::string_view to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass:
      return "pass";
    case Verdict::fail:
      return "fail";
    case Verdict::invalid:
      return "invalid";
  }
  return "invalid";
}

std::string_view to_string(ClauseStatus status) {
  switch (status) {
    case ClauseStatus::pass:
      return "pass";
    case ClauseStatus::fail:
      return "fail";
    case ClauseStatus::partial:
      return "partial";
    case ClauseStatus::not_covered:
      return "not_covered";
  }
  return "not_covered";
}

}  // namespace claims::report
