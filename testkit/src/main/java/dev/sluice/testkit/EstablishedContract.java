package dev.sluice.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.node.Node;
import dev.sluice.core.packet.Bytes;
import dev.sluice.core.packet.Icmp;
import dev.sluice.core.packet.Icmpv6;
import dev.sluice.core.packet.Ipv4;
import dev.sluice.core.packet.Ipv6;
import dev.sluice.core.packet.Tcp;
import dev.sluice.core.packet.Udp;
import dev.sluice.testkit.PacketStream.Flow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rule 14: what becomes of flows when a policy changes. */
abstract class EstablishedContract extends CountedContract {

  private static final boolean[] FAMILIES = {false, true};
  private static final String A = "a";
  private static final String B = "b";
  private static final String KEEP = "keep";
  private static final String REVOKE = "revoke";
  private static final Duration SOON = Duration.ofSeconds(5);
  private static final Duration A_SECOND = Duration.ofSeconds(1);

  /** b takes what comes to one port; a takes nothing. */
  private static String[] open(int port) {
    String ports = "[{port: %1$d}, {port: %1$d, protocol: UDP}]".formatted(port);
    return new String[] {
      PolicyBed.policy("served", B, "ingress: [{ports: %s}]".formatted(ports)),
      PolicyBed.policy("asking", A, "policyTypes: [Ingress]")
    };
  }

  private void change(Node node, String established, String... policies) {
    apply(node, PolicyBed.established(established, policies));
  }

