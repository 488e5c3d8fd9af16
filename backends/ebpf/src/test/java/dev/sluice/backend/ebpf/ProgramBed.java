package dev.sluice.backend.ebpf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.bpf.kind.PinnedMaps;
import dev.sluice.bpf.lib.BpfMap;
import dev.sluice.bpf.lib.BpfProgram;
import dev.sluice.bpf.lib.BpfProgram.TestResult;
import dev.sluice.bpf.lib.SkbContext;
import dev.sluice.bpf.render.FilteringDatapath;
import dev.sluice.bpf.render.Layout;
import dev.sluice.core.address.IpAddress;
import dev.sluice.core.address.MacAddress;
import dev.sluice.core.datapath.DesiredState;
import dev.sluice.core.datapath.GatewayRender;
import dev.sluice.core.netlink.route.LinkMessage;
import dev.sluice.core.netlink.route.RouteSocket;
import dev.sluice.core.node.BpfFileSystem;
import dev.sluice.core.node.Node;
import dev.sluice.core.policy.DropReason;
import dev.sluice.core.topology.Topology;
import dev.sluice.core.topology.Topology.Endpoint;
import dev.sluice.core.topology.Topology.Interface;
import dev.sluice.testkit.CountsByMeaning;
import dev.sluice.testkit.Shell;
import dev.sluice.testkit.TestTopologies;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A topology in force on a node, whose programs are run on frames of ours by BPF_PROG_TEST_RUN: no
 * frame goes anywhere, but what the programs remember of it stays.
 */
final class ProgramBed implements AutoCloseable {

  /** The verdicts of tc (linux/pkt_cls.h). */
  static final int DROPPED = 2;

  static final int REDIRECTED = 7;

  /** The stack goes on with it, or the next program. */
  static final int NEXT = -1;

  /** It gets to the endpoint. */
  static final int PASSED = 0;

  /** Beside the directories of versions. */
  private static final Set<String> NO_VERSIONS = Set.of("live", "links");

  private final Node node;
  private final Programs programs;
  private final long secret;
  private final BpfMap drops;

  /** Where the frames of endpoints' interfaces are met. */
  private final Map<String, Integer> ends = new HashMap<>();

  private Set<MacAddress> gateways = Set.of();
  private Map<String, Integer> links = Map.of();
  private DesiredState desired;
  private BpfProgram fromEndpoint;
  private BpfProgram toEndpoint;
  private BpfProgram fromNode;
  private BpfProgram fromWire;

  /** Applies {@code yaml} to the eBPF datapath. */
  ProgramBed(Node node, String yaml) {
    this(node, Programs.ENDPOINT, yaml);
  }

  /** Applies {@code yaml} to the datapath that has those programs. */
  ProgramBed(Node node, Programs programs, String yaml) {
    this.node = node;
    this.programs = programs;
    take(yaml);
    this.secret = secret(node, desired.topology().name());
    this.drops = PinnedMaps.live(node, desired.topology().name(), "drops").orElseThrow();
  }

  /** Applies another text of the same topology. */
  void apply(String yaml) {
    closePrograms();
    take(yaml);
  }

  private void take(String yaml) {
    FilteringDatapath datapath = programs.datapath();
    desired = desired(yaml);
    TestTopologies.on(node, datapath).apply(TestTopologies.declared(datapath, yaml));
    links = inNode(ProgramBed::indexes);
    Topology topology = desired.topology();
    for (Endpoint endpoint : topology.endpoints()) {
      for (Interface iface : endpoint.interfaces()) {
        ends.put(
            endpoint.name() + "/" + iface.name(),
            links.get(programs.link(desired, endpoint, iface)));
      }
    }
    gateways =
        topology.networks().stream()
            .map(network -> GatewayRender.mac(desired, network.name()))
            .collect(Collectors.toSet());
    Path version = version(node, topology.name());
    fromEndpoint = program(version, programs.fromEndpoint());
    toEndpoint = program(version, programs.toEndpoint());
    fromNode = program(version, "from_node");
    fromWire = program(version, "from_wire");
  }

  private static BpfProgram program(Path version, String name) {
    return BpfProgram.pinned(version.resolve("prog-" + name));
  }

  /** Applies {@code yaml} on a node that has a device on a wire, up0. */
  static ProgramBed onWire(Node node, Programs programs, String yaml) {
    Shell.inNode(
            node,
            "ip link add up0 type veth peer name beyond0 && ip link set up0 up"
                + " && ip link set beyond0 up")
        .orFail();
    return new ProgramBed(node, programs, yaml);
  }

  /** What a topology is on this machine, without applying it. */
  static DesiredState desired(String yaml) {
    return DesiredState.of(TestTopologies.facts(), TestTopologies.read(yaml));
  }

  /** By which the programs of a topology know what one of them has decided on. */
  static long secret(Node node, String topology) {
    Path pin = pins(node, topology).resolve("live").resolve("map-secret");
    try (BpfMap map = BpfMap.pinned(pin)) {
      byte[] value = map.lookup(new byte[Integer.BYTES]).orElseThrow();
      return ByteBuffer.wrap(value).order(ByteOrder.nativeOrder()).getLong();
    }
  }

  private static Map<String, Integer> indexes() {
    try (RouteSocket route = RouteSocket.open()) {
      return route.links().stream()
          .collect(Collectors.toMap(LinkMessage::name, LinkMessage::index));
    }
  }

  private static Path pins(Node node, String topology) {
    return node.directories().pins().resolve(BpfFileSystem.pinName(topology));
  }

