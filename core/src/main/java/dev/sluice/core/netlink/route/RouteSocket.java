package dev.sluice.core.netlink.route;

import dev.sluice.core.netlink.BatchResult;
import dev.sluice.core.netlink.NetlinkConnection;
import dev.sluice.core.netlink.NetlinkObserver;
import dev.sluice.core.netlink.Request;
import dev.sluice.core.netlink.codec.ByteView;
import dev.sluice.core.netlink.codec.NetlinkMessage;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/** rtnetlink of one namespace in typed messages; see {@link NetlinkConnection} for the rest. */
public final class RouteSocket implements AutoCloseable {

  private final NetlinkConnection connection;

  /** Closes the connection in the end. */
  public RouteSocket(NetlinkConnection connection) {
    this.connection = connection;
  }

  /** Connects to the calling thread's namespace. */
  public static RouteSocket open() {
    return new RouteSocket(NetlinkConnection.open());
  }

  /** As {@link #open()}, with someone told of what is sent and refused. */
  public static RouteSocket open(NetlinkObserver observer) {
    return new RouteSocket(NetlinkConnection.open(observer));
  }

  public List<LinkMessage> links() {
    return dump(LinkRequests.dump(), LinkMessage::parse);
  }

  public Optional<LinkMessage> link(String name) {
    return connection.get(LinkRequests.get(name)).map(m -> LinkMessage.parse(m.payload()));
  }

  /** Addresses of both families. */
  public List<AddressMessage> addresses() {
    return dump(AddressRequests.dump(), AddressMessage::parse);
  }

  /** Routes of both families and all tables, those that the kernel sets itself too. */
  public List<RouteMessage> routes() {
    return dump(RouteRequests.dump(), RouteMessage::parse);
  }

  /** Rules of both families. */
  public List<RuleMessage> rules() {
    return dump(RuleRequests.dump(), RuleMessage::parse);
  }

  /** Neighbours of both families. */
  public List<NeighbourMessage> neighbours() {
    return dump(NeighbourRequests.dump(), NeighbourMessage::parse);
  }

  /** Which MAC addresses devices take in frames for beside their own. */
  public List<NeighbourMessage> linkFilters() {
    return dump(NeighbourRequests.dumpFilters(), NeighbourMessage::parse).stream()
        .filter(NeighbourMessage::isSelf)
        .toList();
  }

  /** Filters of a device at {@link FilterMessage#INGRESS} or {@link FilterMessage#EGRESS}. */
  public List<FilterMessage> filters(int index, int parent) {
    return dump(FilterRequests.dump(index, parent), FilterMessage::parse);
  }

  /** The id that this namespace knows another by; empty if it has none. */
  public OptionalInt nsid(int netnsFd) {
    Optional<NetlinkMessage> answer = connection.get(NsIdRequests.get(netnsFd));
    return answer.isEmpty() ? OptionalInt.empty() : NsIdMessage.parse(answer.get().payload()).id();
  }

  /** As {@link NetlinkConnection#execute}. */
  public BatchResult execute(List<Request> requests) {
    return connection.execute(requests);
  }

  /** As {@link NetlinkConnection#executeAll}. */
  public void executeAll(List<Request> requests) {
    connection.executeAll(requests);
  }

  /** As {@link #executeAll(List)}, of one request or a few. */
  public void executeAll(Request... requests) {
    connection.executeAll(List.of(requests));
  }

  private <T> List<T> dump(Request request, Function<ByteView, T> parser) {
    return connection.dump(request).stream().map(m -> parser.apply(m.payload())).toList();
  }

  @Override
  public void close() {
    connection.close();
  }
}
