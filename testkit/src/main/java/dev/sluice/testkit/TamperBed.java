package dev.sluice.testkit;

import static dev.sluice.testkit.TamperTopology.ip;

import dev.sluice.core.address.IpAddress;
import dev.sluice.core.address.MacAddress;
import dev.sluice.core.datapath.DesiredState;
import dev.sluice.core.datapath.GatewayRender;
import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.netlink.route.LinkMessage;
import dev.sluice.core.netlink.route.RouteSocket;
import dev.sluice.core.node.Node;
import dev.sluice.core.packet.Bytes;
import dev.sluice.core.packet.Ethernet;
import dev.sluice.core.packet.Icmp;
import dev.sluice.core.packet.Icmpv6;
import dev.sluice.core.packet.Layer3;
import dev.sluice.core.packet.Layer4;
import dev.sluice.core.packet.Udp;
import dev.sluice.core.policy.DropReason;
import dev.sluice.core.sys.RawSocket;
import dev.sluice.core.sys.SyscallException;
import dev.sluice.core.topology.Topology;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** A node where {@link TamperTopology} runs, and a tampers with its interface. */
final class TamperBed implements AutoCloseable {

  /** Scripts as they are. */
  static final UnaryOperator<String> ROOT = UnaryOperator.identity();

  /** What a marks its packets with besides, as if it meant something. */
  private static final int MARK = 0xffffffff;

  private static final NetnsRef A = NetnsRef.named("a");
  private static final Duration NEVER = Duration.ofMillis(300);
  private static final int DISCARD = 9;

  private static final int IPPROTO_RAW = 255;
  private static final int SOL_SOCKET = 1;
  private static final int SO_MARK = 36;
  private static final int SOL_PACKET = 263;
  private static final int PACKET_QDISC_BYPASS = 20;

  private static final int ETHERNET = 1;

  private final Node node;
  private final Wire ofB;
  private final Wire ofD;
  private final MacAddress own;
  private final LinkMessage ofA;
  private final MacAddress gateway;
  private final int gatewayLink;
  private final MacAddress macOfE;
  private final Witnesses others;
  private final Witnesses tamperer;
  private int number;

  TamperBed(Node node) {
    this.node = node;
    try (Wire a = Wire.on(node, A, "eth0");
        Wire ofE = Wire.on(node, NetnsRef.named("e"), "eth0")) {
      this.own = mac(a);
      this.ofA = a.link();
      this.macOfE = mac(ofE);
    }
    Topology topology = TestTopologies.read(TamperTopology.YAML);
    // Asked by ARP it would not answer an ipvlan in mode l3.
    this.gateway = GatewayRender.mac(DesiredState.of(TestTopologies.facts(), topology), "red");
    try (Wire here = Wire.on(node, NetnsRef.NODE, GatewayRender.link(topology, "red"))) {
      this.gatewayLink = here.link().index();
    }
    this.ofB = Wire.on(node, NetnsRef.named("b"), "eth0");
    this.ofD = Wire.on(node, NetnsRef.named("d"), "eth0");
    this.others = Witnesses.ofBoth(node, List.of("b", "c", "d", "e"));
    this.tamperer = Witnesses.ofBoth(node, List.of("a", "e"));
  }

  private static MacAddress mac(Wire wire) {
    return wire.link().mac().orElseThrow();
  }

  /**
   * Does it; whether it could be done.
   *
   * @param privilege what makes a script one that is run as whom it has to be
   */
  boolean tamper(Tampering what, UnaryOperator<String> privilege) {
    if (what.isNeighbourDown()) {
      Shell.in(node, "b", "ip link set eth0 down").orFail();
    }
    what.inNode().ifPresent(script -> Shell.inNode(node, environment() + script).orFail());
    what.accomplice().ifPresent(script -> Shell.in(node, "e", environment() + script));
    return Shell.in(node, A, privilege.apply(environment() + what.script())).status() == 0;
  }

  private String environment() {
    String addresses =
        "export OWN=%s B=%s D=%s GATEWAY=%s".formatted(own, mac(ofB), mac(ofD), gateway);
    return "%s MARK=%s INDEX=%d BEHIND=if%d BEHIND_B=if%d ON_GATEWAY=%d THERE=%d%n"
        .formatted(
            addresses,
            hex(MARK),
            ofA.index(),
            ofA.linkIndex().orElseThrow(),
            ofB.link().linkIndex().orElseThrow(),
            gatewayLink,
            ofA.linkNetnsId().orElseThrow());
  }

  private static String hex(int mark) {
    return "0x" + Integer.toHexString(mark);
  }

  private Layer3 packet(IpAddress from, IpAddress to) {
    number++;
    return GuardBed.packet(
        from, to, Udp.of(DISCARD, DISCARD, Bytes.ofText("tampered packet %d.".formatted(number))));
  }

  /** What a sends reaches nobody whom policy denies to it, whatever it says it is. */
  void assertReachesNobody(boolean isBThere) {
    Batch batch = new Batch();
    for (LinkMessage link : links()) {
      byPacketSockets(batch, link, false);
      byPacketSockets(batch, link, true);
      byXdpSocket(batch, link);
    }
    for (boolean v6 : new boolean[] {false, true}) {
      routed(batch, v6, 0);
      routed(batch, v6, MARK);
      among(batch, isBThere, v6);
    }
    batch.run(others);
  }

