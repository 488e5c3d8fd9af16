package dev.sluice.backend.ebpf;

import static dev.sluice.backend.ebpf.ProgramCases.*;

import dev.sluice.backend.ebpf.ProgramCases.Case;
import dev.sluice.backend.ebpf.ProgramCases.Sent;
import dev.sluice.bpf.lib.BpfProgram.TestResult;
import dev.sluice.core.address.IpAddress;
import dev.sluice.core.packet.Bytes;
import dev.sluice.core.packet.Ethernet;
import dev.sluice.core.packet.ExtensionHeader;
import dev.sluice.core.packet.Icmp;
import dev.sluice.core.packet.Icmpv6;
import dev.sluice.core.packet.Ipv4;
import dev.sluice.core.packet.Ipv6;
import dev.sluice.core.packet.Layer3;
import dev.sluice.core.packet.Layer4;
import dev.sluice.core.packet.Sctp;
import dev.sluice.core.packet.Tcp;
import dev.sluice.core.packet.Udp;
import dev.sluice.core.policy.DropReason;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What endpoints send: where it goes, and what policy says of it. */
class FromEndpointTest extends ProgramTable {

  private static final Bytes TEXT = Bytes.ofText("echo");
  private static final ExtensionHeader HOPS =
      ExtensionHeader.Options.padding(ExtensionHeader.HOP_BY_HOP);
  private static final ExtensionHeader OPTIONS =
      ExtensionHeader.Options.padding(ExtensionHeader.DESTINATION_OPTIONS);

  @Override
  protected TestResult run(ProgramBed on, String place, byte[] frame) {
    return on.fromEndpoint(place, "eth0", frame);
  }

  /** To a neighbour it goes as it is, to another network routed, and else to the node. */
  static List<Case> ways() {
    List<Case> out = new ArrayList<>();
    for (boolean v4 : new boolean[] {true, false}) {
      IpAddress a = v4 ? A4 : A6;
      IpAddress b = v4 ? B4 : B6;
      IpAddress c = v4 ? C4 : C6;
      for (Layer4 payload : openings(v4)) {
        String what = payload.getClass().getSimpleName() + (v4 ? " by IPv4" : " by IPv6");
        Ethernet near = frame(A, B, a, b, payload);
        Ethernet far = frame(A, RED, a, c, payload);
        Ethernet out6 = frame(A, RED, a, v4 ? WORLD4 : WORLD6, payload);
        out.add(passes(what + " to a neighbour", "a", near));
        out.add(redirects(what + " to another network", "a", far, routed(far, BLUE, C)));
        out.add(passes(what + " to the world", "a", out6));
        out.add(passes(what + " to the gateway", "a", frame(A, RED, a, v4 ? RED4 : RED6, payload)));
        Ethernet round = frame(A, RED, a, b, payload);
        out.add(redirects(what + " round by the gateway", "a", round, routed(round, RED, B)));
      }
    }
    Ethernet last = frame(A, RED, Ipv4.of(A4, C4, udp(9)).withTtl(1));
    Ethernet last6 = frame(A, RED, Ipv6.of(A6, C6, udp(9)).withHopLimit(1));
    Ethernet two = frame(A, RED, Ipv4.of(A4, C4, udp(9)).withTtl(2));
    Ethernet long4 = frame(A, RED, A4, C4, Udp.of(port(), 9, Bytes.ofHex("77".repeat(1300))));
    Ethernet behind = frame(A, RED, Ipv6.of(A6, C6, udp(9)).withExtensions(HOPS, OPTIONS));
    Ethernet options = frame(A, RED, Ipv4.of(A4, C4, udp(9)).withOptions(Bytes.ofHex("01010101")));
    out.add(passes("at its last hop, for the node to say so", "a", last));
    out.add(passes("at its last hop, IPv6", "a", last6));
    out.add(
        passes(
            "from a link-local address, for the node to say that it stays here",
            "a",
            frame(A, RED, A_LINK, C6, udp(9))));
    out.add(
        passes(
            "to a link-local address by the gateway, alike",
            "a",
            frame(A, RED, A6, B_LINK, udp(9))));
    out.add(redirects("at its last hop but one", "a", two, routed(two, BLUE, C)));
    out.add(passes("too large for blue, for the node to say so", "a", long4));
    out.add(redirects("behind extension headers", "a", behind, routed(behind, BLUE, C)));
    out.add(redirects("with options", "a", options, routed(options, BLUE, C)));
    out.add(passes("to itself by the gateway is routed", "d", frame(D, RED, D4, RED4, udp(9))));
    // Checksums at the ends of their range: one less in the hop limit carries round.
    for (int id = 0; id < 0x10000; id += 0x0fff) {
      Ipv4 packet =
          new Ipv4(A4, C4, 0, id, false, false, 0, 64, Bytes.EMPTY, udp(9), OptionalInt.empty());
      Ethernet frame = frame(A, RED, packet);
      out.add(redirects("with id " + id, "a", frame, routed(frame, BLUE, C)));
    }
    return out;
  }

