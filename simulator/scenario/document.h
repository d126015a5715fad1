#pragma once
// A JSON file as a tree in which every value knows its line, and the reading of it that collects
// every error instead of stopping at the first.

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "protocol/result.h"
#include "simulator/scenario/expression.h"
#include "simulator/scenario/load.h"
#include "simulator/scenario/model.h"

namespace claims::storm {

inline constexpr int kDocumentDepthMax = 32;

struct JsonMember;

struct JsonNode {
  enum class Kind { null, boolean, integer, fraction, text, list, object } kind = Kind::null;
  int line = 0;
  bool boolean = false;
  std::int64_t integer = 0;
  std::string text;  ///< Of a text; of a number, as it was written.
  std::vector<JsonNode> elements;
  std::vector<JsonMember> members;  ///< In the order of the file.
  /// Where it comes from if not from the file: "--set time_scale=1". It has no line then.
  std::shared_ptr<const std::string> origin;

  const JsonNode* member(std::string_view key) const;
};
struct JsonMember {
  std::string key;
  JsonNode value;
};
/// "mechanic" with its quotes, 12, a list, …; for `found`.
std::string describe(const JsonNode& node);
Value to_value(const JsonNode& node);

/// Reads and parses; a syntax error, a duplicate key, too many bytes or levels are told with line.
Result<JsonNode, FileError> read_document(const std::string& file, std::size_t bytes_max);
Result<JsonNode, FileError> parse_document(std::string_view text, const std::string& file);

/// A value of a document under way of being read. Cheap to copy; lives as long as the document and
/// the list of errors.
class Cursor {
 public:
  Cursor(const JsonNode& node, const std::string& file, std::vector<FileError>& errors)
      : Cursor(node, file, {}, errors) {}

  const JsonNode& node() const { return *node_; }
  FilePlace place() const { return {node_->origin ? *node_->origin : *file_, node_->line, path_}; }
  const std::string& path() const { return path_; }
  void error(std::string found, std::string allowed) const;
  /// found is the value itself.
  void error(std::string allowed) const;

  /// Each of these notes an error and returns nothing when the value is of another kind.
  bool is_object() const;
  std::optional<std::string> text() const;
  std::optional<std::string> name() const;  ///< [A-Za-z0-9._-]{1,64}
  std::optional<std::int64_t> integer(std::int64_t least, std::int64_t most) const;
  std::optional<std::vector<Cursor>> list(std::size_t least, std::size_t most) const;
  std::vector<std::pair<std::string, Cursor>> members() const;
  std::vector<Cursor> elements() const;

  /// Notes an error for each key that is not among `allowed`, with the nearest one.
  void allow_only(std::initializer_list<std::string_view> allowed) const;
  void allow_only(const std::vector<std::string>& allowed) const;
  /// A member; `required` notes an error when it is missing.
  std::optional<Cursor> optional(std::string_view key) const;
  std::optional<Cursor> required(std::string_view key, std::string_view allowed) const;

 private:
  Cursor(const JsonNode& node, const std::string& file, std::string path,
         std::vector<FileError>& errors)
      : node_(&node), file_(&file), path_(std::move(path)), errors_(&errors) {}
  Cursor child(const JsonNode& node, std::string_view key) const;

  const JsonNode* node_;
  const std::string* file_;
  std::string path_;
  std::vector<FileError>* errors_;
};

}  // namespace claims::storm
