package dev.sluice.bpf.kind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.bpf.ObjectFile;
import dev.sluice.bpf.lib.OpenObject;
import dev.sluice.core.kernel.KernelFeature;
import dev.sluice.core.node.Node;
import dev.sluice.testkit.NodeExtension;
import dev.sluice.testkit.NodeSnapshot;
import dev.sluice.testkit.Shell;
import dev.sluice.testkit.TestTopologies;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Programs where the kernel has no TCX, or is taken for one that has none: filters at clsact. tc(8)
 * is the witness.
 */
@ExtendWith(NodeExtension.class)
class FiltersTest {

  private static final Sampled FIRST = Sampled.first();
  private static final String OURS = "pref 83 bpf chain 0 handle 0x";

  private static SampleBed bed(Node node) {
    return new SampleBed(node, TestTopologies.factsWithout(KernelFeature.BPF_TCX));
  }

  private static String tc(Node node, String words) {
    return Shell.inNode(node, "tc " + words).orFail();
  }

  private static String filters(Node node, String hook) {
    return tc(node, "filter show dev " + Sampled.NEAR + " " + hook);
  }

  /** A program that is none of the sample's, as a filter. */
  private static void put(Node node, Path program, String where) {
    tc(
        node,
        "filter replace dev %s %s".formatted(Sampled.NEAR, where) + " object-pinned " + program);
  }

  @Test
  void whatIsAppliedIsInForceForAnyProcessAndGoesWhole(Node node) {
    SampleBed bed = bed(node);
    NodeSnapshot before = NodeSnapshot.of(node);
    bed.apply(FIRST);
    for (String hook : List.of("ingress", "egress")) {
      assertThat(filters(node, hook)).containsOnlyOnce(OURS).contains("sluice:sample:pass direct");
    }
    bed.ping(3, "0.1");
    // Ingress, egress and XDP of each echo.
    assertThat(bed.seen()).isGreaterThanOrEqualTo(9);
    bed.assertInForce(FIRST);
    assertThat(bed.apply(FIRST).isEmpty()).isTrue();
    bed.destroy();
    before.assertUnchanged(node);
    assertThat(node.directories().pins()).doesNotExist();
  }

  @Test
  void anotherVersionTakesOverWithoutALostPacketAndKeepsLiveState(Node node) throws Exception {
    SampleBed bed = bed(node);
    bed.apply(FIRST);
    CompletableFuture<String> flow = CompletableFuture.supplyAsync(() -> bed.ping(200, "0.01"));
    Sampled next = FIRST;
    int versions = 0;
    while (!flow.isDone() && versions < 10) {
      versions++;
      next = FIRST.withRoom(100 + versions);
      assertThat(SampleBed.words(bed.apply(next)))
          .containsExactly(
              "UPDATE BPF link clsact-egress of near.0 by sample",
              "UPDATE BPF link clsact-ingress of near.0 by sample",
              "UPDATE BPF link xdp of near.0",
              "UPDATE BPF object sample");
    }
    assertThat(flow.get()).contains(" 200 received", " 0% packet loss");
    assertThat(versions).isGreaterThan(1);
    bed.assertInForce(next);
    assertThat(bed.seen())
        .as("counted by all versions, each packet once")
        .isBetween(600L, 600L + 100);
    assertThat(filters(node, "ingress")).containsOnlyOnce(OURS);
  }

  private enum Damage {
    FILTER_DELETED("UPDATE BPF link clsact-ingress of near.0 by sample") {
      @Override
      void happen(SampleBed bed) {
        tc(bed.node(), "filter del dev near.0 ingress prio 83");
      }
    },
    HOOKS_DELETED(
        "UPDATE BPF link clsact-egress of near.0 by sample",
        "UPDATE BPF link clsact-ingress of near.0 by sample") {
      @Override
      void happen(SampleBed bed) {
        tc(bed.node(), "qdisc del dev near.0 clsact");
      }
    },
    ANOTHER_PROGRAM_IN_ITS_PLACE("UPDATE BPF link clsact-ingress of near.0 by sample") {
      @Override
      void happen(SampleBed bed) {
        putAnother(bed);
      }
    },
    WHAT_IT_SAYS_NO_LONGER_COUNTS("UPDATE BPF link clsact-ingress of near.0 by sample") {
      @Override
      void happen(SampleBed bed) {
        Path program = bed.version(FIRST).resolve("prog-pass");
        put(bed.node(), program, "ingress prio 83 handle 0x%s bpf".formatted(handle(bed)));
      }
    },
    MARK_REMOVED("CREATE BPF link clsact-ingress of near.0 by sample") {
      @Override
      void happen(SampleBed bed) throws Exception {
        Files.delete(bed.pins().links().resolve("near%2e0:clsact-ingress"));
      }
    },
    DEVICE_DELETED(
        "CREATE link near.0",
        "UPDATE BPF link clsact-egress of near.0 by sample",
        "UPDATE BPF link clsact-ingress of near.0 by sample") {
      @Override
      void happen(SampleBed bed) {
        Shell.inNode(bed.node(), "ip link del " + Sampled.NEAR).orFail();
      }
    };