  /** The pins of what is in force. */
  static Path version(Node node, String topology) {
    try (Stream<Path> files = Files.list(pins(node, topology))) {
      List<Path> versions =
          files.filter(f -> !NO_VERSIONS.contains(f.getFileName().toString())).toList();
      assertThat(versions).as("versions in force").hasSize(1);
      return versions.get(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  DesiredState desired() {
    return desired;
  }

  /** Runs {@code task} in the node's namespace, where ifindexes mean its links. */
  <T> T inNode(Supplier<T> task) {
    return node.netns().call(task::get);
  }

  /** As {@link #fromEndpoint(byte[], byte[])}, of an endpoint's interface. */
  TestResult fromEndpoint(String endpoint, String iface, byte[] frame) {
    return fromEndpoint(frame, contextOf(endpoint, iface));
  }

  /**
   * Runs the program that meets what endpoints send; from {@link #inNode}. A drop is told as such
   * where the verdict hides it, of a topology that is on no wire.
   */
  TestResult fromEndpoint(byte[] frame, byte[] context) {
    if (!programs.hidesDrops()) {
      return fromEndpoint.testRun(frame, context, 1);
    }
    long before = isForGateway(frame) ? dropped() : 0;
    TestResult result = fromEndpoint.testRun(frame, context, 1);
    assertThat(result.verdict()).as("a verdict that shows nothing").isEqualTo(REDIRECTED);
    // What gets to an endpoint bears the secret, what gets to the node its MAC.
    boolean gone =
        !bearsSecret(result)
            && (!isForGateway(result.frame()) || (isForGateway(frame) && dropped() > before));
    return gone
        ? new TestResult(DROPPED, result.nanoseconds(), result.frame(), result.context())
        : result;
  }

  BpfProgram fromEndpoint() {
    return fromEndpoint;
  }

  private boolean isForGateway(byte[] frame) {
    return gateways.contains(MacAddress.of(Arrays.copyOf(frame, 6)));
  }

  private long dropped() {
    return drops.sum(
        counts -> {
          int packets = 0;
          for (int at = 0; at < counts.capacity(); at += Layout.COUNT.size()) {
            packets += (int) counts.getLong(at);
          }
          return packets;
        });
  }

  /** Whether it has been decided that the frame may go to an endpoint. */
  boolean bearsSecret(TestResult result) {
    return SkbContext.of(result.context()).cb() == secret;
  }

  /** Runs the program that meets what goes to an endpoint on what another has made of a frame. */
  TestResult toEndpoint(TestResult result) {
    SkbContext context = SkbContext.of(result.context());
    return toEndpoint.testRun(
        result.frame(), new SkbContext(0, 0, 0, context.ifindex(), context.cb()).bytes(), 1);
  }

  /** Runs from_node as at the link of a network's gateway; from {@link #inNode}. */
  TestResult fromNode(String network, byte[] frame) {
    return fromNode(frame, contextOf(network));
  }

  /** As {@link #fromNode(String, byte[])}, with a context of that network's. */
  TestResult fromNode(byte[] frame, byte[] context) {
    return fromNode.testRun(frame, context, 1);
  }

  /** Runs from_node on what a tunnel sends; from {@link #inNode}. */
  TestResult fromTunnel(String network, byte[] frame) {
    return fromNode(frame, contextOf(network, 0));
  }

  /** Runs from_wire as at a device of the node; from {@link #inNode}. */
  TestResult fromWire(String device, byte[] frame) {
    return fromWire.testRun(frame, SkbContext.at(links.get(device)).bytes(), 1);
  }

  /** Of a frame that comes from an endpoint's interface. */
  byte[] contextOf(String endpoint, String iface) {
    return SkbContext.at(ends.get(endpoint + "/" + iface)).bytes();
  }

  /** Of a frame that came in by a device of the node's, which forwards it into a network. */
  byte[] contextOf(String network) {
    return contextOf(network, links.get("lo"));
  }

  /** Of a frame that is met on its way into a network; it came in by the device, or by none: 0. */
  private byte[] contextOf(String network, int from) {
    int link = links.get(GatewayRender.link(desired.topology(), network));
    return new SkbContext(0, 0, from, link, secret).bytes();
  }

  /** How often each reason has been counted, policy by the sides that deny. */
  Map<DropReason, Long> drops() {
    CountsByMeaning counts =
        new CountsByMeaning(
            programs.datapath().counting(desired).apply(node).byMeaning(), desired.policies());
    return Stream.of(DropReason.values())
        .collect(Collectors.toMap(reason -> reason, counts::dropped));
  }

  static MacAddress mac(DesiredState desired, String endpoint, String iface) {
    Endpoint e = endpoint(desired.topology(), endpoint);
    return desired.mac(e, iface(e, iface));
  }

  /** All of the interface's addresses, the link-local one last. */
  static List<IpAddress> addresses(DesiredState desired, String endpoint, String iface) {
    Endpoint e = endpoint(desired.topology(), endpoint);
    return desired.addresses(e, iface(e, iface));
  }

  private static Endpoint endpoint(Topology topology, String name) {
    return topology.endpoints().stream()
        .filter(e -> e.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static Interface iface(Endpoint endpoint, String name) {
    return endpoint.interfaces().stream()
        .filter(i -> i.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private void closePrograms() {
    fromEndpoint.close();
    toEndpoint.close();
    fromNode.close();
    fromWire.close();
  }

  @Override
  public void close() {
    closePrograms();
    drops.close();
  }
}
