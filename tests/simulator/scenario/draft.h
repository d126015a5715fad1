#pragma once
// A small valid scenario for tests of the loader, to change in one place and see what is told.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "simulator/scenario/load.h"

namespace claims::storm::testing {

/// A scenario of one inline workflow, one JSON value a line, so that an error's line is known.
struct Draft {
  std::string population = R"({"insurers": 2, "adjusters": 4, "garages": 4})";
  std::string workflows;  // Empty: the workflow below.
  std::string arrivals = R"([{"workflow": "w", "count": 1}])";
  std::string phases = R"([{"hold": "1s"}])";
  std::string more;  // Further members, each with a comma before it.
  std::string roles =
      R"({"adjuster": {"is": "adjuster"}, "insurer": {"is": "insurer", "of": "adjuster"}, "garage": {"is": "garage"}})";
  std::string let = R"({"receipt": "${gen.receipt}"})";
  std::vector<std::string> steps = {
      R"({"role": "garage", "send": {"type": "intake.register", "receipt": "${receipt}"}})"};

  // The first step is on line 14.
  std::string text() const {
    std::string all = "{\"format\": \"claimstorm-scenario/1\",\n\"name\": \"s\",\n";
    all += "\"title\": {\"ko\": \"시험\", \"en\": \"test\"},\n";
    all += "\"population\": " + population + ",\n";
    all += "\"arrivals\": " + arrivals + ",\n";
    all += "\"phases\": " + phases + more + ",\n";
    if (!workflows.empty()) return all + "\"workflows\": " + workflows + "\n}\n";
    all += "\"workflows\": [\n{\"name\": \"w\",\n";
    all += "\"title\": {\"ko\": \"흐름\", \"en\": \"flow\"},\n";
    all += "\"roles\": " + roles + ",\n";
    all += "\"let\": " + let + ",\n\n";
    all += "\"steps\": [\n";
    for (std::size_t i = 0; i < steps.size(); ++i) all += (i > 0 ? ",\n" : "") + steps[i];
    return all + "\n]}]}\n";
  }
};

class Folder {
 public:
  Folder()
      : path_(std::filesystem::path(::testing::TempDir()) /
              (std::string("load-") +
               ::testing::UnitTest::GetInstance()->current_test_info()->name())) {
    std::filesystem::remove_all(path_);
    std::filesystem::create_directories(path_);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  std::string write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << text;
    return (path_ / name).string();
  }
  /// Errors of a file as text, with the folder's path left out.
  std::vector<std::string> errors(const std::string& file) const {
    std::vector<std::string> texts;
    const auto loaded = load_scenario(file);
    if (loaded) return texts;
    for (const FileError& error : loaded.error()) {
      std::string text = to_string(error);
      for (auto at = text.find(path_.string()); at != std::string::npos;
           at = text.find(path_.string())) {
        text.erase(at, path_.string().size() + 1);
      }
      texts.push_back(std::move(text));
    }
    return texts;
  }

 private:
  std::filesystem::path path_;
};

inline std::vector<std::string> errors_of_text(const std::string& text) {
  const Folder folder;
  return folder.errors(folder.write("s.json", text));
}
inline std::vector<std::string> errors_of(const Draft& draft) {
  return errors_of_text(draft.text());
}
inline std::vector<std::string> errors_of_steps(std::vector<std::string> steps) {
  Draft draft;
  draft.steps = std::move(steps);
  return errors_of(draft);
}

}  // namespace claims::storm::testing
