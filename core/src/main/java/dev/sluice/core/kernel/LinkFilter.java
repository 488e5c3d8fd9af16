package dev.sluice.core.kernel;

import dev.sluice.core.address.MacAddress;

/**
 * Whether a device of the node takes in frames for a MAC address, unicast or multicast, that is not
 * its own: what {@code bridge fdb add MAC dev LINK self} sets. A lease: where somebody else has the
 * device take them in, it is his to end that.
 *
 * @param link a device that was there before us
 */
public record LinkFilter(String link, MacAddress mac, boolean accepted) implements KernelObject {

  @Override
  public Key key() {
    return new Key(Key.Type.LINK_FILTER, NetnsRef.NODE, mac + " on " + link);
  }
}
