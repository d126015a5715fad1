#pragma once
// Program: one of our programs as a user starts it: arguments in, output and exit code out.

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace claims::acceptance {

class Program {
 public:
  /// Starts build/…/bin/NAME in `directory`; standard output and error go to one pipe. Dies with
  /// the test.
  Program(const std::string& name, std::vector<std::string> arguments,
          const std::string& directory = {});
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  /// Reads until the output holds `text`; false when it ends, or a minute passes, before.
  bool says(const std::string& text);
  void signal(int number) const;
  /// To the one process that it has started.
  void signal_child(int number) const;
  /// Reads to the end and gives the exit code (128 + signal when killed by one).
  int wait();
  const std::string& output() const { return output_; }

 private:
  bool read_some(std::chrono::steady_clock::time_point until);

  pid_t pid_ = -1;
  int pipe_ = -1;
  std::optional<int> exit_code_;
  std::string output_;
};

/// Starts it and waits for its end.
struct Ended {
  int exit_code = 0;
  std::string output;
};
Ended run(const std::string& name, std::vector<std::string> arguments,
          const std::string& directory = {});

/// A folder that goes with the test.
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string path(const std::string& name = {}) const;
  void write(const std::string& name, const std::string& text) const;
  std::string read(const std::string& name) const;

 private:
  std::string root_;
};

/// A file of scenarios/.
std::string scenario_path(const std::string& name);
std::string read_file(const std::string& path);

}  // namespace claims::acceptance
