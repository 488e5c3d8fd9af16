package dev.sluice.bpf.render;

import dev.sluice.core.datapath.Derived;
import dev.sluice.core.topology.Topology.Endpoint;
import dev.sluice.core.topology.Topology.Interface;
import dev.sluice.core.topology.Topology.Network;

/** Numbers for names: the same on every run; 0 is nobody's. */
public final class Ids {

  private Ids() {}

  public static int of(Network network) {
    return u32("network", network.name());
  }

  public static int of(Endpoint endpoint) {
    return u32("endpoint", endpoint.name());
  }

  /** Of the slot of an endpoint's interface. */
  public static int of(Endpoint endpoint, Interface iface) {
    return u32("slot", endpoint.name(), iface.name());
  }

  public static int u32(String... identity) {
    int id = (int) Derived.number(identity);
    // 0 and what maps.h has in the place of a slot.
    return id == 0 || id == -1 ? 1 : id;
  }

  public static long u64(String... identity) {
    long id = Derived.number(identity);
    return id == 0 ? 1 : id;
  }
}
