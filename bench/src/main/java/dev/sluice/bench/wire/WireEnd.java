package dev.sluice.bench.wire;

import dev.sluice.bench.Candidate;
import dev.sluice.bench.DeviceReader;
import dev.sluice.bench.report.Results.Device;
import dev.sluice.bench.wire.EndSpec.Host;
import dev.sluice.core.address.Cidr;
import dev.sluice.core.address.IpAddress;
import dev.sluice.core.check.CheckReport;
import dev.sluice.core.check.CheckTarget;
import dev.sluice.core.check.Expected;
import dev.sluice.core.check.Prober;
import dev.sluice.core.datapath.Datapath;
import dev.sluice.core.datapath.NodeFacts;
import dev.sluice.core.error.SluiceException;
import dev.sluice.core.error.SluiceException.Category;
import dev.sluice.core.netlink.route.AddressMessage;
import dev.sluice.core.netlink.route.AddressRequests;
import dev.sluice.core.netlink.route.AddressRequests.NewAddress;
import dev.sluice.core.netlink.route.LinkChange;
import dev.sluice.core.netlink.route.LinkRequests;
import dev.sluice.core.netlink.route.MacvlanKind;
import dev.sluice.core.netlink.route.NewLink;
import dev.sluice.core.netlink.route.RouteSocket;
import dev.sluice.core.node.Node;
import dev.sluice.core.node.NodeLock;
import dev.sluice.core.reconcile.Intent.Declared;
import dev.sluice.core.reconcile.ReconcileObserver;
import dev.sluice.core.reconcile.Topologies;
import dev.sluice.core.reconcile.kind.Kinds;
import dev.sluice.core.sys.Netns;
import dev.sluice.core.topology.Topology;
import dev.sluice.core.topology.TopologyReader;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One end of the wire: what is up on this host, on one datapath at a time. A datapath's is a
 * topology of the host, stored as every other, under a name that is kept for this: so that one that
 * a killed process has left is found by that name, and taken down by the next. The reference's is
 * in a namespace without a name, which goes with the process.
 */
public final class WireEnd implements AutoCloseable {

  private final Node node;
  private final String name;
  private final String parent;
  private final Topologies topologies;
  private final Map<String, Datapath> datapaths;
  private final NodeFacts facts;
  private final Map<String, Netns> endpoints = new HashMap<>();
  private final NodeLock lock;
  private Optional<Topology> running = Optional.empty();