    private final String steps;

    Damage(String... steps) {
      this.steps = String.join("\n", steps);
    }

    abstract void happen(SampleBed bed) throws Exception;
  }

  /** A program of the sample's, but of no version of it; the filter alone keeps it. */
  private static void putAnother(SampleBed bed) {
    Path pin = bed.pins().directory().resolveSibling("another");
    try (OpenObject object = OpenObject.open("sample", ObjectFile.read("sample"))) {
      object.load();
      object.program("pass").pin(pin);
    }
    put(bed.node(), pin, "ingress prio 83 handle 0x%s bpf da".formatted(handle(bed)));
    ObjectPins.remove(pin);
  }

  private static String handle(SampleBed bed) {
    return filters(bed.node(), "ingress").replaceAll("(?s).*handle 0x([0-9a-f]+).*", "$1");
  }

  @ParameterizedTest
  @EnumSource
  void whatIsDoneByHandIsSeenAndMended(Damage damage, Node node) throws Exception {
    SampleBed bed = bed(node);
    NodeSnapshot before = NodeSnapshot.of(node);
    bed.apply(FIRST);
    damage.happen(bed);
    assertThat(bed.plan(FIRST)).contains(damage.steps.split("\n", -1));
    bed.apply(FIRST);
    bed.assertInForce(FIRST);
    for (String hook : List.of("ingress", "egress")) {
      assertThat(filters(node, hook)).containsOnlyOnce(OURS).contains("sluice:sample:pass direct");
    }
    long seen = bed.seen();
    bed.ping(1, "0.1");
    assertThat(bed.seen()).isGreaterThanOrEqualTo(seen + 3);
    bed.destroy();
    before.assertUnchanged(node);
  }

  @Test
  void filtersOfOthersAreLeftAlone(Node node) {
    SampleBed bed = bed(node);
    bed.apply(FIRST);
    Path program = bed.version(FIRST).resolve("prog-pass");
    tc(node, "filter add dev near.0 ingress prio 7 handle 1 bpf da object-pinned " + program);
    bed.assertInForce(FIRST);
    bed.apply(FIRST.withRoom(2));
    tc(node, "filter del dev near.0 ingress prio 83");
    bed.apply(FIRST.withRoom(2));
    bed.assertInForce(FIRST.withRoom(2));
    assertThat(filters(node, "ingress")).contains("pref 7 bpf", "pref 83 bpf");
  }

  /** As where a kernel is replaced by a newer one, without a boot between. */
  @Test
  void linksOfBpfTakeTheirPlaceAndGiveItBack(Node node) {
    SampleBed old = bed(node);
    SampleBed now = new SampleBed(node);
    old.apply(FIRST);
    assertThat(now.plan(FIRST))
        .containsExactly(
            "CREATE BPF link tcx-egress of near.0 by sample",
            "CREATE BPF link tcx-ingress of near.0 by sample",
            "DELETE BPF link clsact-egress of near.0 by sample",
            "DELETE BPF link clsact-ingress of near.0 by sample");
    now.apply(FIRST);
    now.assertInForce(FIRST);
    assertThat(filters(node, "ingress") + filters(node, "egress")).isEmpty();
    old.apply(FIRST);
    old.assertInForce(FIRST);
  }

  @Test
  void aRefusedProgramLeavesWhatWasInForce(Node node) {
    SampleBed bed = bed(node);
    bed.apply(FIRST);
    assertThatThrownBy(() -> bed.apply(FIRST.withFile("refused")))
        .hasStackTraceContaining("load BPF object refused: EACCES");
    bed.assertInForce(FIRST);
    bed.ping(1, "0.1");
  }
}
