package dev.sluice.testkit;

import dev.sluice.core.address.IpAddress;
import dev.sluice.core.node.Node;
import dev.sluice.core.packet.Bytes;
import dev.sluice.core.packet.Icmp;
import dev.sluice.core.packet.Icmpv6;
import dev.sluice.core.packet.Layer4;
import dev.sluice.core.policy.DropReason;
import dev.sluice.core.topology.Topology.Protocol;
import java.nio.ByteBuffer;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Rules 3 and 10: what a rule with ports lets through, and what one without. */
abstract class ProtocolPolicyContract extends CountedContract {

  private static final int GRE = 47;
  private static final int ESP = 50;
  private static final int UDP_LITE = 136;
  private static final boolean[] FAMILIES = {false, true};

  /** b takes HTTP and DNS from everybody; c takes all from a; nobody else is isolated. */
  private static final String WITH_PORTS =
      PolicyBed.policy(
          "with-ports",
          "b",
          "ingress: [{ports: [{port: 80}, {port: 53, protocol: UDP}, {port: 5000, protocol:"
              + " SCTP}]}]");

  private static final String ALL_PORTS =
      PolicyBed.policy(
              "all-ports",
              "d",
              "ingress: [{ports: [{protocol: TCP}, {protocol: UDP}, {protocol: SCTP}]}]")
          .replace("metadata: {name: all-ports}", "metadata: {name: all-ports, namespace: other}");

  private static final String WITHOUT =
      PolicyBed.policy(
          "without-ports", "c", "ingress: [{from: [{podSelector: {matchLabels: {app: a}}}]}]");

  @Test
  void aProtocolIsTheOneThatARuleNames(Node node) {
    try (PolicyBed bed = policed(node, WITH_PORTS)) {
      for (boolean v6 : FAMILIES) {
        for (Protocol protocol : Protocol.values()) {
          for (int port : new int[] {80, 53, 5000}) {
            String what = protocol + "/" + port;
            boolean passes =
                switch (protocol) {
                  case TCP -> port == 80;
                  case UDP -> port == 53;
                  case SCTP -> port == 5000;
                };
            if (passes) {
              bed.passes(what, "a", "b", v6, bed.opening(protocol, port));
              bed.passes(what, "c", "b", v6, bed.opening(protocol, port));
            } else {
              bed.denies(what, "a", "b", v6, bed.opening(protocol, port));
              bed.denies(what, "c", "b", v6, bed.opening(protocol, port));
            }
          }
        }
      }
      bed.run();
    }
  }

  /** Even where all ports of all protocols are named: what has no ports is not among them. */
  @Test
  void whatHasNoPortsNeedsARuleWithoutPorts(Node node) {
    try (PolicyBed bed = policed(node, WITH_PORTS, ALL_PORTS, WITHOUT)) {
      for (boolean v6 : FAMILIES) {
        for (String closed : new String[] {"b", "d"}) {
          bed.denies("echo", "a", closed, v6, bed.echo(v6));
          bed.denies("GRE", "a", closed, v6, gre(bed));
          bed.denies("ESP", "a", closed, v6, opaque(bed, ESP));
          bed.denies("UDP-Lite", "a", closed, v6, opaque(bed, UDP_LITE));
        }
        bed.passes("echo", "a", "c", v6, bed.echo(v6));
        bed.passes("GRE", "a", "c", v6, gre(bed));
        bed.passes("TCP", "a", "c", v6, bed.syn(81));
        bed.passes("UDP", "a", "c", v6, bed.datagram(82));
        bed.passes("SCTP", "a", "c", v6, bed.init(83));
        bed.denies("echo", "b", "c", v6, bed.echo(v6));
        bed.denies("GRE", "b", "c", v6, gre(bed));
      }
      bed.denies("timestamp request", "a", "b", false, icmp(bed, 13));
      bed.denies("router solicitation of IPv4", "a", "b", false, icmp(bed, 10));
      bed.denies("node information query", "a", "b", true, icmpv6(bed, 139));
      bed.passes("timestamp request", "a", "c", false, icmp(bed, 13));
      bed.passes("node information query", "a", "c", true, icmpv6(bed, 139));
      bed.run();
    }
  }

  /**
   * Rule 9: discovery and listener messages pass whatever policy says, so none of them may be
   * anything else: not unicast, not beyond the link, not to whom policy allows either.
   */
  @Test
  void whatPolicyDoesNotJudgeCarriesNothingElse(Node node) {
    try (PolicyBed bed = policed(node, WITH_PORTS, ALL_PORTS, WITHOUT)) {
      for (String to : new String[] {"b", "c", "d"}) {
        for (int type : new int[] {131, 132, 143}) {
          bed.drops(DropReason.MULTICAST, "MLD " + type, "a", to, true, icmpv6(bed, type));
        }
        for (int type : new int[] {133, 135, 136}) {
          bed.drops(DropReason.SPOOFED_ND, "ND " + type, "a", to, true, icmpv6(bed, type));
        }
        bed.drops(
            DropReason.SPOOFED_ND,
            "a neighbour solicitation that has been routed",
            "a",
            to,
            true,
            Icmpv6.solicitation(IpAddress.parse("fd00:0:0:99::" + bed.number())));
      }
      bed.run();
    }
  }

  /** RFC 2890: with a key, which looks as if it were a port. */
  private static Layer4 gre(PolicyBed bed) {
    return new Layer4.Opaque(
        GRE,
        Bytes.of(
            ByteBuffer.allocate(16)
                .putInt(0x20000800)
                .putShort((short) 0)
                .putShort((short) 80)
                .putLong(bed.number())
                .array()));
  }

  /** With 80 where TCP has its destination port. */
  private static Layer4 opaque(PolicyBed bed, int protocol) {
    return new Layer4.Opaque(
        protocol,
        Bytes.of(
            ByteBuffer.allocate(16)
                .putShort((short) 7)
                .putShort((short) 80)
                .putInt(16)
                .putLong(bed.number())
                .array()));
  }

  private static Layer4 icmp(PolicyBed bed, int type) {
    return new Icmp(
        type, 0, bed.number(), Bytes.ofText("some message of ICMP"), OptionalInt.empty());
  }

  private static Layer4 icmpv6(PolicyBed bed, int type) {
    return new Icmpv6(
        type, 0, bed.number(), Bytes.ofText("some message of ICMPv6"), OptionalInt.empty());
  }

  /** A checksum that is wrong makes no new protocol of it: whoever gets it may judge. */
  @Test
  void aWrongChecksumOpensNothing(Node node) {
    try (PolicyBed bed = policed(node, WITH_PORTS)) {
      for (boolean v6 : FAMILIES) {
        bed.denies("TCP", "a", "b", v6, bed.syn(81).withChecksum(0x1234));
        bed.denies("UDP", "a", "b", v6, bed.datagram(81).withChecksum(0x1234));
        bed.denies("SCTP", "a", "b", v6, bed.init(80).withChecksum(0x12345678));
      }
      bed.run();
    }
  }
}