  /** What the node sends to a, who need not answer, reaches nobody else by way of a. */
  void assertPassesOnNothing() {
    Batch batch = new Batch();
    for (boolean v6 : new boolean[] {false, true}) {
      number++;
      Bytes text = Bytes.ofText("of the node, packet %d.".formatted(number));
      Layer4 reply = v6 ? Icmpv6.echoReply(1, 1, text) : Icmp.echoReply(1, 1, text);
      Layer3 packet = GuardBed.packet(ip("gateway", v6), ip("a", v6), reply);
      batch.neverSeen("from the node to a, IPv%d".formatted(v6 ? 6 : 4), Batch.mark(packet));
      batch.sends(() -> send(NetnsRef.NODE, v6, 0, packet, ip("a", v6)));
    }
    batch.run(others);
  }

  private void send(NetnsRef netns, boolean v6, int mark, Layer3 packet, IpAddress to) {
    try (RawSocket raw = Shell.call(node, netns, () -> RawSocket.ip(v6, IPPROTO_RAW, true))) {
      raw.setOption(SOL_SOCKET, SO_MARK, mark);
      attempt(() -> raw.sendTo(packet.encode(), to));
    }
  }

  /** What d sends to others gets there, whatever a does. */
  private void among(Batch batch, boolean isBThere, boolean v6) {
    if (isBThere) {
      Layer3 there = packet(ip("d", v6), ip("b", v6));
      batch.passes(
          "d to b", Set.of("b"), Batch.mark(there), () -> ofD.send(frame(ofD, mac(ofB), there)));
    }
    Layer3 routed = packet(ip("d", v6), ip("c", v6));
    batch.passes(
        "d to c", Set.of("c"), Batch.mark(routed), () -> ofD.send(frame(ofD, gateway, routed)));
  }

  private static Ethernet frame(Wire from, MacAddress to, Layer3 packet) {
    return new Ethernet(to, mac(from), packet);
  }

  /** All Ethernet devices that a has got. */
  private List<LinkMessage> links() {
    return Shell.call(
        node,
        A,
        () -> {
          try (RouteSocket route = RouteSocket.open()) {
            return route.links().stream()
                .filter(l -> l.hardwareType() == ETHERNET && l.isUp() && l.mac().isPresent())
                .toList();
          }
        });
  }

  /** What is sent at once, by one family and with one mark. */
  private record Volley(int mark, List<Ethernet> frames) {}

  private void byPacketSockets(Batch batch, LinkMessage link, boolean bypass) {
    for (Volley volley : volleys(batch, link, bypass ? ", past qdiscs" : "")) {
      batch.sends(
          () -> {
            try (RawSocket socket = Shell.call(node, A, () -> RawSocket.packet(link.index(), 0))) {
              socket.setOption(SOL_PACKET, PACKET_QDISC_BYPASS, bypass ? 1 : 0);
              socket.setOption(SOL_SOCKET, SO_MARK, volley.mark);
              for (Ethernet frame : volley.frames) {
                attempt(() -> socket.sendTo(frame.encode(), link.index()));
              }
            }
          });
    }
  }

  private void byXdpSocket(Batch batch, LinkMessage link) {
    List<Volley> volleys = volleys(batch, link, ", by AF_XDP");
    batch.sends(
        () ->
            attempt(
                () -> {
                  try (XdpSocket socket = Shell.call(node, A, () -> XdpSocket.on(link.index()))) {
                    for (Volley volley : volleys) {
                      socket.setOption(SOL_SOCKET, SO_MARK, volley.mark);
                      attempt(() -> socket.send(encoded(volley.frames)));
                    }
                  }
                }));
  }

  private static List<byte[]> encoded(List<Ethernet> frames) {
    return frames.stream().map(Ethernet::encode).toList();
  }

  private List<Volley> volleys(Batch batch, LinkMessage link, String how) {
    List<Volley> out = new ArrayList<>();
    for (boolean v6 : new boolean[] {false, true}) {
      out.add(volley(batch, link, v6, how, 0));
      out.add(volley(batch, link, v6, how, MARK));
    }
    return out;
  }

