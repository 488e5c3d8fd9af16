package dev.sluice.bench.targets;

import dev.sluice.backend.ebpf.EbpfDatapath;
import dev.sluice.bench.stats.Statistics;
import dev.sluice.bpf.ObjectFile;
import dev.sluice.bpf.kernel.BpfObject;
import dev.sluice.bpf.lib.BpfMap;
import dev.sluice.bpf.lib.BpfProgram;
import dev.sluice.bpf.lib.BpfProgram.TestResult;
import dev.sluice.bpf.lib.OpenObject;
import dev.sluice.bpf.lib.SkbContext;
import dev.sluice.core.address.MacAddress;
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
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Target 6: what a packet costs in from_endpoint, and in pieces of it, by BPF_PROG_TEST_RUN, warm:
 * the programs of {@code cost.bpf.c} on the maps of a running topology, each run on a frame made
 * anew, harness included. Every verdict is checked, and what the counters of rules say of it.
 * Argument: packets a sample.
 */
final class ProgramCost {

  private static final int REDIRECT = 7;
  private static final int SAMPLES = 21;
  private static final int INSTRUCTION = 8;

  /**
   * More than the openings have room for: none of these is still there when its turn comes again.
   */
  private static final int FIRST_PORT = 2000;

  private static final int MOST = 10_000;
  private static final int PORTS = 50_000;

  /** Of flows that are established, behind those. */
  private static final int FIRST_KNOWN = FIRST_PORT + PORTS;

  private static final int MANY_KNOWN = 10_000;
  private static final int KNOWN_PORT = 1999;

  private final DesiredState desired;
  private final Path pins;
  private final String version;

  private ProgramCost(Node node, String text) {
    NodeFacts facts = NodeFactsReader.read(false);
    EbpfDatapath datapath = new EbpfDatapath();
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
    this.pins = node.directories().pins().resolve(object.name());
    this.version = object.version();
  }

  public static void main(String[] arguments) {
    int packets = Integer.parseInt(arguments[0]);
    ThrowawayNode.collectLeftovers();
    for (int rules : new int[] {10, MOST}) {
      try (ThrowawayNode throwaway = ThrowawayNode.create("rules-" + rules)) {
        ProgramCost cost = new ProgramCost(throwaway.node(), ManyRules.of(rules).text());
        System.out.println(rules + " rules");
        throwaway
            .node()
            .netns()
            .call(
                () -> {
                  cost.measure(packets, rules);
                  return true;
                });
      }
    }
  }

  private void measure(int packets, int rules) {
    establish(KNOWN_PORT, 1);
    establish(FIRST_KNOWN, MANY_KNOWN);
    try (OpenObject known = open(KNOWN_PORT, 1, 1);
        OpenObject many = open(FIRST_KNOWN, MANY_KNOWN, 1);
        OpenObject unknown = open(FIRST_PORT, PORTS, 1);
        OpenObject various = open(FIRST_PORT, PORTS, ManyRules.OPEN_PORTS)) {
      Part established = new Part("established flow, by the cache", known, "cost_whole", REDIRECT);
      Part inTurn = new Part("established flows, 10,000 in turn", many, "cost_whole", REDIRECT);
      Part fresh = new Part("new flow, to another port each time", various, "cost_whole", REDIRECT);
      List<Part> parts =
          List.of(
              new Part("harness: the frame made anew, redirected", known, "cost_harness", REDIRECT),
              new Part("  and its tuple read", known, "cost_tuple", 0),
              established,
              new Part("  the look at the cache alone", known, "cost_known", REDIRECT),
              // They take the place of the other one in the cache: not between those two.
              inTurn,
              new Part("established flow, past the cache", known, "cost_uncached", REDIRECT),
              new Part("new flow, to the port of the last", unknown, "cost_whole", REDIRECT),
              fresh,
              new Part("  headers parsed", unknown, "cost_parse", 0),
              new Part("  and both ends found", unknown, "cost_ends", 0),
              new Part("  parsed, and no flow found", unknown, "cost_flow", 0),
              new Part("  ends, and policy asked, both directions", unknown, "cost_policy", 0),
              new Part("  parsed, and a flow begun", unknown, "cost_begin", 0));
      byte[] context = context("client");
      Map<Part, double[]> figures = new LinkedHashMap<>();
      for (int sample = 0; sample < SAMPLES; sample++) {
        for (Part part : parts) {
          figures.computeIfAbsent(part, p -> new double[SAMPLES])[sample] =
              part.run(frame(KNOWN_PORT), context, packets);
        }
      }
      figures.forEach(
          (part, ns) ->
              System.out.printf(
                  Locale.ROOT,
                  "  %-48s %6.0f ns  %5d instructions in the program%n",
                  part.what(),
                  Statistics.median(ns),
                  part.instructions()));
      if (rules == MOST) {
        Targets.tell(
            6, "ebpf: ns, established flow", Statistics.median(figures.get(established)), 70, 40);
        Targets.tell(
            6,
            "ebpf: ns, 10,000 established flows in turn",
            Statistics.median(figures.get(inTurn)),
            70,
            40);
        Targets.tell(
            6, "ebpf: ns, new flow at 10k rules", Statistics.median(figures.get(fresh)), 600, 320);
      }
    }
  }

