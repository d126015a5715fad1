#pragma once
// TemplateChecker: templates say what their owners set them to (CPC-004-8).
//
// Proves from the template.set and template.delete commands that were sent: the text of a message
// that names a template alone is that template, with the names of the room filled in, of the
// sender's own (an adjuster's insurer's), else for garages of the insurer in charge; an insurer's
// `greeting` and `notice.<state>` are what the server says in its rooms; nobody has a template of
// another owner set, used or shown; templates.list shows what was set, all of it, in order; and
// nobody is refused what is certainly there. What was sent while a template was being changed may
// have either text.
//
// Memory: the last versions of each template.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "simulator/check/reply_view.h"
#include "simulator/check/scene.h"

namespace claims::storm::audit {

class TemplateChecker {
 public:
  explicit TemplateChecker(Scene& scene) : scene_(scene) {}

  /// template.set or template.delete goes out; any command was acknowledged; was refused.
  void sent(const Command& command);
  void acknowledged(const Command& command, const ResultView& result);
  void refused(const Command& command, std::string_view code);
  /// An event of rightful origin was seen for the first time.
  void seen(const Room& room, const EventView& event, const Traced& traced);
  /// What is wrong with the shape of a reply to templates.list, if anything.
  std::optional<std::string> listed(const Ask& ask, const ReplyView& reply);

 private:
  /// By owner and name.
  using Key = std::pair<std::string, std::string>;
  struct Version {
    CommandKey key;
    std::string text, role;
    bool removed = false;
    std::uint64_t sent_tick = 0, known_tick = 0;  ///< 0: not acknowledged yet.
  };
  struct Versions {
    std::vector<Version> all;
    bool forgot = false;  ///< There were too many at a time: nothing is certain.
  };
  /// What a template may be to something sent at a tick and decided by now.
  struct Possible {
    std::vector<const Version*> texts;
    bool none = true;  ///< It may not be there.
  };
  struct Row {
    Key key;
    std::string_view role, text;
  };

  std::string owner_of(UserNumber user) const;
  Possible possible(const Key& key, std::uint64_t tick) const;
  bool may_use(const User& user, const Key& key, const Version& version) const;
  /// Those that the user may use; `none` when it may have none.
  Possible usable(const User& user, const Key& key, std::uint64_t tick) const;
  std::vector<std::string> expanded(const Room& room, const EventView& event, UserNumber sender,
                                    const Possible& possible) const;
  void message(const Room& room, const EventView& event, const Command& command);
  void by_server(const Room& room, const EventView& event, std::uint64_t tick,
                 std::string_view name);
  void judge(const Ask& ask, const Row& row);
  void find_missing(const Ask& ask, const Key& after, const std::vector<Key>& rows, bool ends);
  void tell(std::string_view where, std::string_view ko, std::string_view en);

  Scene& scene_;
  std::map<Key, Versions> templates_;
  std::map<SessionNumber, std::pair<std::string, Key>> last_;
};

}  // namespace claims::storm::audit
