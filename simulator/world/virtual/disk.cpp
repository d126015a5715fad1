#include "simulator/world/virtual/disk.h"

#include <utility>

#include "simulator/world/virtual/disk_state.h"
#include "simulator/world/virtual/disk_vfs.h"

namespace claims::storm {

struct VirtualDisk::Impl {
  Impl(std::string name, const Random& random, std::function<Milliseconds()> wall)
      : state(random.split(0)), vfs(std::move(name), random.split(1), std::move(wall), state) {}

  DiskState state;
  DiskVfs vfs;
};

VirtualDisk::VirtualDisk(std::string vfs_name, const Random& random,
                         std::function<Milliseconds()> wall)
    : impl_(std::make_unique<Impl>(std::move(vfs_name), random, std::move(wall))) {}

VirtualDisk::~VirtualDisk() = default;

const std::string& VirtualDisk::vfs_name() const {
  return impl_->vfs.name();
}

void VirtualDisk::begin_work() {
  impl_->state.begin_work();
  impl_->vfs.counted = {};
}

VirtualDisk::Work VirtualDisk::work_so_far() const {
  return impl_->vfs.counted;
}

VirtualDisk::Work VirtualDisk::end_work() {
  impl_->state.end_work();
  return impl_->vfs.counted;
}

void VirtualDisk::crash() {
  impl_->vfs.crash();
  impl_->state.crash();
}

void VirtualDisk::set_full(bool full) {
  impl_->vfs.set_full(full);
}

void VirtualDisk::fail_next_sync(bool fail) {
  impl_->state.fail_next_sync(fail);
}

std::string VirtualDisk::contents(std::string_view file) const {
  const DiskState::File found = impl_->state.find(file);
  return found == nullptr ? "" : found->bytes().text(0, found->bytes().size());
}

}  // namespace claims::storm
