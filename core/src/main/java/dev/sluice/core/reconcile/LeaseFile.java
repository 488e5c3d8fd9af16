package dev.sluice.core.reconcile;

import dev.sluice.core.address.MacAddress;
import dev.sluice.core.kernel.KernelObject;
import dev.sluice.core.kernel.Key;
import dev.sluice.core.kernel.LinkFilter;
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
  private static final String FRAMES = "frames for ";

  /**
   * One lease.
   *
   * @param netns empty for the node's own
   * @param what a sysctl's path, {@link #LOOPBACK_UP}, or {@link #FRAMES} with MAC and device
   */
  record Stored(Optional<String> netns, String what, String old, String ours) {

    private KernelObject object(String value) {
      NetnsRef where = new NetnsRef(netns);
      if (what.startsWith(FRAMES)) {
        String[] words = what.substring(FRAMES.length()).split(" ", 2);
        return new LinkFilter(words[1], MacAddress.parse(words[0]), Boolean.parseBoolean(value));
      }
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
    return new Stored(netns, what(lease.ours()), value(lease.old()), value(lease.ours()));
  }

  private static String what(KernelObject object) {
    if (object instanceof LinkFilter filter) {
      return FRAMES + filter.mac() + " " + filter.link();
    }
    return object instanceof Sysctl sysctl ? sysctl.path() : LOOPBACK_UP;
  }

  private static String value(KernelObject object) {
    if (object instanceof Sysctl sysctl) {
      return sysctl.value();
    }
    if (object instanceof Loopback loopback) {
      return Boolean.toString(loopback.up());
    }
    if (object instanceof LinkFilter filter) {
      return Boolean.toString(filter.accepted());
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
