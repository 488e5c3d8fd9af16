package dev.sluice.core.kernel;

import dev.sluice.core.address.MacAddress;

/**
 * A bridge of the node without spanning tree and without multicast snooping. Its MAC is pinned:
 * left alone it would follow the lowest of its ports and change under its neighbours.
 *
 * @param mtu in bytes; pinned too, else it follows the smallest port
 * @param netfilter whether bridged IP frames pass the node's {@code inet} hooks (br_netfilter);
 *     with false they still do where net.bridge.bridge-nf-call-* says so for all bridges
 * @param alias for people ({@code ip -d link}); no mark
 */
public record Bridge(
    String name, MacAddress mac, int mtu, boolean netfilter, String alias, boolean up)
    implements KernelObject {

  @Override
  public Key key() {
    return Key.link(NetnsRef.NODE, name);
  }
}
