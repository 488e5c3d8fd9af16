package dev.sluice.backend.ebpf;

import dev.sluice.core.datapath.Derived;

/** Numbers for names: the same on every run, and never another's; 0 is nobody's. */
final class Ids {

  private Ids() {}

  static int u32(String... identity) {
    int id = (int) Derived.number(identity);
    // 0 and what maps.h has in the place of a slot.
    return id == 0 || id == -1 ? 1 : id;
  }

  static long u64(String... identity) {
    long id = Derived.number(identity);
    return id == 0 ? 1 : id;
  }
}
