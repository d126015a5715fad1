#pragma once
// Result<T, E>: what can go wrong outside comes back as a value, never as an exception.

#include <boost/system/result.hpp>

namespace claims {

template <class T, class E>
using Result = boost::system::result<T, E>;

}  // namespace claims
