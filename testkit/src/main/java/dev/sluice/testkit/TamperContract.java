package dev.sluice.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.datapath.Datapath;
import dev.sluice.core.node.Node;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A workload that is root in its namespace cannot undo policy or the guard: whatever it does to its
 * interface, policy holds or the endpoint is cut off, and others are not disturbed. How each fares
 * is what the table of {@code docs/tamper.md} says.
 */
@ExtendWith(NodeExtension.class)
@Timeout(60)
public abstract class TamperContract {

  /** The datapath under test. */
  protected abstract Datapath datapath();

  /** Marks of packets that mean something to the datapath, as if they had leaked. */
  protected List<Integer> marks(String topology) {
    return List.of(0xffffffff);
  }

  /** Whether what is for a MAC that nobody has at the moment goes to all. */
  protected boolean floods() {
    return false;
  }

  @ParameterizedTest
  @EnumSource
  void policyHoldsOrTheEndpointIsCutOff(Tampering what, Node node) {
    assertThat(outcome(node, what, TamperBed.ROOT))
        .as("what docs/tamper.md says of %s on %s", what, datapath().name())
        .isEqualTo(TamperTable.read().outcome(what, datapath().name()));
  }

  /**
   * As a workload that is root of a user namespace only, which its network namespace belongs to.
   */
  @ParameterizedTest
  @EnumSource(
      names = {
        "BOTH_IN_BRIDGE_MODE",
        "CONSUMING_SOURCE_MODE",
        "SECOND_WITH_NEIGHBOURS_MAC",
        "RECREATED",
        "NEIGHBOURS_MAC_WHILE_DOWN",
        "FILTERS_DELETED"
      })
  void asRootOfAUserNamespaceToo(Tampering what, Node node) {
    try (UserNamespace user = UserNamespace.owning(node, "a")) {
      assertThat(outcome(node, what, user::wrap))
          .isEqualTo(TamperTable.read().outcome(what, datapath().name()));
    }
  }

  private String outcome(Node node, Tampering what, UnaryOperator<String> privilege) {
    TestTopologies.on(node, datapath())
        .apply(TestTopologies.declared(datapath(), TamperBed.TOPOLOGY));
    try (TamperBed bed = new TamperBed(node, marks(TamperBed.TOPOLOGY))) {
      assertThat(bed.isConnected()).as("a reaches d at first").isTrue();
      boolean isDone = bed.tamper(what, privilege);
      bed.assertReachesNobody(!what.isNeighbourDown());
      boolean overhears = floods() && what.isNeighbourDown();
      if (overhears) {
        assertThatThrownBy(bed::assertHearsNothing).isInstanceOf(AssertionError.class);
      } else {
        bed.assertHearsNothing();
      }
      String fate =
          !bed.isConnected()
              ? TamperTable.CUT_OFF
              : isDone ? TamperTable.HOLDS : TamperTable.NOT_POSSIBLE;
      String outcome = overhears ? fate + ", overhears" : fate;
      System.out.println("tampering | " + datapath().name() + " | " + what + " | " + outcome);
      return outcome;
    }
  }
}
