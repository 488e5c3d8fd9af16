package dev.sluice.core.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.kernel.KernelObject;
import dev.sluice.core.kernel.Namespace;
import dev.sluice.core.reconcile.Plan;
import dev.sluice.core.reconcile.Progress;
import dev.sluice.core.reconcile.ReconcileObserver;
import dev.sluice.core.reconcile.Step;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class MeteredReconcileTest {

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final List<String> heard = new ArrayList<>();
  private final Progress progress = Progress.silent();
  private final MeteredReconcile metered =
      new MeteredReconcile(
          registry,
          new ReconcileObserver() {
            @Override
            public Progress progress() {
              return progress;
            }

            @Override
            public <T> T time(String operation, String datapath, Supplier<T> work) {
              heard.add(operation + " on " + datapath);
              return work.get();
            }

            @Override
            public void steps(Plan plan) {
              heard.add(plan.steps().size() + " steps");
            }

            @Override
            public void drift(int objects) {
              heard.add(objects + " objects");
            }
          });

  @Test
  void changesAreTimedByHowTheyEnd() {
    assertThat(metered.<String>time("apply", "bridge", () -> "done")).isEqualTo("done");
    IllegalStateException failure = new IllegalStateException("no");
    assertThatThrownBy(
            () ->
                metered.time(
                    "destroy",
                    "bridge",
                    () -> {
                      throw failure;
                    }))
        .isSameAs(failure);
    assertThat(applied("apply", "done")).isEqualTo(1);
    assertThat(applied("destroy", "failed")).isEqualTo(1);
    assertThat(heard).containsExactly("apply on bridge", "destroy on bridge");
  }

  private long applied(String operation, String outcome) {
    return registry
        .get("sluice.apply")
        .tags("datapath", "bridge", "operation", operation, "outcome", outcome)
        .timer()
        .count();
  }

  @Test
  void stepsAreCountedByOperationAndDriftIsThatOfTheLastLook() {
    Optional<KernelObject> object = Optional.of(new Namespace("ns1", true));
    Step create = new Step(Step.Op.CREATE, Optional.empty(), object, List.of("t"));
    Step delete = new Step(Step.Op.DELETE, object, Optional.empty(), List.of());
    metered.steps(new Plan(List.of(create, create, delete), Map.of()));
    assertThat(steps("create")).isEqualTo(2);
    assertThat(steps("delete")).isEqualTo(1);
    assertThat(steps("update")).isZero();
    metered.drift(7);
    metered.drift(3);
    assertThat(registry.get("sluice.drift.objects").gauge().value()).isEqualTo(3);
    assertThat(heard).containsExactly("3 steps", "7 objects", "3 objects");
    assertThat(metered.progress()).isSameAs(progress);
  }

  private double steps(String operation) {
    return registry.get("sluice.reconcile.steps").tag("operation", operation).counter().count();
  }

  @Test
  void everyMeterSaysWhatItIsAndInWhatUnit() {
    metered.time("apply", "bridge", () -> "done");
    new MeteredNetlink(registry);
    assertThat(registry.getMeters()).hasSizeGreaterThan(6);
    assertThat(registry.getMeters().stream().map(Meter::getId))
        .allMatch(id -> id.getName().startsWith("sluice."))
        .allMatch(id -> id.getDescription() != null && id.getBaseUnit() != null);
  }
}
