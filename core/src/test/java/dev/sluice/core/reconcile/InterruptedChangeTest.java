package dev.sluice.core.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.datapath.Datapath;
import dev.sluice.core.datapath.DesiredState;
import dev.sluice.core.datapath.NodeFacts;
import dev.sluice.core.datapath.Support;
import dev.sluice.core.error.SluiceException;
import dev.sluice.core.error.SluiceException.Category;
import dev.sluice.core.kernel.KernelFeatures;
import dev.sluice.core.kernel.KernelState;
import dev.sluice.core.kernel.Namespace;
import dev.sluice.core.node.ThrowawayNode;
import dev.sluice.core.reconcile.Intent.Declared;
import dev.sluice.core.reconcile.kind.Kinds;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** A signal that comes after the lock and before the first step. */
class InterruptedChangeTest {

  private static final Declared DECLARED =
      new Declared(
          "bare",
          "t.yaml",
          """
          apiVersion: sluice.dev/v1alpha1
          kind: Topology
          metadata: {name: t}
          spec:
            networks:
              - {name: red, subnets: [10.0.1.0/24]}
            endpoints:
              - {name: a, netns: a, interfaces: [{network: red, name: eth0}]}
          """);

  @Test
  void whatIsInterruptedWhileItReadsSaysThatNothingWasChanged() {
    try (ThrowawayNode node = ThrowawayNode.create("interrupted")) {
      Topologies topologies =
          new Topologies(
              node.node(),
              new NodeFacts("machine", new KernelFeatures("", Set.of())),
              Kinds.core(),
              Map.of("bare", new Interrupting()),
              new Guarding());
      assertThatThrownBy(() -> topologies.apply(DECLARED))
          .isInstanceOf(SluiceException.class)
          .hasMessageStartingWith("interrupted; nothing was changed");
      assertThat(Thread.interrupted()).isTrue();
      Path namespace = node.node().published("a");
      assertThat(namespace).doesNotExist();
      assertThat(topologies.all()).isEmpty();
    }
  }

  /** One namespace for each endpoint; who renders them is interrupted. */
  private static final class Interrupting implements Datapath {

    @Override
    public String name() {
      return "bare";
    }

    @Override
    public String summary() {
      return "no packets go";
    }

    @Override
    public Support support(KernelFeatures features) {
      return new Support(List.of(), List.of());
    }

    @Override
    public KernelState render(DesiredState desired) {
      Thread.currentThread().interrupt();
      return KernelState.of("t", List.of(new Namespace("a", true)));
    }
  }

  /** As that of a command line, whose first step is where a signal begins to wait. */
  private static final class Guarding implements ReconcileObserver {

    @Override
    public Progress progress() {
      return Progress.silent();
    }

    @Override
    public <T> T time(String operation, String datapath, Supplier<T> work) {
      return work.get();
    }

    @Override
    public void steps(Plan plan) {
      if (Thread.currentThread().isInterrupted()) {
        throw new SluiceException(Category.TRANSIENT, "interrupted");
      }
    }

    @Override
    public void drift(int objects) {}
  }
}
