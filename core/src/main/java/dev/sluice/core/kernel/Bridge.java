package dev.sluice.core.kernel;

import dev.sluice.core.address.MacAddress;

/**
 * A bridge of the node without spanning tree and without multicast snooping. Its MAC is pinned:
 * left alone it would follow the lowest of its ports and change under its neighbours.
 *
 * @param mtu in bytes; pinned too, else it follows the smallest port
 * @param alias for people ({@code ip -d link}); no mark
 */
public record Bridge(String name, MacAddress mac, int mtu, String alias, boolean up)
    implements KernelObject {

  @Override
  public Key key() {
    return Key.link(NetnsRef.NODE, name);
  }
}
