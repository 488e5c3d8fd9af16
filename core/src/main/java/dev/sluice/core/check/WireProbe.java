package dev.sluice.core.check;

import dev.sluice.core.address.IpAddress;
import dev.sluice.core.address.MacAddress;
import dev.sluice.core.datapath.DesiredState;
import dev.sluice.core.netlink.route.LinkMessage;
import dev.sluice.core.netlink.route.RouteSocket;
import dev.sluice.core.node.Node;
import dev.sluice.core.packet.Arp;
import dev.sluice.core.packet.Ethernet;
import dev.sluice.core.packet.MalformedPacketException;
import dev.sluice.core.sys.RawSocket;
import dev.sluice.core.sys.Received;
import dev.sluice.core.topology.Topology.Endpoint;
import dev.sluice.core.topology.Topology.Interface;
import dev.sluice.core.topology.Topology.Network;
import dev.sluice.core.topology.Topology.Subnet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whether the router of a wire answers endpoints as it answers the node. A switch that lets only so
 * many MACs speak at a port, as those of many clouds, cuts off endpoints, and nothing but the
 * missing answer tells of it. So the router is asked by ARP, from the device on the wire: in the
 * device's own name without an address (RFC 5227), and in each endpoint's. No endpoint's namespace
 * is entered; that it gets the answer too changes nothing there.
 */
public final class WireProbe {

  private static final int ETH_P_ALL = 3;
  private static final int ATTEMPTS = 2;
  private static final Duration PATIENCE = Duration.ofMillis(500);
  private static final IpAddress NO_ADDRESS = IpAddress.parse("0.0.0.0");

  /** What the node itself is called among those that ask. */
  private static final String NODE = "";

  private WireProbe() {}

  /**
   * What came of asking one router.
   *
   * @param isThere whether it answered anybody, the node or an endpoint
   * @param unanswered the endpoints that it did not answer
   */
  public record Finding(
      String topology, String device, IpAddress router, boolean isThere, List<String> unanswered) {

    public Finding {
      unanswered = List.copyOf(unanswered);
    }
  }

  /**
   * Asks each router by IPv4 of the wires that a running topology is on; takes a second where one
   * does not answer. Where the node is the gateway, nobody is known to be there. A device that is
   * gone or down is passed over.
   */
  public static List<Finding> of(Node node, DesiredState desired) {
    List<Finding> out = new ArrayList<>();
    for (Network network : desired.topology().networks()) {
      for (Subnet subnet : network.subnets()) {
        if (network.parent().isPresent() && subnet.cidr().isV4() && !subnet.onNode()) {
          node.netns().call(() -> ask(desired, network, subnet.gateway())).ifPresent(out::add);
        }
      }
    }
    return out;
  }

  private static Optional<Finding> ask(DesiredState desired, Network network, IpAddress router) {
    String device = network.parent().orElseThrow();
    Optional<LinkMessage> link;
    try (RouteSocket route = RouteSocket.open()) {
      link = route.link(device).filter(l -> l.isUp() && l.mac().isPresent());
    }
    if (link.isEmpty()) {
      return Optional.empty();
    }
    MacAddress own = link.get().mac().orElseThrow();
    Map<Arp, String> waiting = new LinkedHashMap<>();
    waiting.put(Arp.request(own, NO_ADDRESS, router), NODE);
    waiting.putAll(ofEndpoints(desired, network, router));
    int all = waiting.size();
    try (RawSocket socket = RawSocket.packet(link.get().index(), ETH_P_ALL)) {
      for (int i = 0; i < ATTEMPTS && !waiting.isEmpty(); i++) {
        for (Arp question : waiting.keySet()) {
          Ethernet frame = new Ethernet(Ethernet.BROADCAST, question.senderMac(), question);
          socket.sendTo(frame.encode(), link.get().index());
        }
        await(socket, router, waiting);
      }
    }
    List<String> unanswered = waiting.values().stream().filter(name -> !name.equals(NODE)).toList();
    return Optional.of(
        new Finding(desired.topology().name(), device, router, waiting.size() < all, unanswered));
  }

  private static Map<Arp, String> ofEndpoints(
      DesiredState desired, Network network, IpAddress router) {
    Map<Arp, String> out = new LinkedHashMap<>();
    for (Endpoint endpoint : desired.topology().endpoints()) {
      for (Interface iface : endpoint.interfaces()) {
        if (iface.network().equals(network.name())) {
          iface.addresses().stream()
              .filter(IpAddress::isV4)
              .findFirst()
              .map(ip -> Arp.request(desired.mac(endpoint, iface), ip, router))
              .ifPresent(question -> out.put(question, endpoint.name()));
        }
      }
    }
    return out;
  }

  /** Takes those away who get an answer soon. */
  private static void await(RawSocket socket, IpAddress router, Map<Arp, String> waiting) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!waiting.isEmpty()) {
      Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
      Optional<Received> received = socket.receive(left);
      if (received.isEmpty()) {
        return;
      }
      answer(received.get(), router)
          .ifPresent(arp -> waiting.keySet().removeIf(q -> isAnswer(arp, q)));
    }
  }

  private static boolean isAnswer(Arp answer, Arp question) {
    return answer.targetMac().equals(question.senderMac());
  }

  private static Optional<Arp> answer(Received received, IpAddress router) {
    try {
      return Ethernet.decode(received.data()).payload() instanceof Arp arp
              && arp.operation() == Arp.REPLY
              && arp.senderIp().equals(router)
          ? Optional.of(arp)
          : Optional.empty();
    } catch (MalformedPacketException e) {
      return Optional.empty();
    }
  }
}
