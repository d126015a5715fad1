#include "simulator/command/token_check.h"

#include <fmt/format.h>

#include "simulator/command/run_environment.h"

namespace claims::storm {

Result<void, std::string> check_tokens(const Population& population, const std::string& folder,
                                       const Scenario& scenario, Milliseconds began) {
  const std::int64_t end_s = began.count() / 1'000 + planned_length_s(scenario);
  const Person* person = first_without_token(population, end_s);
  if (person == nullptr) return {};
  const auto time = [](std::int64_t at_s) { return iso_time(Milliseconds(at_s * 1'000)); };
  const std::string ends = time(person->token_expires_s), end = time(end_s);
  return fmt::format(
      "{0}/tokens.csv: {1}의 토큰이 {2}에 끝남, 허용: 실행이 끝날 {3} 이후. "
      "'claimstorm population'으로 새로 만들고 서버를 그것으로 다시 시작하세요.\n"
      "{0}/tokens.csv: found a token of {1} that ends at {2}, allowed: {3}, when the run is to be "
      "over, or later. Write it anew with 'claimstorm population', and start the server with it.",
      folder, person->id, ends, end);
}

}  // namespace claims::storm
