package dev.sluice.bench;

import dev.sluice.bench.report.Results.Device;
import dev.sluice.core.netlink.ethtool.EthtoolSocket;
import dev.sluice.core.netlink.route.RouteSocket;

/** Reads what an interface is like that packets are measured through. */
public final class DeviceReader {

  private DeviceReader() {}

  /** Of the interface of that name in the calling thread's namespace. */
  public static Device read(String link) {
    try (RouteSocket route = RouteSocket.open();
        EthtoolSocket ethtool = EthtoolSocket.open()) {
      int mtu =
          route
              .link(link)
              .orElseThrow(() -> new IllegalStateException("there is no link " + link))
              .mtu();
      return new Device(mtu, ethtool.features(link));
    }
  }
}