  private static List<Layer4> openings(boolean v4) {
    return List.of(syn(80), udp(53), Sctp.init(port(), 80, 1), echo(v4), gre());
  }

  static List<Case> judged() {
    List<Case> out = new ArrayList<>();
    for (boolean v4 : new boolean[] {true, false}) {
      IpAddress a = v4 ? A4 : A6;
      IpAddress b = v4 ? B4 : B6;
      IpAddress s = v4 ? S4 : S6;
      IpAddress t = v4 ? T4 : T6;
      IpAddress c = v4 ? C4 : C6;
      String by = v4 ? ", IPv4" : ", IPv6";
      Ethernet far = frame(T, C, t, c, gre());
      out.addAll(
          List.of(
              passes("to a port that is open" + by, "a", frame(A, S, a, s, syn(80))),
              passes("to the last of the range" + by, "a", frame(A, S, a, s, syn(82))),
              denied("to the one after" + by, "a", frame(A, S, a, s, syn(83))),
              denied("to the one before" + by, "a", frame(A, S, a, s, syn(79))),
              denied("to its UDP port" + by, "a", frame(A, S, a, s, udp(80))),
              denied("to its SCTP port" + by, "a", frame(A, S, a, s, Sctp.init(port(), 80, 1))),
              denied("of another" + by, "b", frame(B, S, b, s, syn(80))),
              passes("to what is open to all" + by, "b", frame(B, S, b, s, udp(53))),
              denied("an echo" + by, "a", frame(A, S, a, s, echo(v4))),
              denied("GRE" + by, "a", frame(A, S, a, s, gre())),
              denied("round by the gateway" + by, "b", frame(B, RED, b, s, syn(80))),
              denied(
                  "a segment without a flow" + by,
                  "b",
                  frame(B, S, b, s, segment(port(), 80, Tcp.ACK))),
              denied(
                  "a reply without a flow" + by,
                  "b",
                  frame(B, S, b, s, segment(80, port(), Tcp.SYN | Tcp.ACK))),
              passes("of t, to whom it may" + by, "t", far),
              denied("of t, to whom it may not" + by, "t", frame(T, BLUE, t, b, udp(9))),
              denied(
                  "of t, to the gateway" + by,
                  "t",
                  frame(T, BLUE, t, v4 ? ip("10.0.2.1") : ip("fd00:0:0:2::1"), udp(9))),
              passes("s may send" + by, "s", frame(S, A, s, a, udp(9)))));
    }
    // A port that is published leads to an endpoint, and is judged by what that one is asked.
    for (boolean v4 : new boolean[] {true, false}) {
      IpAddress t = v4 ? T4 : T6;
      IpAddress gateway = v4 ? ip("10.0.2.1") : ip("fd00:0:0:2::1");
      IpAddress world = v4 ? WORLD4 : WORLD6;
      String by = v4 ? ", IPv4" : ", IPv6";
      out.addAll(
          List.of(
              passes("to a published port" + by, "t", frame(T, BLUE, t, gateway, syn(8080))),
              denied("to another port" + by, "t", frame(T, BLUE, t, gateway, syn(8081))),
              denied("to its number by UDP" + by, "t", frame(T, BLUE, t, gateway, udp(8080))),
              denied("to its number elsewhere" + by, "t", frame(T, BLUE, t, world, syn(8080)))));
    }
    // It leads nowhere from and to link-local addresses.
    for (IpAddress to : List.of(ip("fd00:0:0:2::1"), WORLD6, BLUE_LINK)) {
      out.add(denied("to its number at " + to, "t", frame(T, BLUE, T_LINK, to, syn(8080))));
    }
    out.add(denied("to its number there", "t", frame(T, BLUE, T6, BLUE_LINK, syn(8080))));
    out.add(passes("of t, to a block", "t", frame(T, BLUE, T4, WORLD4, syn(443))));
    out.add(denied("of t, to another port of it", "t", frame(T, BLUE, T4, WORLD4, syn(444))));
    out.add(denied("of t, behind the block", "t", frame(T, BLUE, T4, ip("203.0.114.0"), syn(443))));
    return out;
  }

  private static Case denied(String what, String place, Ethernet frame) {
    return drops(DropReason.POLICY, what, place, frame);
  }

