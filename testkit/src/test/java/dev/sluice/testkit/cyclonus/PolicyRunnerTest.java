package dev.sluice.testkit.cyclonus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.address.IpAddress;
import dev.sluice.core.node.Node;
import dev.sluice.core.reconcile.ForeignObjectException;
import dev.sluice.core.topology.Topology.Protocol;
import dev.sluice.testkit.NodeExtension;
import dev.sluice.testkit.Shell;
import dev.sluice.testkit.cyclonus.CyclonusCase.Step;
import dev.sluice.testkit.cyclonus.Setting.Pod;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The runner sees what a datapath does. Rules of nft(8), written by hand in the node, stand for an
 * enforcement, for the datapath itself has none.
 */
@ExtendWith(NodeExtension.class)
class PolicyRunnerTest {

  private static final List<Integer> PORTS = List.of(80, 81);
  private static final Setting NINE = CyclonusSuite.load().get(0).initial();

  /** Whether a packet has to pass. */
  private interface Rule {
    boolean passes(String from, String to, Protocol protocol, int port);
  }

  private static Step step(Setting setting, Rule rule) {
    List<Matrix> rows = new ArrayList<>();
    for (Protocol protocol : Protocol.values()) {
      for (int port : PORTS) {
        rows.add(
            Matrix.of(
                protocol,
                port,
                setting.endpoints(),
                (from, to) -> rule.passes(from, to, protocol, port)));
      }
    }
    return new Step(List.of("look"), setting, rows);
  }

  private static CyclonusCase policyCase(Step... steps) {
    return new CyclonusCase(7, "a case", List.of(), NINE, List.of(steps));
  }

  private static final Step OPEN = step(NINE, (from, to, protocol, port) -> true);

  /** Frames of one network pass this hook too, as bridge-nf-call-* is on in a new namespace. */
  private static void onForward(Node node, String... rules) {
    Shell.inNode(
            node,
            "nft 'add table inet t; flush table inet t;"
                + " add chain inet t c { type filter hook forward priority 0; }'"
                + " && nft -f - <<'END'\n"
                + String.join(
                    "\n", List.of(rules).stream().map(r -> "add rule inet t c " + r).toList())
                + "\nEND")
        .orFail();
  }

  private static String address(Family family, String endpoint) {
    return (family == Family.V4 ? "ip" : "ip6") + " daddr " + NINE.address(family, endpoint);
  }

  private static PolicyRunner runner(Node node, Family family) {
    return new PolicyRunner(node, new OpenBridge(), family);
  }

  @ParameterizedTest
  @EnumSource
  void agreesWhereEverythingPasses(Family family, Node node) {
    runner(node, family).run(policyCase(OPEN, OPEN));
  }

  @ParameterizedTest
  @EnumSource
  void tellsExactlyWhatIsDropped(Family family, Node node) {
    PolicyRunner runner = runner(node, family);
    runner.run(policyCase(OPEN));
    onForward(
        node,
        address(family, "x-b") + " tcp dport 80 drop",
        address(family, "y-a")
            + " "
            + address(family, "z-c").replace("daddr", "saddr")
            + " sctp dport 81 drop");
    assertThatThrownBy(() -> runner.run(policyCase(OPEN)))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("case 7 a case on " + runner + ", step 1 of 1 [look]:")
        .hasMessageContaining("columns: x-a x-b x-c y-a y-b y-c z-a z-b z-c")
        .satisfies(
            e ->
                assertThat(e.getMessage().lines().filter(line -> line.contains("expected")))
                    .containsExactly(
                        "TCP/80 from x-a: expected #........, seen #X.......",
                        "TCP/80 from x-c: expected ..#......, seen .X#......",
                        "TCP/80 from y-a: expected ...#....., seen .X.#.....",
                        "TCP/80 from y-b: expected ....#...., seen .X..#....",
                        "TCP/80 from y-c: expected .....#..., seen .X...#...",
                        "TCP/80 from z-a: expected ......#.., seen .X....#..",
                        "TCP/80 from z-b: expected .......#., seen .X.....#.",
                        "TCP/80 from z-c: expected ........#, seen .X......#",
                        "SCTP/81 from z-c: expected ........#, seen ...X....#"));
  }

  @ParameterizedTest
  @EnumSource
  void agreesWithWhatIsDroppedAsItHasToBe(Family family, Node node) {
    PolicyRunner runner = runner(node, family);
    runner.run(policyCase(OPEN));
    Step isolated =
        step(
            NINE,
            (from, to, protocol, port) ->
                !to.equals("x-a")
                    || (from.equals("y-b") && protocol == Protocol.UDP && port == 81));
    String toIt = address(family, "x-a");
    onForward(
        node,
        "ct state established,related accept",
        toIt + " " + address(family, "y-b").replace("daddr", "saddr") + " udp dport 81 accept",
        toIt + " meta l4proto { tcp, udp, sctp } drop");
    runner.run(policyCase(isolated));
    onForward(node);
    runner.run(policyCase(OPEN));
    assertThatThrownBy(() -> runner.run(policyCase(OPEN, isolated)))
        .hasMessageContaining("step 2 of 2 [look]")
        .hasMessageContaining("TCP/80 from x-b: expected X#......., seen .#.......")
        .hasMessageContaining("UDP/81 from x-b: expected X#......., seen .#.......")
        .hasMessageContaining("and 37 more");
  }

  @Test
  void aReplyThatIsDroppedIsNoPass(Node node) {
    PolicyRunner runner = runner(node, Family.V4);
    runner.run(policyCase(OPEN));
    onForward(node, "ip saddr 192.168.2.1 ip daddr 192.168.1.1 tcp flags & rst == rst drop");
    assertThatThrownBy(() -> runner.run(policyCase(OPEN)))
        .hasMessageContaining("TCP/80 from x-a: expected #........, seen #..X.....")
        .hasMessageContaining("TCP/81 from x-a: expected #........, seen #..X.....")
        .hasMessageContaining(
            "TCP/80 from x-a to y-a: arrived, but no answer came back to 192.168.1.1");
  }

  @Test
  void aStepThatCannotBeAppliedIsNamed(Node node) {
    Shell.inNode(node, "ip link add open type bridge").orFail();
    assertThatThrownBy(() -> runner(node, Family.V6).run(policyCase(OPEN)))
        .isInstanceOf(AssertionError.class)
        .hasMessageStartingWith("case 7 a case on open IPv6, step 1 of 1 [look]: ")
        .hasCauseInstanceOf(ForeignObjectException.class);
  }

  @ParameterizedTest
  @EnumSource
  void endpointsMayComeAndGoBetweenSteps(Family family, Node node) {
    List<Pod> pods = new ArrayList<>(NINE.pods());
    pods.remove(0);
    pods.add(new Pod("w", "a", IpAddress.parse("192.168.4.1"), Map.of()));
    Map<String, Map<String, String>> namespaces = new LinkedHashMap<>(NINE.namespaces());
    namespaces.put("w", Map.of());
    Setting changed = new Setting(namespaces, pods, List.of());
    CyclonusCase both = policyCase(OPEN, step(changed, (from, to, protocol, port) -> true), OPEN);
    assertThatCode(() -> runner(node, family).run(both)).doesNotThrowAnyException();
    assertThat(node.published("w-a")).doesNotExist();
  }
}
