package dev.sluice.core.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.datapath.Datapath;
import dev.sluice.core.datapath.DesiredState;
import dev.sluice.core.datapath.NodeFacts;
import dev.sluice.core.datapath.Support;
import dev.sluice.core.kernel.KernelFeatures;
import dev.sluice.core.kernel.KernelState;
import dev.sluice.core.kernel.Namespace;
import dev.sluice.core.node.ThrowawayNode;
import dev.sluice.core.reconcile.Intent.Declared;
import dev.sluice.core.reconcile.Progress;
import dev.sluice.core.reconcile.ReconcileObserver;
import dev.sluice.core.reconcile.Topologies;
import dev.sluice.core.reconcile.kind.Kinds;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a look at a real node leaves in the gauge. */
class DriftMeterTest {

  private static final Declared DECLARED =
      new Declared(
          "bare",
          "t.yaml",
          """
          apiVersion: sluice.dev/v1alpha1
          kind: Topology
          metadata: {name: t}
          spec:
            datapath: bridge
            networks:
              - {name: red, subnets: [10.0.1.0/24]}
            endpoints:
              - {name: a, netns: a, interfaces: [{network: red, name: eth0}]}
              - {name: b, netns: b, interfaces: [{network: red, name: eth0}]}
          """);

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  @Test
  void planAndApplySetItToWhatTheyFind() {
    try (ThrowawayNode node = ThrowawayNode.create("drift")) {
      Topologies topologies =
          new Topologies(
              node.node(),
              new NodeFacts("machine", new KernelFeatures("", Set.of())),
              Kinds.core(),
              Map.of("bare", new Namespaces()),
              new MeteredReconcile(registry, ReconcileObserver.uncounted(Progress.silent())));
      topologies.plan(DECLARED);
      assertThat(drift()).isEqualTo(2);
      topologies.apply(DECLARED);
      assertThat(drift()).isEqualTo(2);
      topologies.apply(DECLARED);
      assertThat(drift()).isZero();
      topologies.destroy("t");
    }
  }

  private double drift() {
    return registry.get("sluice.drift.objects").gauge().value();
  }

  /** Only the namespaces of endpoints. */
  private static final class Namespaces implements Datapath {

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
      return KernelState.of(
          desired.topology().name(),
          desired.topology().endpoints().stream()
              .map(e -> new Namespace(e.netns(), true))
              .toList());
    }
  }
}
