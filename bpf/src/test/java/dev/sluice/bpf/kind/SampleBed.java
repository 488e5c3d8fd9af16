package dev.sluice.bpf.kind;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.bpf.lib.BpfAttachment;
import dev.sluice.bpf.lib.BpfMap;
import dev.sluice.core.datapath.NodeFacts;
import dev.sluice.core.node.Node;
import dev.sluice.core.reconcile.Plan;
import dev.sluice.core.reconcile.Progress;
import dev.sluice.core.reconcile.Step;
import dev.sluice.core.reconcile.Topologies;
import dev.sluice.testkit.Shell;
import dev.sluice.testkit.TestTopologies;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The sample topology on a node; each call is as of a process of its own, that remembers nothing.
 */
record SampleBed(Node node, NodeFacts facts) {

  SampleBed(Node node) {
    this(node, TestTopologies.facts());
  }

  static final String NAME = "sample";

  static final String YAML =
      """
      apiVersion: sluice.dev/v1alpha1
      kind: Topology
      metadata: {name: sample}
      spec:
        networks: [{name: red, subnets: [10.0.1.0/24]}]
        endpoints: [{name: a, netns: ns1, interfaces: [{network: red, name: eth0}]}]
      """;

  Topologies topologies(Sampled datapath) {
    return TestTopologies.on(node, facts, datapath, Progress.silent());
  }

  Plan apply(Sampled datapath) {
    return topologies(datapath).apply(TestTopologies.declared(datapath, YAML));
  }

  List<String> plan(Sampled datapath) {
    return words(topologies(datapath).plan(TestTopologies.declared(datapath, YAML)));
  }

  static List<String> words(Plan plan) {
    return plan.steps().stream().map(SampleBed::word).sorted().toList();
  }

  private static String word(Step step) {
    return step.op() + " " + step.object().key().type().word() + " " + step.object().key().id();
  }

  void destroy() {
    topologies(Sampled.first()).destroy(NAME);
  }

  ObjectPins pins() {
    return ObjectPins.of(node.directories().pins(), NAME);
  }

  /** What {@code datapath} is loaded as. */
  Path version(Sampled datapath) {
    return pins().version(datapath.object(NAME).version());
  }

  /** Nothing is left to do, and only one version is there. */
  void assertInForce(Sampled datapath) {
    assertThat(plan(datapath)).isEmpty();
    assertThat(pins().versions()).containsExactly(datapath.object(NAME).version());
  }

  /** How many packets the programs have seen: live state. */
  long seen() {
    return sum(PinnedMaps.live(node, NAME, "seen"));
  }

  /** What the counter of key 7 says. */
  long counted(Sampled datapath) {
    return sum(PinnedMaps.listed(node, datapath.object(NAME), "counters"));
  }

  private static long sum(Optional<BpfMap> pinned) {
    try (BpfMap map = pinned.orElseThrow()) {
      return map.dump().stream().mapToLong(e -> sum(e.value())).sum();
    }
  }

  private static long sum(byte[] perCpu) {
    ByteBuffer values = ByteBuffer.wrap(perCpu).order(ByteOrder.nativeOrder());
    long sum = 0;
    while (values.hasRemaining()) {
      sum += values.getLong();
    }
    return sum;
  }

  /** The attachment at the near end's ingress. */
  BpfAttachment ingress() {
    return BpfAttachment.pinned(pins().links().resolve("near%2e0:tcx-ingress"));
  }

  String ping(int count, String interval) {
    return Shell.in(node, "ns1", "ping -n -c %d -i %s -w 30 10.0.1.1".formatted(count, interval))
        .orFail();
  }
}