  /** A program to measure, and what it comes to. */
  private record Part(String what, OpenObject object, String program, int verdict) {

    /** All branches, after the verifier. */
    int instructions() {
      return object.program(program).info().translatedBytes() / INSTRUCTION;
    }

    double run(byte[] frame, byte[] context, int packets) {
      TestResult result = object.program(program).testRun(frame, context, packets);
      if (result.verdict() != verdict) {
        throw new IllegalStateException("verdict " + result.verdict() + " of " + program);
      }
      return result.nanoseconds();
    }
  }

  /** The programs to measure, on the maps of the topology. */
  private OpenObject open(int firstPort, int ports, int destinations) {
    OpenObject object = OpenObject.open("cost", ObjectFile.read("cost"));
    object.set("first_port", firstPort);
    object.set("port_count", ports);
    object.set("first_destination", ManyRules.FIRST_OPEN);
    object.set("destination_count", destinations);
    object.set("destination_mac", number(GatewayRender.mac(desired, "red")));
    object.set("source_mac", number(desired.mac(endpoint("client"), only("client"))));
    for (String map : object.maps()) {
      Path pin = pins.resolve(version).resolve("map-" + map);
      Path shared = Files.exists(pin) ? pin : pins.resolve("live").resolve("map-" + map);
      try (BpfMap standing = BpfMap.pinned(shared)) {
        object.setMaxEntries(map, standing.shape().maxEntries());
      }
      object.share(map, shared);
    }
    object.load();
    return object;
  }

  /** Question, answer and another question from each port: from then on they are established. */
  private void establish(int firstPort, int ports) {
    byte[] client = context("client");
    byte[] server = context("server");
    try (BpfProgram program =
        BpfProgram.pinned(pins.resolve(version).resolve("prog-from_endpoint"))) {
      for (int port = firstPort; port < firstPort + ports; port++) {
        byte[] there = frame(port);
        require(program.testRun(there, client, 1));
        require(program.testRun(frame("server", "client", ManyRules.FIRST_OPEN, port), server, 1));
        require(program.testRun(there, client, 1));
        require(program.testRun(there, client, 1));
      }
    }
  }

  private static void require(TestResult result) {
    if (result.verdict() != REDIRECT) {
      throw new IllegalStateException("verdict " + result.verdict());
    }
  }

  private byte[] context(String endpoint) {
    Endpoint from = endpoint(endpoint);
    String name = PortRender.link(desired.topology(), from, only(endpoint));
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

  private Interface only(String endpoint) {
    return endpoint(endpoint).interfaces().get(0);
  }

  private byte[] frame(int sourcePort) {
    return frame("client", "server", sourcePort, ManyRules.FIRST_OPEN);
  }

  /** To the gateway. */
  private byte[] frame(String from, String to, int sourcePort, int destinationPort) {
    return new Ethernet(
            GatewayRender.mac(desired, only(from).network()),
            desired.mac(endpoint(from), only(from)),
            Ipv4.of(
                only(from).addresses().get(0),
                only(to).addresses().get(0),
                Udp.of(sourcePort, destinationPort, Bytes.ofText("what it costs"))))
        .encode();
  }

  /** As the first bytes of a number in memory. */
  private static long number(MacAddress mac) {
    byte[] bytes = Arrays.copyOf(mac.bytes(), Long.BYTES);
    return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).getLong();
  }
}