  private PolicyBed begun(Node node, String established, String... policies) {
    change(node, established, policies);
    return bed(node);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aLiveConnectionIsRevokedAndGoesOnWhenItIsAllowedAgain(boolean v6, Node node) {
    try (PolicyBed bed = begun(node, REVOKE, open(7000));
        Connection live = Connection.open(node, A, B, PolicyBed.address(B, v6), 7000)) {
      converse(live, bed);
      change(node, REVOKE, open(7001));
      Bytes question = bed.text();
      live.ask(question);
      bed.neverSeen("a question", question);
      Bytes answer = bed.text();
      live.answer(answer);
      bed.neverSeen("an answer", answer);
      bed.runUncounted(A_SECOND);
      bed.denies("a new one", A, B, v6, bed.syn(7000));
      bed.passes("to the other port", A, B, v6, bed.syn(7001));
      bed.runUncounted();
      change(node, REVOKE, open(7000));
      assertThat(live.isAsked(question, SOON)).isTrue();
      assertThat(live.isAnswered(answer, SOON)).isTrue();
      converse(live, bed);
    }
  }

  private static void converse(Connection live, PolicyBed bed) {
    Bytes question = bed.text();
    live.ask(question);
    assertThat(live.isAsked(question, SOON)).isTrue();
    Bytes answer = bed.text();
    live.answer(answer);
    assertThat(live.isAnswered(answer, SOON)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aLiveConnectionIsKeptAndNewOnesAreRefused(boolean v6, Node node) {
    try (PolicyBed bed = begun(node, KEEP, open(7000));
        Connection live = Connection.open(node, A, B, PolicyBed.address(B, v6), 7000)) {
      converse(live, bed);
      change(node, KEEP, open(7001));
      converse(live, bed);
      bed.denies("a new one", A, B, v6, bed.syn(7000));
      bed.denies("a datagram", A, B, v6, bed.datagram(7000));
      bed.passes("to the other port", A, B, v6, bed.syn(7001));
      bed.run();
      change(node, KEEP, PolicyBed.denyAll(A), PolicyBed.denyAll(B));
      converse(live, bed);
      bed.denies("a new one", A, B, v6, bed.syn(7001));
      bed.run();
    }
  }

  /** It comes to d by one interface, and d, which is in both networks, answers by the other. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aLiveConnectionOfTwoInterfacesIsKept(boolean v6, Node node) {
    String open =
        PolicyBed.policy("served, namespace: other", "d", "ingress: [{ports: [{port: 7000}]}]");
    try (PolicyBed bed = begun(node, KEEP, open);
        Connection live = Connection.open(node, "c", "d", PolicyBed.address("d", v6), 7000)) {
      converse(live, bed);
      change(node, KEEP, open.replace("7000", "7001"));
      converse(live, bed);
      bed.denies("a new one", "c", "d", v6, bed.syn(7000));
      bed.run();
    }
  }

  /** The topology had no policy at all when the connection was made. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theFirstPolicyKeepsWhatThereWas(boolean v6, Node node) {
    try (PolicyBed bed = begun(node, KEEP);
        Connection live = Connection.open(node, A, B, PolicyBed.address(B, v6), 7000)) {
      converse(live, bed);
      change(node, KEEP, open(7001));
      converse(live, bed);
      bed.denies("a new one", A, B, v6, bed.syn(7000));
      bed.run();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theFirstPolicyRevokesWhatItDenies(boolean v6, Node node) {
    try (PolicyBed bed = begun(node, REVOKE);
        Connection live = Connection.open(node, A, B, PolicyBed.address(B, v6), 7000)) {
      converse(live, bed);
      change(node, REVOKE, open(7001));
      Bytes question = bed.text();
      live.ask(question);
      bed.neverSeen("a question", question);
      Bytes answer = bed.text();
      live.answer(answer);
      bed.neverSeen("an answer", answer);
      bed.runUncounted(A_SECOND);
    }
  }

  /** On the next packet of either direction, counted. */
  @Test
  void aFlowOfDatagramsEndsWithTheNextPacket(Node node) {
    try (PolicyBed bed = begun(node, REVOKE, open(7000))) {
      for (boolean v6 : FAMILIES) {
        bed.passes("question", A, B, v6, bed.datagram(5000, 7000));
      }
      bed.run();
      for (boolean v6 : FAMILIES) {
        bed.passes("answer", B, A, v6, bed.datagram(7000, 5000));
      }
      bed.run();
      change(node, REVOKE, open(7001));
      for (boolean v6 : FAMILIES) {
        bed.denies("answer", B, A, v6, bed.datagram(7000, 5000));
        bed.denies("question", A, B, v6, bed.datagram(5000, 7000));
      }
      bed.run();
      change(node, REVOKE, open(7000));
      for (boolean v6 : FAMILIES) {
        bed.passes("answer, allowed again", B, A, v6, bed.datagram(7000, 5000));
        bed.passes("question, allowed again", A, B, v6, bed.datagram(5000, 7000));
      }
      bed.run();
    }
  }

  /** Rule 7, on the first packet that the changed policy sees of a flow which it allows too. */
  @ParameterizedTest
  @ValueSource(strings = {REVOKE, KEEP})
  void anErrorAboutAFlowPassesJustAfterAChange(String established, Node node) {
    try (PolicyBed bed = begun(node, established, open(7000))) {
      List<Udp> flows = new ArrayList<>();
      for (boolean v6 : FAMILIES) {
        Udp flow = bed.datagram(7000);
        flows.add(flow);
        bed.passes("flow", A, B, v6, flow);
      }
      bed.run();
      List<String> more = new ArrayList<>(List.of(open(7000)));
      more.add(PolicyBed.denyAll("c"));
      change(node, established, more.toArray(String[]::new));
      Ipv4 four = (Ipv4) PolicyBed.packet(A, B, false, flows.get(0));
      Ipv6 six = (Ipv6) PolicyBed.packet(A, B, true, flows.get(1));
      bed.passes("error", B, A, false, Icmp.error(Icmp.UNREACHABLE, 1, bed.number(), four));
      bed.passes(
          "error", B, A, true, Icmpv6.error(Icmpv6.UNREACHABLE, 3, 7000 + bed.number(), six));
      bed.run();
    }
  }

  /** It is over; a and b still remember it. Rule 7: nobody begins another the other way round. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void nobodyTurnsAConnectionRoundThatWasClosed(boolean v6, Node node) {
    try (PolicyBed bed = begun(node, REVOKE, open(7000))) {
      int port;
      try (Connection live = Connection.open(node, A, B, PolicyBed.address(B, v6), 7000)) {
        converse(live, bed);
        port = live.clientPort();
      }
      bed.denies("SYN", B, A, v6, Tcp.syn(7000, port, bed.number()));
      bed.run();
    }
  }

  /** From the same network and from another one, while policies and endpoints come and go. */
  @ParameterizedTest
  @ValueSource(strings = {REVOKE, KEEP})
  @ResourceLock(value = PacketStream.BACKLOG, mode = ResourceAccessMode.READ)
  void aChangeThatDeniesNothingOfAFlowLosesNoPacketOfIt(String established, Node node) {
    change(node, established, open(7000));
    List<Flow> flows =
        List.of(new Flow(A, false), new Flow(A, true), new Flow("c", false), new Flow("c", true));
    String[] served = open(7000);
    String elsewhere = PolicyBed.policy("elsewhere", "d", "policyTypes: [Ingress, Egress]");
    try (PacketStream stream = new PacketStream(node, B, 7000, PacketStream.STEADY, flows)) {
      stream.more(20);
      stream.note("a policy of nobody");
      change(node, established, served[0], served[1], PolicyBed.denyAll("none"));
      stream.note("a policy of another endpoint");
      change(node, established, served[0], served[1], elsewhere);
      stream.note("another rule for the receiver");
      change(node, established, served[0].replace("port: 7000", "port: 6000, endPort: 8000"));
      stream.note("another name");
      change(node, established, served[0].replace("name: served", "name: renamed"), served[1]);
      stream.note("a rule for a sender");
      change(node, established, served[0], PolicyBed.policy("out", A, "egress: [{}]"));
      stream.note("another endpoint");
      apply(node, PolicyBed.withEndpoint("e", established, served));
      stream.note("without that endpoint");
      change(node, established, served);
      stream.note("no policy");
      change(node, established);
      stream.note("the first policy");
      change(node, established, served);
      stream.more(20);
      assertThat(stream.lost()).isEmpty();
    }
  }

  /** However busy it is while the policy changes, and however much of the policy does. */
  @Test
  @ResourceLock(PacketStream.BACKLOG)
  void aBusyFlowIsRevokedForGood(Node node) {
    String open = manyRanges(0, "{port: 6000, endPort: 8000, protocol: UDP}");
    String closed =
        manyRanges(
            1,
            "{port: 6000, endPort: 6999, protocol: UDP},"
                + " {port: 7001, endPort: 8000, protocol: UDP}");
    change(node, REVOKE, open);
    List<Flow> flows = List.of(new Flow(A, false), new Flow(A, true));
    try (PacketStream stream = new PacketStream(node, B, 7000, PacketStream.BUSY, flows)) {
      for (int i = 0; i < 5; i++) {
        assertThat(stream.isAllowed(SOON)).as("allowed, time %d", i).isTrue();
        change(node, REVOKE, closed);
        assertThat(stream.isDenied(SOON)).as("denied, time %d", i).isTrue();
        change(node, REVOKE, open);
      }
    }
  }

  /** A policy of b with some ports, and with many others, which depend on {@code offset}. */
  private static String manyRanges(int offset, String ports) {
    StringBuilder all = new StringBuilder(ports);
    for (int port = 10_000 + offset; port < 14_000; port += 20) {
      all.append(", {port: %d, endPort: %d, protocol: UDP}".formatted(port, port + 5));
    }
    return PolicyBed.policy(
        "ranges",
        B,
        "ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}, {ipBlock: {cidr: \"fd00::/16\"}}],"
            + " ports: [%s]}]".formatted(all));
  }
}
