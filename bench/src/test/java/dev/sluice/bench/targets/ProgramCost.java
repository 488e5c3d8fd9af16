package dev.sluice.bench.targets;

import dev.sluice.backend.ebpf.EbpfDatapath;
import dev.sluice.bench.stats.Statistics;
import dev.sluice.bpf.kernel.BpfObject;
import dev.sluice.bpf.lib.BpfProgram;
import dev.sluice.bpf.lib.BpfProgram.TestResult;
import dev.sluice.bpf.lib.SkbContext;
import dev.sluice.core.datapath.DesiredState;
import dev.sluice.core.datapath.GatewayRender;
import dev.sluice.core.datapath.NodeFacts;
import dev.sluice.core.datapath.PortRender;
import dev.sluice.core.netlink.NetlinkObserver;
import dev.sluice.core.netlink.route.RouteSocket;
import dev.sluice.core.node.Node;
import dev.sluice.core.node.NodeFactsReader;
import dev.sluice.core.node.ThrowawayNode;
import dev.sluice.core.packet.Bytes;
import dev.sluice.core.packet.Ethernet;
import dev.sluice.core.packet.Ipv4;
import dev.sluice.core.packet.Udp;
import dev.sluice.core.reconcile.Intent.Declared;
import dev.sluice.core.reconcile.Progress;
import dev.sluice.core.reconcile.ReconcileObserver;
import dev.sluice.core.reconcile.Topologies;
import dev.sluice.core.topology.Topology.Endpoint;
import dev.sluice.core.topology.Topology.Interface;
import dev.sluice.core.topology.TopologyReader;
import java.util.Locale;
import java.util.Map;

/**
 * Target 6: what a packet costs in from_endpoint, by BPF_PROG_TEST_RUN, harness included, every
 * verdict checked. New flows come one at a time from ports of their own. The frame of an
 * established flow within a subnet is run again and again; one that is routed would not be the same
 * afterwards, so that it comes one at a time too. Argument: the number of new flows.
 */
final class ProgramCost {

  private static final int REDIRECT = 7;
  private static final int REPEAT = 100_000;
  private static final int SAMPLES = 21;
  private static final int FIRST_PORT = 10_000;

  private static final String NEIGHBOURS =
      """
      apiVersion: sluice.dev/v1alpha1
      kind: Topology
      metadata: {name: rules}
      spec:
        networks: [{name: red, subnets: [10.0.1.0/24]}]
        endpoints:
          - {name: client, netns: client, interfaces: [{network: red, name: eth0, addresses: [10.0.1.2]}]}
          - {name: server, netns: server, interfaces: [{network: red, name: eth0, addresses: [10.0.1.3]}]}
      """;

  private final Node node;
  private final DesiredState desired;
  private final BpfProgram program;

  private ProgramCost(Node node, String text) {
    NodeFacts facts = NodeFactsReader.read(false);
    EbpfDatapath datapath = new EbpfDatapath();
    this.node = node;
    this.desired = DesiredState.of(facts, TopologyReader.read("rules.yaml", text));
    new Topologies(
            node,
            facts,
            Targets.kinds(),
            Map.of(datapath.name(), datapath),
            ReconcileObserver.uncounted(Progress.silent()))
        .apply(new Declared(datapath.name(), "rules.yaml", text));
    BpfObject object =
        datapath.render(desired).objects().stream()
            .filter(BpfObject.class::isInstance)
            .map(BpfObject.class::cast)
            .findFirst()
            .orElseThrow();
    this.program =
        BpfProgram.pinned(
            node.directories()
                .pins()
                .resolve(object.name())
                .resolve(object.version())
                .resolve("prog-from_endpoint"));
  }