  /** Flows: what a first frame opens for others. */
  static List<Case> flows() {
    List<Case> out = new ArrayList<>();
    for (boolean v4 : new boolean[] {true, false}) {
      IpAddress a = v4 ? A4 : A6;
      IpAddress s = v4 ? S4 : S6;
      IpAddress c = v4 ? C4 : C6;
      String by = v4 ? ", IPv4" : ", IPv6";
      Ethernet opening = frame(A, S, a, s, syn(80));
      int port = portOf(opening);
      out.add(
          passes("the answer" + by, "s", frame(S, A, s, a, segment(80, port, Tcp.SYN | Tcp.ACK)))
              .after(new Sent("a", opening)));
      out.add(
          passes("not turned round" + by, "s", frame(S, A, s, a, Tcp.syn(80, port, 1)))
              .after(new Sent("a", opening)));
      Ethernet data = routedTo(a, c, port);
      out.add(
          redirects("on an established flow" + by, "a", data, routed(data, BLUE, C))
              .after(established(a, c, port)));
      out.add(
          redirects("on a flow that was just used" + by, "a", data, routed(data, BLUE, C))
              .after(used(a, c, port)));
      out.add(
          redirects(
                  "the answers of it" + by,
                  "c",
                  backFrom(c, a, port),
                  routed(backFrom(c, a, port), RED, A))
              .after(used(a, c, port)));
      Ethernet last = frame(A, RED, hops(data.payload(), 1));
      out.add(passes("at its last hop on it" + by, "a", last).after(used(a, c, port)));
      out.add(
          drops(
                  DropReason.SPOOFED_MAC,
                  "from another MAC on it" + by,
                  "a",
                  frame(STRANGER, RED, data.payload()))
              .after(used(a, c, port)));
      out.add(
          drops(DropReason.MISDIRECTED, "to another MAC on it" + by, "a", to(B, data))
              .after(used(a, c, port)));
      out.add(
          drops(DropReason.SPOOFED_MAC, "by another endpoint on it" + by, "b", data)
              .after(used(a, c, port)));
      Layer4 reply = v4 ? Icmp.echoReply(port, 1, TEXT) : Icmpv6.echoReply(port, 1, TEXT);
      Layer4 request = v4 ? Icmp.echoRequest(port, 1, TEXT) : Icmpv6.echoRequest(port, 1, TEXT);
      Ethernet unasked = frame(S, A, s, a, reply);
      out.add(passes("a reply that nobody asked for" + by, "s", unasked));
      out.add(
          denied("a request after such a reply" + by, "a", frame(A, S, a, s, request))
              .after(new Sent("s", unasked)));
      out.add(
          passes("a reply to a request" + by, "a", frame(A, S, a, s, reply))
              .after(new Sent("s", frame(S, A, s, a, request))));
      Layer4 unreachable =
          v4
              ? Icmp.error(3, 3, 0, Ipv4.of(A4, S4, segment(port, 80, Tcp.ACK)))
              : Icmpv6.error(1, 4, 0, Ipv6.of(A6, S6, segment(port, 80, Tcp.ACK)));
      out.add(
          passes("an error about it" + by, "s", frame(S, A, s, a, unreachable))
              .after(new Sent("a", opening)));
    }
    // An IPv6 packet that looks as one of the IPv4 flow would if it were mapped.
    int port = port();
    Ethernet mapped = mapped(routedTo(A4, C4, port));
    out.add(drops(DropReason.SPOOFED_IP, "mapped addresses", "a", mapped));
    out.add(
        drops(DropReason.SPOOFED_IP, "mapped addresses of a flow that was just used", "a", mapped)
            .after(used(A4, C4, port)));
    return out;
  }

  private static int portOf(Ethernet frame) {
    Layer4 payload =
        frame.payload() instanceof Ipv4 v4 ? v4.payload() : ((Ipv6) frame.payload()).payload();
    return ((Tcp) payload).sourcePort();
  }

  private static Layer3 hops(Layer3 packet, int hops) {
    return packet instanceof Ipv4 v4 ? v4.withTtl(hops) : ((Ipv6) packet).withHopLimit(hops);
  }

  private static Ethernet routedTo(IpAddress a, IpAddress c, int port) {
    return frame(A, RED, a, c, segment(port, 80, Tcp.ACK));
  }

  private static Ethernet backFrom(IpAddress c, IpAddress a, int port) {
    return frame(C, BLUE, c, a, segment(80, port, Tcp.ACK));
  }

  private static Sent[] established(IpAddress a, IpAddress c, int port) {
    return new Sent[] {
      new Sent("a", frame(A, RED, a, c, Tcp.syn(port, 80, 1))),
      new Sent("c", frame(C, BLUE, c, a, segment(80, port, Tcp.SYN | Tcp.ACK))),
      new Sent("a", routedTo(a, c, port))
    };
  }

  /**
   * Established, and used a few times in both directions, so that all is remembered that can be.
   */
  private static Sent[] used(IpAddress a, IpAddress c, int port) {
    List<Sent> out = new ArrayList<>(List.of(established(a, c, port)));
    for (int i = 0; i < 3; i++) {
      out.add(new Sent("a", routedTo(a, c, port)));
      out.add(new Sent("c", backFrom(c, a, port)));
    }
    return out.toArray(Sent[]::new);
  }

  private static Ethernet mapped(Ethernet frame) {
    Ipv4 packet = (Ipv4) frame.payload();
    return frame(
        frame.source(),
        frame.destination(),
        new Ipv6(
            mapped(packet.source()),
            mapped(packet.destination()),
            0,
            0,
            64,
            List.of(),
            packet.payload()));
  }

  private static IpAddress mapped(IpAddress v4) {
    return IpAddress.of(Bytes.ofHex("00".repeat(10) + "ffff" + Bytes.of(v4.bytes())).toArray());
  }

  @ParameterizedTest
  @MethodSource({"ways", "judged", "flows"})
  void whatAnEndpointSends(Case row) {
    check(row);
  }
}
