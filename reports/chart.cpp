#include "reports/chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "reports/html_text.h"

namespace claims::report::chart {
namespace {

using html::both;
using html::escaped;

/// A picture's measures, in units of its view box: pixels where it is shown at its own size.
struct Frame {
  std::string_view style;
  double width = 0, height = 0;
  double left = 0, right = 0, top = 0, bottom = 0;
  int y_ticks = 0;
  double band_name_least = 0;  ///< A narrower band has no room for its name.

  double inner_width() const { return width - left - right; }
  double inner_height() const { return height - top - bottom; }
};

constexpr Frame kWide{"wide", 500, 250, 58, 12, 24, 44, 5, 44};
constexpr Frame kNarrow{"narrow", 340, 230, 50, 10, 24, 44, 4, 40};

class Drawing {
 public:
  Drawing(const Chart& chart, const Frame& frame) : chart_(chart), frame_(frame) {
    double most = chart.limit ? chart.limit->y : 0;
    for (const Line& line : chart.lines) {
      for (const Point& point : line.points) most = std::max(most, point.y.value_or(0));
    }
    y_ticks_ = round_ticks(most, frame.y_ticks);
    y_most_ = y_ticks_.back().at;
  }

  std::string svg() const {
    std::string out = fmt::format(
        "<svg class=\"chart {}\" viewBox=\"0 0 {:.0f} {:.0f}\" role=\"img\" "
        "aria-labelledby=\"{}-title\"><title lang=\"ko\">{}</title><title lang=\"en\">{}</title>\n",
        frame_.style, frame_.width, frame_.height, chart_.id, escaped(chart_.title.ko),
        escaped(chart_.title.en));
    out += bands() + grid() + limit();
    for (const Line& line : chart_.lines) out += path(line);
    return out + "</svg>\n";
  }

 private:
  double x(double value) const {
    const double most = chart_.x_most > 0 ? chart_.x_most : 1;
    return frame_.left + frame_.inner_width() * std::clamp(value / most, 0.0, 1.0);
  }
  double y(double value) const {
    return frame_.top + frame_.inner_height() * (1 - std::clamp(value / y_most_, 0.0, 1.0));
  }
  double floor() const { return frame_.height - frame_.bottom; }

  /// Text in both languages at a place; `anchor`: start, middle, end.
  static std::string text(double at_x, double at_y, std::string_view anchor, const Text& words,
                          std::string_view style = "t") {
    const auto one = [&](std::string_view language, std::string_view word) {
      return fmt::format(R"(<text class="{}"{} x="{:.1f}" y="{:.1f}" text-anchor="{}">{}</text>)",
                         style, language, at_x, at_y, anchor, escaped(word));
    };
    if (words.ko == words.en) return one("", words.ko);
    return one(" lang=\"ko\"", words.ko) + one(" lang=\"en\"", words.en);
  }

  std::string bands() const {
    std::string out;
    for (const Band& band : chart_.bands) {
      const double from = x(band.from), width = x(band.to) - from;
      if (width <= 0) continue;
      out += fmt::format(
          R"(<rect class="band{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>)",
          band.strong ? " strong" : "", from, frame_.top, width, frame_.inner_height());
      if (width >= frame_.band_name_least) {
        out += text(from + width / 2, frame_.top - 7, "middle", band.name, "t small");
      }
    }
    return out + "\n";
  }