  public static void main(String[] arguments) {
    int flows = Integer.parseInt(arguments[0]);
    ThrowawayNode.collectLeftovers();
    try (ThrowawayNode throwaway = ThrowawayNode.create("neighbours")) {
      ProgramCost cost = new ProgramCost(throwaway.node(), NEIGHBOURS);
      cost.inNode(cost::establishedWithinASubnet);
    }
    for (int rules : new int[] {10, 10_000}) {
      try (ThrowawayNode throwaway = ThrowawayNode.create("rules-" + rules)) {
        ProgramCost cost = new ProgramCost(throwaway.node(), ManyRules.of(rules).text());
        cost.inNode(() -> cost.newFlows(rules, flows));
        cost.inNode(() -> cost.establishedAndRouted(rules, flows));
      }
    }
  }

  private void inNode(Runnable work) {
    node.netns()
        .call(
            () -> {
              work.run();
              return true;
            });
  }

  private void establishedWithinASubnet() {
    byte[] there = frame("client", "server", FIRST_PORT, ManyRules.FIRST_OPEN);
    establish(there, frame("server", "client", ManyRules.FIRST_OPEN, FIRST_PORT));
    double[] figures = new double[SAMPLES];
    for (int i = 0; i < SAMPLES; i++) {
      figures[i] = run("client", there, REPEAT);
    }
    tell("established flow, within a subnet", figures);
  }

  private void establishedAndRouted(int rules, int samples) {
    byte[] there = frame("client", "server", FIRST_PORT - 1, ManyRules.FIRST_OPEN);
    establish(there, frame("server", "client", ManyRules.FIRST_OPEN, FIRST_PORT - 1));
    double[] figures = new double[samples];
    for (int i = 0; i < samples; i++) {
      figures[i] = run("client", there, 1);
    }
    tell("established flow, routed, one at a time, " + rules + " rules", figures);
  }

  private void newFlows(int rules, int samples) {
    double[] figures = new double[samples];
    for (int i = 0; i < samples; i++) {
      figures[i] =
          run("client", frame("client", "server", FIRST_PORT + i, ManyRules.FIRST_OPEN), 1);
    }
    tell("new flow, routed, one at a time, " + rules + " rules", figures);
  }

  /** Question, answer and another question: from then on the way is known. */
  private void establish(byte[] there, byte[] back) {
    run("client", there, 1);
    run("server", back, 1);
    for (int i = 0; i < 4; i++) {
      run("client", there, 1);
    }
  }

  private double run(String from, byte[] frame, int repeat) {
    TestResult result = program.testRun(frame, context(from), repeat);
    if (result.verdict() != REDIRECT) {
      throw new IllegalStateException("verdict " + result.verdict() + " on a frame of " + from);
    }
    return result.nanoseconds();
  }

  private byte[] context(String endpoint) {
    Endpoint from = endpoint(endpoint);
    String name = PortRender.link(desired.topology(), from, from.interfaces().get(0));
    try (RouteSocket route = RouteSocket.open(NetlinkObserver.NONE)) {
      return SkbContext.at(route.link(name).orElseThrow().index()).bytes();
    }
  }

  private Endpoint endpoint(String name) {
    return desired.topology().endpoints().stream()
        .filter(e -> e.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** To the gateway, unless both are in one network. */
  private byte[] frame(String from, String to, int sourcePort, int destinationPort) {
    Interface source = endpoint(from).interfaces().get(0);
    Interface destination = endpoint(to).interfaces().get(0);
    boolean neighbours = source.network().equals(destination.network());
    return new Ethernet(
            neighbours
                ? desired.mac(endpoint(to), destination)
                : GatewayRender.mac(desired, source.network()),
            desired.mac(endpoint(from), source),
            Ipv4.of(
                source.addresses().get(0),
                destination.addresses().get(0),
                Udp.of(sourcePort, destinationPort, Bytes.ofText("what it costs"))))
        .encode();
  }

  private static void tell(String what, double[] figures) {
    System.out.printf(Locale.ROOT, "%-56s %6.0f ns%n", what, Statistics.median(figures));
  }
}
