package dev.sluice.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.core.datapath.Datapath;
import dev.sluice.core.node.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A workload that is root in its namespace cannot undo policy or the guard: whatever it does to its
 * interface, policy holds or the endpoint is cut off, and others are not disturbed. How each fares
 * is what the table of {@code docs/tamper.md} says.
 */
@ExtendWith(NodeExtension.class)
@Timeout(60)
public abstract class TamperContract {

  private static final List<Tampering> AS_OWNER =
      List.of(
          Tampering.BOTH_IN_BRIDGE_MODE,
          Tampering.CONSUMING_SOURCE_MODE,
          Tampering.SECOND_WITH_NEIGHBOURS_MAC,
          Tampering.RECREATED,
          Tampering.NEIGHBOURS_MAC_WHILE_DOWN,
          Tampering.ON_WHAT_IS_BEHIND,
          Tampering.ON_WHAT_IS_BEHIND_A_NEIGHBOUR,
          Tampering.FILTERS_DELETED);

  /** The datapath under test. */
  protected abstract Datapath datapath();

  /** Whether what is for a MAC that nobody has at the moment goes to all. */
  protected boolean floods() {
    return false;
  }

  /** What the datapath has counted of a topology that runs. */
  protected Counts counts(Node node, String topology) {
    return CountsByMeaning.of(node, datapath(), topology);
  }

  /** The datapath's column in the table. */
  protected String column() {
    return datapath().name();
  }

  /** Whether frames by AF_XDP come as far as to whom judges them; an ipvlan may lose them. */
  protected boolean isGivenWhatIsSentByXdp() {
    return true;
  }

  /**
   * Something that a workload does.
   *
   * @param owner whether it is root of a user namespace only, which its network namespace belongs
   *     to; else it is the node's root
   */
  record Act(Tampering what, boolean owner) {

    @Override
    public String toString() {
      return owner ? what + ", as root of a user namespace" : what.toString();
    }
  }

  /** In a guest some of them, for each takes half a minute there. */
  static Stream<Act> acts() {
    List<Act> all = new ArrayList<>();
    for (Tampering what : Tampering.values()) {
      all.add(new Act(what, false));
    }
    AS_OWNER.forEach(what -> all.add(new Act(what, true)));
    return Part.ofSlice().drawn(all);
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("dev.sluice.testkit.TamperContract#acts")
  void policyHoldsOrTheEndpointIsCutOff(Act act, Node node) {
    if (act.owner()) {
      try (UserNamespace user = UserNamespace.owning(node, "a")) {
        assertIsAsKnown(node, act, user::wrap);
      }
    } else {
      assertIsAsKnown(node, act, TamperBed.ROOT);
    }
  }

  private void assertIsAsKnown(Node node, Act act, UnaryOperator<String> privilege) {
    String known = TamperTable.read().outcome(act, column());
    assertThat(outcome(node, act, privilege, known.equals(TamperTable.OPEN)))
        .as("what docs/tamper.md says of %s on %s", act, column())
        .isEqualTo(known);
  }

  private String outcome(
      Node node, Act act, UnaryOperator<String> privilege, boolean isKnownAsOpen) {
    TestTopologies.on(node, datapath())
        .apply(TestTopologies.declared(datapath(), TamperTopology.YAML));
    try (TamperBed bed = new TamperBed(node)) {
      assertThat(bed.isConnected()).as("a reaches d at first").isTrue();
      boolean isDone = bed.tamper(act.what(), privilege);
      String outcome =
          isKnownAsOpen && isDone && isOpen(bed, act.what())
              ? TamperTable.OPEN
              : fate(node, bed, act.what(), isDone);
      System.out.println("tampering | " + column() + " | " + act + " | " + outcome);
      return outcome;
    }
  }

  private static boolean isOpen(TamperBed bed, Tampering what) {
    try {
      assertKeepsToPolicy(bed, what);
      return false;
    } catch (AssertionError e) {
      return true;
    }
  }

  private static void assertKeepsToPolicy(TamperBed bed, Tampering what) {
    bed.assertReachesNobody(!what.isNeighbourDown());
    if (what.carriesWhatTheNodeSends()) {
      bed.assertPassesOnNothing();
    }
  }

  private String fate(Node node, TamperBed bed, Tampering what, boolean isDone) {
    if (what.isByXdp()) {
      assumeTrue(XdpSocket.isSupported(), "the kernel has no CONFIG_XDP_SOCKETS");
      assertThat(isDone).isTrue();
      if (isGivenWhatIsSentByXdp()) {
        bed.assertXdpIsJudged(() -> counts(node, TamperTopology.NAME));
      }
    }
    assertKeepsToPolicy(bed, what);
    boolean overhears = floods() && what.isNeighbourDown();
    if (overhears) {
      assertThatThrownBy(bed::assertHearsNothing).isInstanceOf(AssertionError.class);
    } else {
      bed.assertHearsNothing();
    }
    boolean isConnected = what.isByXdp() ? bed.isConnectedByXdp() : bed.isConnected();
    String fate =
        !isConnected ? TamperTable.CUT_OFF : isDone ? TamperTable.HOLDS : TamperTable.NOT_POSSIBLE;
    return overhears ? fate + ", overhears" : fate;
  }
}