  /**
   * Nothing is up afterwards, whatever was left. Until it is closed there is no other of that name
   * on the node, in no process: it would take down what this one has up.
   *
   * @param name of the topology
   * @param parent the node's device on the wire
   * @throws SluiceException if there is no such device, or another
   */
  public WireEnd(
      Node node,
      String name,
      String parent,
      NodeFacts facts,
      Kinds kinds,
      Map<String, Datapath> datapaths,
      ReconcileObserver observer) {
    this.node = node;
    this.name = name;
    this.parent = parent;
    this.facts = facts;
    this.datapaths = Map.copyOf(datapaths);
    this.topologies = new Topologies(node, facts, kinds, datapaths, observer);
    this.lock = NodeLock.takeNow(node, name, "compares over a wire as " + name);
    try {
      parentIndex();
      destroy();
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  public Node node() {
    return node;
  }

  public NodeFacts facts() {
    return facts;
  }

  public String parent() {
    return parent;
  }

  /** What the device on the wire is like. */
  Device device() {
    return node.netns().call(() -> DeviceReader.read(parent));
  }

  /** What the interface of an endpoint is like that is up. */
  Device device(String endpoint) {
    return endpoint(endpoint).call(() -> DeviceReader.read(EndSpec.LINK));
  }

  Map<String, Datapath> datapaths() {
    return datapaths;
  }

  /** The topology that {@link #up} makes of {@code spec}. */
  Topology topology(EndSpec spec) {
    return TopologyReader.read(name, spec.document(name, parent));
  }

  /** Brings {@code spec} up on the datapath of that name, or for a reference its first endpoint. */
  void up(String candidate, EndSpec spec) {
    down();
    if (candidate.equals(Candidate.RAW) || candidate.equals(Candidate.RAW_AGAIN)) {
      // Read for its checks: what comes from the other host goes by them, whatever becomes of it.
      topology(spec);
      raw(spec);
      return;
    }
    if (!datapaths.containsKey(candidate)) {
      throw new SluiceException(Category.USER, "there is no datapath " + candidate);
    }
    Topology topology = topology(spec);
    running = Optional.of(topology);
    topologies.apply(new Declared(candidate, name, spec.document(name, parent)));
    topology
        .endpoints()
        .forEach(e -> endpoints.put(e.name(), Netns.open(node.published(e.netns()))));
  }

  /** The namespace of an endpoint that is up. */
  Netns endpoint(String endpoint) {
    return Optional.ofNullable(endpoints.get(endpoint))
        .orElseThrow(() -> new SluiceException(Category.USER, endpoint + " is not up"));
  }

  /** Probes what is up with real packets; empty for a reference, which promises nothing. */
  Optional<CheckReport> check(String datapath) {
    return running.map(
        topology ->
            new Prober(Expected.policies(topology))
                .run(topology, datapath, new Target(node.netns(), Map.copyOf(endpoints))));
  }

  private record Target(Netns node, Map<String, Netns> endpoints) implements CheckTarget {
    @Override
    public Netns endpoint(String name) {
      return endpoints.get(name);
    }
  }

  /** Takes down what is up, if anything is. */
  void down() {
    try {
      if (running.isEmpty()) {
        // A macvlan would go with its namespace, but later: its MAC is to be off the wire now.
        endpoints.values().forEach(netns -> netns.run(WireEnd::deleteLink));
      }
    } finally {
      running = Optional.empty();
      endpoints.values().forEach(Netns::close);
      endpoints.clear();
      destroy();
    }
  }

  private void destroy() {
    if (topologies.isStored(name)) {
      topologies.destroy(name);
    }
  }

  private void raw(EndSpec spec) {
    Host host = spec.endpoints().get(0);
    int index = parentIndex();
    Netns netns = Netns.create();
    endpoints.put(host.name(), netns);
    NewLink link =
        NewLink.named(EndSpec.LINK).withParent(index).withMtu(spec.mtu()).inNetns(netns.fd());
    node.netns()
        .run(
            () -> {
              try (RouteSocket route = RouteSocket.open()) {
                route.executeAll(LinkRequests.add(link, new MacvlanKind(MacvlanKind.Mode.BRIDGE)));
              }
            });
    netns.run(() -> configure(spec, host));
  }

  private static void configure(EndSpec spec, Host host) {
    try (RouteSocket route = RouteSocket.open()) {
      route.executeAll(
          LinkRequests.change(LinkChange.named("lo").up()),
          LinkRequests.change(LinkChange.named(EndSpec.LINK).up()));
      int index = route.link(EndSpec.LINK).orElseThrow().index();
      for (String text : host.addresses()) {
        IpAddress ip = IpAddress.parse(text);
        int prefix =
            spec.subnets().stream()
                .map(Cidr::parse)
                .filter(subnet -> subnet.contains(ip))
                .findFirst()
                .orElseThrow()
                .prefix();
        route.executeAll(
            AddressRequests.add(new NewAddress(index, ip, prefix, AddressMessage.NODAD, 0)));
      }
    }
  }

  private static void deleteLink() {
    try (RouteSocket route = RouteSocket.open()) {
      if (route.link(EndSpec.LINK).isPresent()) {
        route.executeAll(LinkRequests.delete(EndSpec.LINK));
      }
    }
  }

  private int parentIndex() {
    return node.netns()
        .call(
            () -> {
              try (RouteSocket route = RouteSocket.open()) {
                return route
                    .link(parent)
                    .orElseThrow(
                        () ->
                            new SluiceException(
                                Category.USER,
                                "--parent: there is no interface %s; name one that 'ip link' shows"
                                    .formatted(parent)))
                    .index();
              }
            });
  }

  @Override
  public void close() {
    try (lock) {
      down();
    }
  }
}
