package dev.sluice.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.node.Node;
import dev.sluice.core.packet.Bytes;
import dev.sluice.core.packet.Icmp;
import dev.sluice.core.packet.Icmpv6;
import dev.sluice.core.packet.Ipv4;
import dev.sluice.core.packet.Ipv6;
import dev.sluice.core.packet.Layer3;
import dev.sluice.core.packet.Sctp;
import dev.sluice.core.packet.Tcp;
import dev.sluice.core.packet.Udp;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Rule 7: replies and related errors pass, and nothing else on their account. */
abstract class ReplyContract extends CountedContract {

  private static final boolean[] FAMILIES = {false, true};
  private static final String A = "a";
  private static final String B = "b";
  private static final String C = "c";
  private static final int BULK = 4 << 20;

  /** Nobody may begin anything with a. */
  private static final String CLOSED = PolicyBed.policy("closed", A, "policyTypes: [Ingress]");

  /** Everything is denied to and from an endpoint but TCP and UDP to higher ports. */
  private static String transportOnly(String app) {
    String ports =
        "[{ports: [{port: 1024, endPort: 65535}, {port: 1024, endPort: 65535, protocol: UDP}]}]";
    return PolicyBed.policy(
        "transport-" + app, app, "ingress: %1$s, egress: %1$s".formatted(ports));
  }

  @Test
  void anEchoRequestDoesNotRideOnAReplysEntry(Node node) {
    try (PolicyBed bed = policed(node, CLOSED)) {
      for (boolean v6 : FAMILIES) {
        Bytes data = bed.text();
        bed.isAnswered("echo", A, B, v6, PolicyBed.echo(v6, 77, data), data);
      }
      bed.run();
      for (boolean v6 : FAMILIES) {
        bed.denies("same identifier", B, A, v6, PolicyBed.echo(v6, 77, bed.text()));
        bed.denies("other identifier", B, A, v6, PolicyBed.echo(v6, 78, bed.text()));
        bed.denies("reply to nothing", B, A, v6, PolicyBed.echoReply(v6, 79, bed.text()));
        bed.denies("reply of another", C, A, v6, PolicyBed.echoReply(v6, 77, bed.text()));
        bed.passes("reply", B, A, v6, PolicyBed.echoReply(v6, 77, bed.text()));
      }
      bed.run();
    }
  }

  @Test
  void aDatagramAndItsAnswerAreOneFlow(Node node) {
    try (PolicyBed bed = policed(node, CLOSED)) {
      for (boolean v6 : FAMILIES) {
        bed.passes("question", A, B, v6, bed.datagram(5000, 53));
      }
      bed.run();
      for (boolean v6 : FAMILIES) {
        bed.passes("answer", B, A, v6, bed.datagram(53, 5000));
        bed.denies("to another port", B, A, v6, bed.datagram(53, 5001));
        bed.denies("from another port", B, A, v6, bed.datagram(54, 5000));
        bed.denies("from another endpoint", C, A, v6, bed.datagram(53, 5000));
      }
      bed.run();
    }
  }

  @Test
  void anSctpAssociationIsAnswered(Node node) {
    try (PolicyBed bed = policed(node, CLOSED)) {
      for (boolean v6 : FAMILIES) {
        bed.passes("INIT", A, B, v6, Sctp.init(client(v6), 7, 0x5ca1ab1e));
      }
      bed.run();
      for (boolean v6 : FAMILIES) {
        bed.passes("INIT ACK", B, A, v6, initAck(7, client(v6)));
        bed.denies("INIT ACK to nothing", B, A, v6, initAck(8, client(v6)));
        bed.denies("INIT", B, A, v6, Sctp.init(9, client(v6), 0x5ca1ab1e));
      }
      bed.run();
    }
  }

  /**
   * A port of its own for each family: nothing else tells an INIT of one from that of the other.
   */
  private static int client(boolean v6) {
    return v6 ? 5006 : 5004;
  }

  /** RFC 9260, section 3.3.3: as an INIT, with the peer's tag in the header. */
  private static Sctp initAck(int from, int to) {
    byte[] chunk = Sctp.init(from, to, 0x0acce55e).chunks().toArray();
    chunk[0] = 2;
    return new Sctp(from, to, 0x5ca1ab1e, Bytes.of(chunk), OptionalInt.empty());
  }

  /** b has nobody at the port, and says so by itself. */
  @Test
  void aClosedPortIsTold(Node node) {
    try (PolicyBed bed = policed(node, transportOnly(A), transportOnly(B))) {
      for (boolean v6 : FAMILIES) {
        Udp question = bed.datagram(2000);
        bed.isAnswered("datagram", A, B, v6, question, question.payload());
      }
      bed.run();
    }
  }

