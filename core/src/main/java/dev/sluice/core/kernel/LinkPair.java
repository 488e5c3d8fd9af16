package dev.sluice.core.kernel;

import dev.sluice.core.address.MacAddress;
import java.util.Set;
import java.util.TreeSet;

/**
 * Two links that are born and die together: what one sends the other receives. The near end is in
 * the node, and is what we recognise the pair by: a workload cannot write there.
 */
public sealed interface LinkPair extends KernelObject permits VethPair, NetkitPair {

  /** One end of a pair; {@code mtu} in bytes. */
  record End(String name, MacAddress mac, int mtu, boolean up) {}

  End near();

  /** Of the near end, for people. */
  String alias();

  /** Where the far end is. */
  NetnsRef farNetns();

  End far();

  @Override
  default Key key() {
    return Key.link(NetnsRef.NODE, near().name());
  }

  @Override
  default Set<Key> provides() {
    return Set.of(key(), Key.link(farNetns(), far().name()));
  }

  @Override
  default Set<Key> needs() {
    Set<Key> needs = new TreeSet<>();
    farNetns().name().ifPresent(n -> needs.add(Key.namespace(n)));
    return needs;
  }
}
