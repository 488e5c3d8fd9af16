package dev.sluice.core.datapath;

import dev.sluice.core.address.Cidr;
import dev.sluice.core.address.IpAddress;
import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.kernel.Route;
import java.util.Optional;

/** Routes in the few forms that renders use. */
public final class Routes {

  private Routes() {}

  /** {@code destination} is on {@code link}; packets of our own leave with {@code source}. */
  public static Route onLink(
      NetnsRef netns, int table, Cidr destination, String link, IpAddress source) {
    return new Route(netns, table, destination, new Route.OnLink(link, Optional.of(source)));
  }

  /** Everything of a family that no other route of {@code table} takes is refused. */
  public static Route unreachable(NetnsRef netns, int table, boolean v4) {
    return new Route(netns, table, Cidr.any(v4), new Route.Unreachable());
  }
}