  @Test
  void errorsAboutAFlowPassAndOthersAreJudged(Node node) {
    try (PolicyBed bed = policed(node, transportOnly(A))) {
      Map<Boolean, Udp> flows = Map.of(false, bed.datagram(2000), true, bed.datagram(2000));
      flows.forEach((v6, flow) -> bed.passes("flow", A, B, v6, flow));
      bed.run();
      Udp none = Udp.of(3333, 3334, Bytes.ofText("nobody sent this"));
      for (int[] error : new int[][] {{3, 0}, {3, 1}, {3, 3}, {3, 4}, {11, 0}, {12, 0}}) {
        String what = "type %d, code %d".formatted(error[0], error[1]);
        Ipv4 about = (Ipv4) PolicyBed.packet(A, B, false, flows.get(false));
        bed.passes(what, B, A, false, icmp(bed, error, about));
        Ipv4 nothing = (Ipv4) PolicyBed.packet(A, B, false, none);
        bed.denies(what + ", about nothing", B, A, false, icmp(bed, error, nothing));
      }
      for (int[] error : new int[][] {{1, 0}, {1, 4}, {2, 0}, {3, 0}, {4, 1}}) {
        String what = "type %d, code %d".formatted(error[0], error[1]);
        Ipv6 about = (Ipv6) PolicyBed.packet(A, B, true, flows.get(true));
        bed.passes(what, B, A, true, icmpv6(bed, error, about));
        Ipv6 nothing = (Ipv6) PolicyBed.packet(A, B, true, none);
        bed.denies(what + ", about nothing", B, A, true, icmpv6(bed, error, nothing));
      }
      bed.run();
    }
  }

  private static Icmp icmp(PolicyBed bed, int[] error, Ipv4 about) {
    return Icmp.error(error[0], error[1], 1200 + bed.number(), about);
  }

  private static Icmpv6 icmpv6(PolicyBed bed, int[] error, Ipv6 about) {
    return Icmpv6.error(error[0], error[1], 1280 + bed.number(), about);
  }

  /** Network blue is narrower than red: 1280 bytes. */
  @Test
  void aPacketThatIsTooLargeIsToldUnderDefaultDeny(Node node) {
    try (PolicyBed bed = policed(node, transportOnly(A), transportOnly(C))) {
      for (boolean v6 : FAMILIES) {
        Udp large =
            Udp.of(bed.sourcePort(), 2000, Bytes.ofText(("large, " + v6 + ". ").repeat(100)));
        Layer3 packet = PolicyBed.packet(A, C, v6, large);
        Bytes header = Batch.mark(packet).slice(0, 16);
        bed.passes(
            "too large, IPv6 " + v6,
            Set.of(A),
            header,
            A,
            packet instanceof Ipv4 v4 ? v4.withDontFragment() : packet);
      }
      bed.run();
      Conversation conversation = new Conversation(node);
      for (boolean v6 : FAMILIES) {
        assertThat(
                conversation.tcp(
                    NetnsRef.named(A), NetnsRef.named(C), PolicyBed.address(C, v6), BULK))
            .isEqualTo(PolicyBed.address(A, v6));
        conversation.tcp(NetnsRef.named(C), NetnsRef.named(A), PolicyBed.address(A, v6), BULK);
        assertThat(conversation.udp(NetnsRef.named(A), NetnsRef.named(C), PolicyBed.address(C, v6)))
            .isTrue();
      }
    }
  }

  /** Sequence numbers are not judged, and neither is how a connection begins. */
  @Test
  void aSegmentWithoutAConnectionIsJudgedAsNew(Node node) {
    String web =
        PolicyBed.policy(
            "web",
            B,
            "ingress: [{from: [{podSelector: {matchLabels: {app: a}}}], ports: [{port: 80}]}]");
    try (PolicyBed bed = policed(node, web)) {
      for (boolean v6 : FAMILIES) {
        for (int flags :
            new int[] {
              Tcp.SYN,
              Tcp.RST,
              Tcp.RST | Tcp.ACK,
              Tcp.SYN | Tcp.ACK,
              Tcp.ACK,
              Tcp.PSH | Tcp.ACK,
              Tcp.FIN | Tcp.ACK,
              Tcp.FIN,
              0,
              Tcp.SYN | Tcp.FIN
            }) {
          String what = "flags %02x".formatted(flags);
          bed.passes(what, A, B, v6, bed.segment(flags, 80));
          bed.denies(what + " to 81", A, B, v6, bed.segment(flags, 81));
          bed.denies(what, C, B, v6, bed.segment(flags, 80));
        }
      }
      bed.run();
    }
  }

  /** The connection has ended at once, as nobody listens there. */
  @Test
  void nobodyTurnsAConnectionRound(Node node) {
    try (PolicyBed bed = policed(node, CLOSED)) {
      for (boolean v6 : FAMILIES) {
        bed.passes("SYN", A, B, v6, Tcp.syn(client(v6), 80, 4000));
      }
      bed.run();
      for (boolean v6 : FAMILIES) {
        bed.denies("SYN, the ports turned", B, A, v6, Tcp.syn(80, client(v6), bed.number()));
        bed.denies("SYN to another port", B, A, v6, Tcp.syn(80, 5001, bed.number()));
        bed.denies("SYN from another port", B, A, v6, Tcp.syn(81, client(v6), bed.number()));
      }
      bed.run();
    }
  }
}
