package dev.sluice.core.netlink.ethtool;

import dev.sluice.core.netlink.NetlinkConnection;
import dev.sluice.core.netlink.NetlinkObserver;
import java.util.List;
import java.util.Optional;

/** What the devices of one namespace do: that of the thread that opened it. */
public final class EthtoolSocket implements AutoCloseable {

  private static final int NETLINK_GENERIC = 16;

  private final NetlinkConnection connection;

  private EthtoolSocket(NetlinkConnection connection) {
    this.connection = connection;
  }

  /** Connects to the calling thread's namespace. */
  public static EthtoolSocket open() {
    return new EthtoolSocket(NetlinkConnection.open(NETLINK_GENERIC, NetlinkObserver.NONE));
  }

  /**
   * The features of a device that are on, such as {@code tx-tcp-segmentation}, by the kernel's
   * names and in its order; empty if there is no such device, or the kernel does not tell
   * (CONFIG_ETHTOOL_NETLINK).
   */
  public Optional<List<String>> features(String device) {
    return connection
        .get(FamilyMessage.get("ethtool"))
        .map(m -> FamilyMessage.parse(m.payload()).id())
        .flatMap(family -> connection.get(FeaturesMessage.get(family, device)))
        .map(m -> FeaturesMessage.parse(m.payload()).active());
  }

  @Override
  public void close() {
    connection.close();
  }
}