  std::string grid() const {
    std::string out;
    for (const Tick& tick : y_ticks_) {
      out += fmt::format(R"(<line class="{}" x1="{:.1f}" x2="{:.1f}" y1="{:.1f}" y2="{:.1f}"/>)",
                         tick.at == 0 ? "axis" : "grid", frame_.left, frame_.width - frame_.right,
                         y(tick.at), y(tick.at));
      out += text(frame_.left - 8, y(tick.at) + 4, "end", {tick.label, tick.label});
    }
    const auto& x_ticks = &frame_ == &kNarrow ? chart_.x_ticks_narrow : chart_.x_ticks;
    for (const Tick& tick : x_ticks) {
      out +=
          fmt::format(R"(<line class="axis" x1="{0:.1f}" x2="{0:.1f}" y1="{1:.1f}" y2="{2:.1f}"/>)",
                      x(tick.at), floor(), floor() + 4);
      // A label at the right edge would be cut.
      constexpr double kHalfLabel = 24;
      const bool at_edge = x(tick.at) + kHalfLabel > frame_.width;
      out += text(at_edge ? frame_.width - 2 : x(tick.at), floor() + 18, at_edge ? "end" : "middle",
                  {tick.label, tick.label});
    }
    out += text(frame_.left + frame_.inner_width() / 2, frame_.height - 6, "middle", chart_.x_axis,
                "t axis-name");
    return out + "\n";
  }

  std::string limit() const {
    if (!chart_.limit) return {};
    const double at = y(chart_.limit->y);
    return fmt::format(R"(<line class="limit" x1="{:.1f}" x2="{:.1f}" y1="{:.1f}" y2="{:.1f}"/>)",
                       frame_.left, frame_.width - frame_.right, at, at) +
           text(frame_.width - frame_.right - 4, at - 5, "end", chart_.limit->name,
                "t limit-name") +
           "\n";
  }

  /// A point between two gaps would be no line: it is drawn as a dot.
  std::string path(const Line& line) const {
    std::string d, dots;
    const auto& points = line.points;
    for (std::size_t i = 0; i < points.size(); ++i) {
      if (!points[i].y) continue;
      const bool after_gap = i == 0 || !points[i - 1].y;
      const bool before_gap = i + 1 == points.size() || !points[i + 1].y;
      const double at_x = x(points[i].x), at_y = y(*points[i].y);
      if (after_gap && before_gap) {
        dots += fmt::format(R"(<circle class="dot {}" cx="{:.1f}" cy="{:.1f}" r="2.2"/>)",
                            line.style, at_x, at_y);
      } else {
        fmt::format_to(std::back_inserter(d), "{}{:.1f} {:.1f}", after_gap ? "M" : "L", at_x, at_y);
      }
    }
    if (!d.empty()) d = fmt::format(R"(<path class="line {}" d="{}"/>)", line.style, d);
    return d + dots + "\n";
  }

  const Chart& chart_;
  const Frame& frame_;
  std::vector<Tick> y_ticks_;
  double y_most_ = 1;
};

bool has_points(const Line& line) {
  return std::any_of(line.points.begin(), line.points.end(),
                     [](const Point& point) { return point.y.has_value(); });
}

std::string legend(const Chart& chart) {
  std::string out = "<ul class=\"legend\">";
  for (const Line& line : chart.lines) {
    if (!has_points(line)) continue;
    out += fmt::format(
        "<li><svg class=\"swatch\" viewBox=\"0 0 30 8\" aria-hidden=\"true\"><path class=\"line "
        "{}\" d=\"M1 4L29 4\"/></svg>{}</li>",
        line.style, both(line.name));
  }
  return out + "</ul>\n";
}

}  // namespace

std::string draw(const Chart& chart) {
  std::string out = fmt::format(
      "<figure class=\"plot\" id=\"{0}\"><figcaption id=\"{0}-title\"><strong>{1}</strong> <span "
      "class=\"unit\">{2}</span></figcaption>\n",
      chart.id, both(chart.title), both(chart.y_axis));
  if (std::none_of(chart.lines.begin(), chart.lines.end(), has_points)) {
    out += html::nothing({"그릴 표본이 없습니다.", "There are no samples to draw."});
  } else {
    out += Drawing(chart, kWide).svg() + Drawing(chart, kNarrow).svg() + legend(chart);
  }
  return out + "</figure>\n";
}

}  // namespace claims::report::chart
