#include "reports/html.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <vector>

#include "reports/html_sections.h"
#include "reports/html_style.h"
#include "reports/html_text.h"

namespace claims::report {
namespace {

using html::both;
using html::escaped;

/// As a content security policy names an inline style or script: 'sha256-…' of its very text.
std::string source_hash(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  if (EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1) {
    return "'none'";
  }
  std::array<unsigned char, 2 * EVP_MAX_MD_SIZE> encoded{};
  const int length = EVP_EncodeBlock(encoded.data(), digest.data(), static_cast<int>(size));
  return fmt::format("'sha256-{}'",
                     std::string(encoded.begin(), encoded.begin() + std::max(0, length)));
}

std::string head(const RunResult& result) {
  const Text verdict = html::word_of(result.verdict);
  const Text title{fmt::format("{} · {} · claimstorm", verdict.ko, result.title.ko),
                   fmt::format("{} · {} · claimstorm", verdict.en, result.title.en)};
  return fmt::format(
      "<!doctype html>\n<html lang=\"ko\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"generator\" content=\"claimstorm\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src {}; "
      "script-src {}; base-uri 'none'; form-action 'none'\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"color-scheme\" content=\"light\">\n"
      "<meta name=\"referrer\" content=\"no-referrer\">\n"
      "<title{}>{}</title>\n<style>{}</style>\n<script>{}</script>\n</head>\n",
      source_hash(html::kStyle), source_hash(html::kScript), html::both_attributes(title),
      escaped(title.ko), html::kStyle, html::kScript);
}

std::string navigation() {
  struct Place {
    const char* id;
    Text name;
  };
  static const std::vector<Place> kPlaces{{"tested", {"시험 대상", "Tested"}},
                                          {"load", {"부하 산정", "Load"}},
                                          {"requirements", {"요구사항추적표", "Requirements"}},
                                          {"thresholds", {"기준", "Thresholds"}},
                                          {"latency", {"지연 시간", "Latencies"}},
                                          {"time", {"시간에 따른 변화", "Over time"}},
                                          {"errors", {"오류 응답", "Error replies"}},
                                          {"violations", {"위반", "Violations"}},
                                          {"generator", {"부하 발생기", "Generator"}},
                                          {"resources", {"자원", "Resources"}},
                                          {"defects", {"결함 회귀", "Defects"}},
                                          {"service", {"서비스 수준", "Service level"}},
                                          {"faults", {"장애", "Faults"}},
                                          {"repeat", {"다시 실행", "Repeat"}},
                                          {"signatures", {"서명란", "Signatures"}}};
  std::string out = "<nav><ul>\n";
  for (const Place& place : kPlaces) {
    out += fmt::format("<li><a href=\"#{}\">{}</a></li>\n", place.id, both(place.name));
  }
  return out + "</ul></nav>\n";
}

}  // namespace

std::string report_html(const RunResult& result) {
  std::string out = head(result);
  out +=
      "<body>\n<div class=\"bar\"><div><b>claimstorm</b>"
      "<button type=\"button\" data-language=\"ko\" aria-pressed=\"true\">한국어</button>"
      "<button type=\"button\" data-language=\"en\" aria-pressed=\"false\">English</button>" +
      fmt::format("<button type=\"button\" id=\"print\">{}</button></div></div>\n<main>\n",
                  both("인쇄", "Print"));
  out += html::verdict_header(result) + navigation();
  for (const auto section :
       {html::tested_section, html::load_section, html::requirements_section,
        html::thresholds_section, html::latency_section, html::time_section, html::errors_section,
        html::violations_section, html::generator_section, html::resources_section,
        html::defects_section, html::service_section, html::faults_section, html::repeat_section}) {
    out += section(result);
  }
  out += html::signatures_section();
  out +=
      fmt::format("</main>\n<footer><p>claimstorm {} · {}</p></footer>\n</body>\n</html>\n",
                  escaped(result.environment.contains("version") ? result.environment.at("version")
                                                                 : std::string()),
                  escaped(RunResult::kFormat));
  return out;
}

}  // namespace claims::report
