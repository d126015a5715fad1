#include "reference-server/chat/room_index.h"

#include <gmock/gmock.h>

namespace claims::server {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(RoomIndex, RoomsOfAKeyRiseAndAreThereOnce) {
  RoomIndex index;
  EXPECT_THAT(index.of_vehicle("12가3456"), IsEmpty());
  index.add_vehicle("12가3456", chat::RoomId{7});
  index.add_vehicle("12가3456", chat::RoomId{7});
  EXPECT_THAT(index.of_vehicle("12가3456"), ElementsAre(7U));
  for (const std::uint64_t room : {9, 3, 9, 7, 8}) {
    index.add_vehicle("12가3456", chat::RoomId{room});
  }
  EXPECT_THAT(index.of_vehicle("12가3456"), ElementsAre(3U, 7U, 8U, 9U));
  EXPECT_THAT(index.of_vehicle("13가3456"), IsEmpty());
  EXPECT_THAT(index.of_insurer("12가3456"), IsEmpty());
}

TEST(RoomIndex, KeysOfEachKindAreApart) {
  RoomIndex index;
  index.add_garage(UserIndex{0}, chat::RoomId{1});
  index.add_garage(UserIndex{5}, chat::RoomId{2});
  index.add_insurer("ins-01", chat::RoomId{2});
  EXPECT_THAT(index.of_garage(UserIndex{0}), ElementsAre(1U));
  EXPECT_THAT(index.of_garage(UserIndex{5}), ElementsAre(2U));
  EXPECT_THAT(index.of_garage(UserIndex{1}), IsEmpty());
  EXPECT_THAT(index.of_insurer("ins-01"), ElementsAre(2U));
}

}  // namespace
}  // namespace claims::server