  private Volley volley(Batch batch, LinkMessage link, boolean v6, String how, int mark) {
    IpAddress a = ip("a", v6);
    IpAddress b = ip("b", v6);
    IpAddress c = ip("c", v6);
    IpAddress d = ip("d", v6);
    IpAddress e = ip("e", v6);
    MacAddress group = MacAddress.parse(v6 ? "33:33:00:00:00:01" : "01:00:5e:00:00:01");
    List<Ethernet> frames = new ArrayList<>();
    frames.add(new Ethernet(mac(ofB), own, packet(a, b)));
    frames.add(new Ethernet(macOfE, own, packet(a, e)));
    frames.add(new Ethernet(gateway, own, packet(a, c)));
    frames.add(new Ethernet(mac(ofB), own, packet(d, b)));
    frames.add(new Ethernet(mac(ofB), mac(ofD), packet(d, b)));
    frames.add(new Ethernet(mac(ofB), gateway, packet(d, b)));
    frames.add(new Ethernet(gateway, mac(ofD), packet(d, c)));
    frames.add(new Ethernet(mac(ofD), mac(ofB), packet(b, d)));
    frames.add(new Ethernet(mac(ofB), link.mac().orElseThrow(), packet(d, b)));
    frames.add(new Ethernet(mac(ofB), gateway, packet(ip("gateway", v6), b)));
    frames.add(new Ethernet(mac(ofD), gateway, packet(ip("gateway", v6), d)));
    for (MacAddress many : List.of(Ethernet.BROADCAST, group)) {
      frames.add(new Ethernet(many, own, packet(a, b)));
      frames.add(new Ethernet(many, own, packet(a, e)));
      frames.add(new Ethernet(many, mac(ofD), packet(d, b)));
    }
    for (Ethernet frame : frames) {
      batch.neverSeen(
          "%s to %s by %s, IPv%d%s, mark %s"
              .formatted(
                  frame.source(), frame.destination(), link.name(), v6 ? 6 : 4, how, hex(mark)),
          Batch.mark(frame.payload()));
    }
    return new Volley(mark, frames);
  }

  /** By the kernel of a, with the routes that there are. */
  private void routed(Batch batch, boolean v6, int mark) {
    for (String from : List.of("a", "d")) {
      for (String to : List.of("b", "c", "e")) {
        Layer3 packet = packet(ip(from, v6), ip(to, v6));
        batch.neverSeen(
            "routed from %s to %s, IPv%d, mark %s".formatted(from, to, v6 ? 6 : 4, hex(mark)),
            Batch.mark(packet));
        batch.sends(() -> send(A, v6, mark, packet, ip(to, v6)));
      }
    }
  }

  private static void attempt(Runnable send) {
    try {
      send.run();
    } catch (SyscallException e) {
      // There is no way, or no room: it has not been sent.
    }
  }

  /** What others send to each other is heard by none of those that have tampered. */
  void assertHearsNothing() {
    Batch batch = new Batch();
    for (boolean v6 : new boolean[] {false, true}) {
      hears(batch, ofD, mac(ofB), packet(ip("d", v6), ip("b", v6)));
      hears(batch, ofD, gateway, packet(ip("d", v6), ip("c", v6)));
      hears(batch, ofB, mac(ofD), packet(ip("b", v6), ip("d", v6)));
      // For others by way of a.
      hears(batch, ofD, own, packet(ip("d", v6), ip("b", v6)));
    }
    batch.run(tamperer);
  }

  private static void hears(Batch batch, Wire from, MacAddress to, Layer3 packet) {
    batch.neverSeen("to " + to + " from " + mac(from), Batch.mark(packet));
    batch.sends(() -> attempt(() -> from.send(frame(from, to, packet))));
  }

  /**
   * What a sends by AF_XDP is judged, whatever it has done to its interface's egress; another frame
   * does not come that far.
   *
   * @param counts how many the datapath has dropped
   */
  void assertXdpIsJudged(Supplier<Counts> counts) {
    Batch batch = new Batch();
    List<Ethernet> frames = new ArrayList<>();
    for (boolean v6 : new boolean[] {false, true}) {
      Ethernet denied = new Ethernet(mac(ofB), own, packet(ip("a", v6), ip("b", v6)));
      Ethernet forged = new Ethernet(mac(ofB), own, packet(ip("d", v6), ip("b", v6)));
      Ethernet ordinary = new Ethernet(mac(ofB), own, packet(ip("a", v6), ip("b", v6)));
      batch.drops(DropReason.POLICY, "denied", Batch.mark(denied.payload()), () -> {});
      batch.drops(DropReason.SPOOFED_IP, "forged", Batch.mark(forged.payload()), () -> {});
      batch.neverSeen("ordinary", Batch.mark(ordinary.payload()));
      batch.sends(
          () -> {
            try (Wire a = Wire.on(node, A, "eth0")) {
              attempt(() -> a.send(ordinary));
            }
          });
      frames.addAll(List.of(denied, forged));
    }
    batch.sends(() -> sendByXdp(frames));
    batch.run(others, counts);
  }

  private void sendByXdp(List<Ethernet> frames) {
    try (XdpSocket socket = Shell.call(node, A, () -> XdpSocket.on(ofA.index()))) {
      socket.send(encoded(frames));
    }
  }

  /** Whether what a sends by AF_XDP still reaches whom it may. */
  boolean isConnectedByXdp() {
    Ethernet frame = new Ethernet(mac(ofD), own, packet(ip("a", false), ip("d", false)));
    sendByXdp(List.of(frame));
    return ofD.await(seen -> seen.payload().equals(frame.payload()), NEVER).isPresent();
  }

  /** Whether a still reaches whom it may. */
  boolean isConnected() {
    return Contract.vainPing(node, A, "", ip("d", false).toString()).status() == 0;
  }

  @Override
  public void close() {
    others.close();
    tamperer.close();
    ofB.close();
    ofD.close();
  }
}
