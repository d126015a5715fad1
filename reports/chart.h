#pragma once
// Charts of lines as SVG: a wide and a narrow picture of the same, of which the page shows one.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reports/result.h"

namespace claims::report::chart {

struct Tick {
  double at = 0;
  std::string label;
};

/// Round numbers from 0 to at least `most` (of which there is one at 0 even if it is 0), about
/// `wanted` of them, labelled with thousands separators and as many decimals as they need.
std::vector<Tick> round_ticks(double most, int wanted);

/// Moments from 0 to `seconds`, at most about `wanted`, in the unit that time_unit() names.
std::vector<Tick> time_ticks(double seconds, int wanted);
/// s, min or h
Text time_unit(double seconds);

struct Point {
  double x = 0;
  std::optional<double> y;  ///< Nothing: the line has a gap here.
};
struct Line {
  Text name;
  std::string style;  ///< A class of the page's style: "l1" …
  std::vector<Point> points;
};
/// A stretch of the x axis with its name.
struct Band {
  double from = 0, to = 0;
  Text name;
  bool strong = false;
};
struct Limit {
  double y = 0;
  Text name;
};
struct Chart {
  std::string id;  ///< Of the figure on the page.
  Text title;
  Text x_axis, y_axis;  ///< With units.
  double x_most = 1;
  std::vector<Tick> x_ticks, x_ticks_narrow;
  std::vector<Line> lines;
  std::vector<Band> bands;
  std::optional<Limit> limit;
};

/// A <figure> with caption, both pictures and a legend; without any point a sentence in their
/// place.
std::string draw(const Chart& chart);

}  // namespace claims::report::chart
