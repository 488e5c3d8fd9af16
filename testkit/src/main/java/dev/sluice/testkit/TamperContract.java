package dev.sluice.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.datapath.Datapath;
import dev.sluice.core.node.Node;
import java.io.IOException;
import java.util.List;
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

  @ParameterizedTest
  @EnumSource
  void policyHoldsOrTheEndpointIsCutOff(Tampering what, Node node) throws IOException {
    TestTopologies.on(node, datapath())
        .apply(TestTopologies.declared(datapath(), TamperBed.TOPOLOGY));
    try (TamperBed bed = new TamperBed(node, marks(TamperBed.TOPOLOGY))) {
      assertThat(bed.isConnected()).as("a reaches d at first").isTrue();
      boolean done = bed.tamper(what);
      bed.assertReachesNobody(!what.isNeighbourDown());
      bed.assertHearsNothing();
      String outcome = !done ? "not possible" : bed.isConnected() ? "holds" : "cut off";
      System.out.println("tampering on " + datapath().name() + ": " + what + ": " + outcome);
    }
  }
}
