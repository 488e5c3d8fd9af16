package dev.sluice.bench;

import dev.sluice.core.address.Cidr;
import dev.sluice.core.address.IpAddress;
import dev.sluice.core.address.MacAddress;
import dev.sluice.core.datapath.Routes;
import dev.sluice.core.kernel.Address;
import dev.sluice.core.kernel.KernelObject;
import dev.sluice.core.kernel.KernelState;
import dev.sluice.core.kernel.LinkPair;
import dev.sluice.core.kernel.Loopback;
import dev.sluice.core.kernel.Namespace;
import dev.sluice.core.kernel.Neighbour;
import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.kernel.Route;
import dev.sluice.core.kernel.VethPair;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The control that every ratio refers to: two namespaces joined by one veth pair, with nothing on
 * the way. The node itself is the client. Both know each other without asking, as gateways and
 * endpoints of a datapath do. No datapath, for it honours no topology.
 */
final class RawVeth {

  /** The name of the server's namespace in the node. */
  static final String SERVER = "server";

  /** The name of the client's end, in the node. */
  static final String CLIENT_LINK = "veth0";

  private static final int ENDPOINT_MTU = 1500;
  private static final String SERVER_LINK = "eth0";
  private static final MacAddress CLIENT_MAC = MacAddress.parse("02:00:00:00:00:01");
  private static final MacAddress SERVER_MAC = MacAddress.parse("02:00:00:00:00:02");

  private RawVeth() {}

  /** What the node holds, for the addresses and the MTU of {@code pair}. */
  static KernelState render(Pair pair) {
    NetnsRef server = NetnsRef.named(SERVER);
    VethPair veth =
        new VethPair(
            new LinkPair.End(CLIENT_LINK, CLIENT_MAC, pair.mtu(), true),
            Optional.empty(),
            false,
            "sluice raw veth",
            server,
            new LinkPair.End(SERVER_LINK, SERVER_MAC, pair.mtu(), true));
    List<KernelObject> objects =
        List.of(
            new Namespace(SERVER, true),
            new Loopback(server, true),
            veth,
            address(NetnsRef.NODE, CLIENT_LINK, pair.clientAddress()),
            route(NetnsRef.NODE, CLIENT_LINK, pair.serverAddress(), pair.clientAddress()),
            new Neighbour(NetnsRef.NODE, CLIENT_LINK, pair.serverAddress(), SERVER_MAC),
            address(server, SERVER_LINK, pair.serverAddress()),
            route(server, SERVER_LINK, pair.clientAddress(), pair.serverAddress()),
            new Neighbour(server, SERVER_LINK, pair.clientAddress(), CLIENT_MAC));
    return KernelState.of("raw veth", objects);
  }

  /** As many namespaces, each joined to the node by a pair of its own. */
  static KernelState render(int endpoints) {
    List<KernelObject> objects = new ArrayList<>();
    for (int i = 1; i <= endpoints; i++) {
      NetnsRef netns = NetnsRef.named(SERVER + i);
      IpAddress ip = IpAddress.parse("10.0.%d.%d".formatted(i / 256, i % 256));
      String link = "veth" + i;
      objects.add(new Namespace(SERVER + i, true));
      objects.add(new Loopback(netns, true));
      objects.add(
          new VethPair(
              new LinkPair.End(link, MacAddress.derive("node", link), ENDPOINT_MTU, true),
              Optional.empty(),
              false,
              "sluice raw veth",
              netns,
              new LinkPair.End(
                  SERVER_LINK, MacAddress.derive("endpoint", link), ENDPOINT_MTU, true)));
      objects.add(address(netns, SERVER_LINK, ip));
      objects.add(
          new Route(
              NetnsRef.NODE,
              Route.MAIN,
              new Cidr(ip, ip.bits()),
              new Route.OnLink(link, Optional.empty())));
    }
    return KernelState.of("raw veths", objects);
  }

  private static Address address(NetnsRef netns, String link, IpAddress ip) {
    return new Address(netns, link, ip, ip.bits());
  }

  private static Route route(NetnsRef netns, String link, IpAddress to, IpAddress from) {
    return Routes.onLink(netns, Route.MAIN, new Cidr(to, to.bits()), link, from);
  }
}
