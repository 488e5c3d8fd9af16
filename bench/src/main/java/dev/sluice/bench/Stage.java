package dev.sluice.bench;

import dev.sluice.bench.report.Results.Device;
import dev.sluice.bench.report.Size;
import dev.sluice.bench.workload.Endpoints;
import dev.sluice.core.address.IpAddress;
import dev.sluice.core.address.MacAddress;
import dev.sluice.core.check.CheckReport;
import dev.sluice.core.check.CheckTarget;
import dev.sluice.core.check.Expected;
import dev.sluice.core.check.Prober;
import dev.sluice.core.datapath.Datapath;
import dev.sluice.core.datapath.NodeFacts;
import dev.sluice.core.error.SluiceException;
import dev.sluice.core.kernel.Loopback;
import dev.sluice.core.netlink.route.LinkChange;
import dev.sluice.core.netlink.route.LinkRequests;
import dev.sluice.core.netlink.route.RouteSocket;
import dev.sluice.core.node.Node;
import dev.sluice.core.node.ThrowawayNode;
import dev.sluice.core.reconcile.Intent.Declared;
import dev.sluice.core.reconcile.ReconcileObserver;
import dev.sluice.core.reconcile.Reconciler;
import dev.sluice.core.reconcile.Topologies;
import dev.sluice.core.reconcile.kind.Kinds;
import dev.sluice.core.sys.Netns;
import dev.sluice.core.topology.Topology;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All candidates of a comparison, up side by side, each in a throwaway node of its own. Closing
 * takes everything down, in the reverse order, to the end.
 */
public final class Stage implements AutoCloseable {

  private static final int UPLINK_MTU = 1500;

  private final Topology topology;
  private final Pair pair;
  private final Kinds kinds;
  private final ReconcileObserver observer;
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final List<Candidate> candidates = new ArrayList<>();
  private final Map<String, CheckTarget> datapaths = new HashMap<>();

  /**
   * Nothing is brought up yet.
   *
   * @param topology whose endpoints the traffic runs between, on every candidate
   * @param kinds of all objects that the datapaths render to
   * @throws SluiceException if there are no two of them that may connect
   */
  public Stage(Topology topology, Kinds kinds, ReconcileObserver observer) {
    this(topology, Pair.of(topology), kinds, observer);
  }

  /** The same, with the traffic between a pair that is known to be allowed. */
  Stage(Topology topology, Pair pair, Kinds kinds, ReconcileObserver observer) {
    this.topology = topology;
    this.pair = pair;
    this.kinds = kinds;
    this.observer = observer;
  }

  public List<Candidate> candidates() {
    return List.copyOf(candidates);
  }

  /**
   * Brings a topology up on one datapath, as the candidate of that name.
   *
   * @param declared has the endpoints of the stage's topology
   */
  public void addDatapath(String name, Declared declared, Datapath datapath, NodeFacts facts) {
    Node node = applied(name, declared, datapath, facts);
    Map<String, Netns> endpoints = new HashMap<>();
    topology.endpoints().forEach(e -> endpoints.put(e.name(), netns(node, e.netns())));
    add(
        name,
        Optional.empty(),
        Optional.of(node.directories().pins()),
        endpoints.get(pair.client().name()),
        pair.clientLink(),
        endpoints.get(pair.server().name()),
        pair.serverAddress());
    datapaths.put(name, new Target(node.netns(), endpoints));
  }

  /**
   * Brings up on one datapath what is compared at several sizes; it is not among those to {@link
   * #check}.
   *
   * @param declared has the stage's client and server, whatever else it has
   */
  void addSized(Size size, Declared declared, Datapath datapath, NodeFacts facts) {
    Node node = applied(datapath.name(), declared, datapath, facts);
    add(
        datapath.name(),
        Optional.of(size),
        Optional.of(node.directories().pins()),
        netns(node, pair.client().netns()),
        pair.clientLink(),
        netns(node, pair.server().netns()),
        pair.serverAddress());
  }

  private Node applied(String name, Declared declared, Datapath datapath, NodeFacts facts) {
    Node node = node(name);
    standIns(topology, node);
    new Topologies(node, facts, kinds, Map.of(datapath.name(), datapath), observer).apply(declared);
    return node;
  }

  /** Brings a raw veth pair up. */
  public void addVeth(String name) {
    Node node = node(name);
    Reconciler.converge(node, RawVeth.render(pair), observer);
    add(
        name,
        Optional.empty(),
        Optional.empty(),
        node.netns(),
        RawVeth.CLIENT_LINK,
        netns(node, RawVeth.SERVER),
        pair.serverAddress());
  }

  /** Takes the loopback of one namespace for both ends, with the MTU of the others. */
  public void addLoopback(String name) {
    Node node = node(name);
    node.netns().run(() -> setMtu(Loopback.NAME, pair.mtu()));
    String address = pair.serverAddress().isV4() ? "127.0.0.1" : "::1";
    add(
        name,
        Optional.empty(),
        Optional.empty(),
        node.netns(),
        Loopback.NAME,
        node.netns(),
        IpAddress.parse(address));
  }

  Pair pair() {
    return pair;
  }

  /** Probes every datapath with real packets. */
  List<CheckReport> check() {
    Prober prober = new Prober(Expected.policies(topology));
    return candidates.stream()
        .map(Candidate::name)
        .filter(datapaths::containsKey)
        .map(name -> prober.run(topology, name, datapaths.get(name)))
        .toList();
  }

  private void add(
      String name,
      Optional<Size> size,
      Optional<Path> pins,
      Netns client,
      String clientLink,
      Netns server,
      IpAddress serverAddress) {
    Device device = client.call(() -> DeviceReader.read(clientLink));
    Endpoints endpoints =
        new Endpoints(client, server, serverAddress, pair.tcpPort(), pair.udpPort());
    candidates.add(new Candidate(name, endpoints, device, pins, size));
  }

  /** Gives a node what stands for the uplinks that a topology names. */
  static void standIns(Topology topology, Node node) {
    topology.networks().stream()
        .flatMap(n -> n.uplink().stream())
        .distinct()
        .forEach(uplink -> node.netns().run(() -> standIn(uplink)));
  }

  /** An interface that leads nowhere, for one of the real node that leads out. */
  private static void standIn(String uplink) {
    try (RouteSocket route = RouteSocket.open()) {
      MacAddress mac = MacAddress.derive("stand-in", uplink);
      route.executeAll(
          LinkRequests.addBridge(uplink, mac, UPLINK_MTU, 0),
          LinkRequests.change(LinkChange.named(uplink).up()));
    }
  }

  private static void setMtu(String link, int mtu) {
    try (RouteSocket route = RouteSocket.open()) {
      route.executeAll(LinkRequests.change(LinkChange.named(link).mtu(mtu)));
    }
  }

  private Node node(String label) {
    ThrowawayNode node = ThrowawayNode.create(label);
    open.push(node);
    return node.node();
  }

  private Netns netns(Node node, String name) {
    Netns netns = Netns.open(node.published(name));
    open.push(netns);
    return netns;
  }

  private record Target(Netns node, Map<String, Netns> endpoints) implements CheckTarget {
    @Override
    public Netns endpoint(String name) {
      return endpoints.get(name);
    }
  }

  @Override
  public void close() {
    List<Exception> errors = new ArrayList<>();
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (Exception e) {
        errors.add(e);
      }
    }
    if (!errors.isEmpty()) {
      IllegalStateException all =
          new IllegalStateException("a candidate could not be taken down: " + errors.get(0));
      errors.forEach(all::addSuppressed);
      throw all;
    }
  }
}
