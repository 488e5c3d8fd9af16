package dev.sluice.core.reconcile;

import dev.sluice.core.kernel.KernelObject;
import dev.sluice.core.kernel.Key;
import dev.sluice.core.kernel.Loopback;
import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.kernel.Sysctl;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Leases as they are stored.
 *
 * @param bootId the boot that the values belong to
 */
record LeaseFile(String bootId, List<Stored> leases) {

  private static final String LOOPBACK_UP = "lo up";

  /**
   * One lease.
   *
   * @param netns empty for the node's own
   * @param what a sysctl's path, or {@link #LOOPBACK_UP}
   */
  record Stored(Optional<String> netns, String what, String old, String ours) {

    private KernelObject object(String value) {
      NetnsRef where = new NetnsRef(netns);
      return what.equals(LOOPBACK_UP)
          ? new Loopback(where, Boolean.parseBoolean(value))
          : new Sysctl(where, what, Optional.empty(), value);
    }
  }

  static LeaseFile of(String bootId, Map<Key, Lease> leases) {
    List<Stored> stored =
        leases.entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(Map.Entry::getValue)
            .map(LeaseFile::store)
            .toList();
    return new LeaseFile(bootId, stored);
  }

  private static Stored store(Lease lease) {
    Optional<String> netns = lease.ours().key().netns().name();
    String what = lease.ours() instanceof Sysctl s ? s.path() : LOOPBACK_UP;
    return new Stored(netns, what, value(lease.old()), value(lease.ours()));
  }

  private static String value(KernelObject object) {
    if (object instanceof Sysctl sysctl) {
      return sysctl.value();
    }
    if (object instanceof Loopback loopback) {
      return Boolean.toString(loopback.up());
    }
    throw new IllegalArgumentException(object.key() + " cannot be leased");
  }

  Map<Key, Lease> toLeases() {
    Map<Key, Lease> out = new HashMap<>();
    for (Stored stored : leases) {
      KernelObject ours = stored.object(stored.ours());
      out.put(ours.key(), new Lease(stored.object(stored.old()), ours));
    }
    return out;
  }
}
