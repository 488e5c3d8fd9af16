package dev.sluice.backend.ebpf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.bpf.lib.BpfMap;
import dev.sluice.bpf.lib.BpfProgram;
import dev.sluice.bpf.lib.BpfProgram.TestResult;
import dev.sluice.bpf.lib.SkbContext;
import dev.sluice.core.address.IpAddress;
import dev.sluice.core.address.MacAddress;
import dev.sluice.core.datapath.DesiredState;
import dev.sluice.core.datapath.GatewayRender;
import dev.sluice.core.datapath.PortRender;
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

  private static final String FROM_ENDPOINT = "prog-from_endpoint";
  private static final String FROM_NODE = "prog-from_node";
  private static final String FROM_WIRE = "prog-from_wire";

  /** Beside the directories of versions. */
  private static final Set<String> NO_VERSIONS = Set.of("live", "links");

  private final Node node;
  private final DesiredState desired;
  private final Map<String, Integer> links;
  private final BpfProgram fromEndpoint;
  private final BpfProgram fromNode;
  private final BpfProgram fromWire;

  /** By which from_node takes a frame, which no stack has sent, for one that may come there. */
  private final long secret;

  /** Applies {@code yaml}. */
  ProgramBed(Node node, String yaml) {
    EbpfDatapath datapath = new EbpfDatapath();
    this.node = node;
    this.desired = desired(yaml);
    TestTopologies.on(node, datapath).apply(TestTopologies.declared(datapath, yaml));
    this.links = inNode(ProgramBed::indexes);
    Path version = version(node, desired.topology().name());
    this.fromEndpoint = BpfProgram.pinned(version.resolve(FROM_ENDPOINT));
    this.fromNode = BpfProgram.pinned(version.resolve(FROM_NODE));
    this.fromWire = BpfProgram.pinned(version.resolve(FROM_WIRE));
    this.secret = secret(node, desired.topology().name());
  }

  /** Applies {@code yaml} on a node that has a device on a wire, up0. */
  static ProgramBed onWire(Node node, String yaml) {
    Shell.inNode(
            node,
            "ip link add up0 type veth peer name beyond0 && ip link set up0 up"
                + " && ip link set beyond0 up")
        .orFail();
    return new ProgramBed(node, yaml);
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

  /** Runs from_endpoint as at the near end of an endpoint's interface; from {@link #inNode}. */
  TestResult fromEndpoint(String endpoint, String iface, byte[] frame) {
    return fromEndpoint.testRun(frame, contextOf(endpoint, iface), 1);
  }

  /** Runs from_node as at the link of a network's gateway; from {@link #inNode}. */
  TestResult fromNode(String network, byte[] frame) {
    return fromNode.testRun(frame, contextOf(network), 1);
  }

  /** Runs from_node on what a tunnel sends; from {@link #inNode}. */
  TestResult fromTunnel(String network, byte[] frame) {
    return fromNode.testRun(frame, contextOf(network, 0), 1);
  }

  /** Runs from_wire as at a device of the node; from {@link #inNode}. */
  TestResult fromWire(String device, byte[] frame) {
    return fromWire.testRun(frame, SkbContext.at(links.get(device)).bytes(), 1);
  }

  BpfProgram fromEndpoint() {
    return fromEndpoint;
  }

  BpfProgram fromNode() {
    return fromNode;
  }

  /** Of a frame that comes from an endpoint's interface. */
  byte[] contextOf(String endpoint, String iface) {
    Endpoint e = endpoint(desired.topology(), endpoint);
    return SkbContext.at(links.get(PortRender.link(desired.topology(), e, iface(e, iface))))
        .bytes();
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
            new EbpfDatapath().counting(desired).apply(node).byMeaning(), desired.policies());
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

  @Override
  public void close() {
    fromEndpoint.close();
    fromNode.close();
    fromWire.close();
  }
}
