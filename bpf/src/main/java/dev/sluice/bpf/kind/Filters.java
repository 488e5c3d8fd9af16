package dev.sluice.bpf.kind;

import dev.sluice.bpf.kernel.BpfLink;
import dev.sluice.bpf.kernel.BpfLink.Hook;
import dev.sluice.bpf.lib.BpfProgram;
import dev.sluice.core.datapath.Derived;
import dev.sluice.core.netlink.route.FilterMessage;
import dev.sluice.core.netlink.route.FilterRequests;
import dev.sluice.core.netlink.route.FilterRequests.Place;
import dev.sluice.core.netlink.route.LinkMessage;
import dev.sluice.core.netlink.route.RouteSocket;
import dev.sluice.core.reconcile.kind.Mark;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Programs as filters at clsact, in the namespace of the calling thread: ours by their priority and
 * by a handle that is made of the object's name. Filters of others are neither read nor changed,
 * and the hooks stay when the last filter goes: nobody knows who else relies on them.
 */
final class Filters implements AutoCloseable {

  /** Before those of whoever asks for no priority in particular (49152 and below). */
  private static final int PRIORITY = Mark.PROTOCOL;

  private Optional<RouteSocket> socket = Optional.empty();

  Filters() {}

  /** The id of the program that decides in the place of {@code link}; empty if none does. */
  OptionalInt program(BpfLink link, int ifindex) {
    Place place = place(link, ifindex);
    return route().filters(ifindex, place.parent()).stream()
        .filter(filter -> isAt(filter, place) && filter.isDirect())
        .flatMapToInt(filter -> filter.programId().stream())
        .findFirst();
  }

  private static boolean isAt(FilterMessage filter, Place place) {
    return filter.priority() == place.priority() && filter.handle() == place.handle();
  }

  /** The hooks too, if they are not there. */
  void put(BpfLink link, int ifindex, BpfProgram program) {
    route()
        .executeAll(
            FilterRequests.addClsact(ifindex),
            FilterRequests.put(
                place(link, ifindex),
                program.fd(),
                "sluice:%s:%s".formatted(link.object(), link.program())));
  }

  /** That it is gone already, or its device is, is no failure. */
  void remove(BpfLink link) {
    Optional<Place> place =
        route().link(link.link()).map(LinkMessage::index).map(index -> place(link, index));
    if (place.isPresent()
        && route().filters(place.get().index(), place.get().parent()).stream()
            .anyMatch(filter -> isAt(filter, place.get()))) {
      route().executeAll(FilterRequests.delete(place.get()));
    }
  }

  private static Place place(BpfLink link, int ifindex) {
    int parent = link.hook() == Hook.CLSACT_INGRESS ? FilterMessage.INGRESS : FilterMessage.EGRESS;
    int handle = (int) Derived.number("filter", link.object()) & Integer.MAX_VALUE;
    return new Place(ifindex, parent, PRIORITY, Math.max(handle, 1));
  }

  /** Opened when it is needed: mostly there are no filters. */
  private RouteSocket route() {
    if (socket.isEmpty()) {
      socket = Optional.of(RouteSocket.open());
    }
    return socket.get();
  }

  @Override
  public void close() {
    socket.ifPresent(RouteSocket::close);
  }
}
