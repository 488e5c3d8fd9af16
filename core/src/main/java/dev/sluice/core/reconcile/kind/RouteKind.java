package dev.sluice.core.reconcile.kind;

import dev.sluice.core.kernel.KernelObject;
import dev.sluice.core.kernel.Route;
import dev.sluice.core.netlink.route.NewRoute;
import dev.sluice.core.netlink.route.RouteMessage;
import dev.sluice.core.netlink.route.RouteRequests;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Routes; ours by their protocol. Any other route to the same destination in the same table is in
 * the way, whatever its metric.
 */
final class RouteKind implements Kind<Route> {

  @Override
  public void observe(World world, NetnsSnapshot here, Consumer<KernelObject> ours) {
    for (RouteMessage message : here.routes()) {
      if (message.protocol() == Mark.PROTOCOL) {
        ours.accept(
            new Route(here.netns(), message.table(), message.destination(), target(here, message)));
      }
    }
  }

  private static Route.Target target(NetnsSnapshot here, RouteMessage message) {
    if (message.type() == RouteMessage.UNREACHABLE) {
      return new Route.Unreachable();
    }
    String link = here.linkName(message.link().orElse(0));
    return message.gateway().isPresent()
        ? new Route.Via(link, message.gateway().get())
        : new Route.OnLink(link, message.preferredSource());
  }

  @Override
  public Optional<String> foreign(World world, Route wanted) {
    return world.snapshot(wanted.netns()).stream()
        .flatMap(here -> here.routes().stream())
        .filter(m -> m.protocol() != Mark.PROTOCOL)
        .filter(m -> m.table() == wanted.table() || isElsewhereReachable(wanted, m))
        .filter(m -> m.destination().equals(wanted.destination()))
        .map(m -> wanted.key() + ": there is a route to it already")
        .findFirst();
  }

  /** A table of ours is looked at before the main one: it must not take a subnet from it. */
  private static boolean isElsewhereReachable(Route wanted, RouteMessage message) {
    return wanted.target() instanceof Route.OnLink && message.table() == Route.MAIN;
  }

  @Override
  public boolean updatable(Route from, Route to) {
    return true;
  }

  @Override
  public List<Action> create(Route route) {
    return List.of(
        new Action.Netlink(
            route.netns(), phase(route), names -> RouteRequests.add(request(route, names))));
  }

  /** What denies before what leads somewhere; a gateway after the subnet that it is in. */
  private static Phase phase(Route route) {
    if (route.target() instanceof Route.Unreachable) {
      return Phase.GUARD;
    }
    return route.target() instanceof Route.Via ? Phase.GATEWAY : Phase.ROUTE;
  }

  private static NewRoute request(Route route, Action.Names names) {
    return target(route, names).withTable(route.table()).withProtocol(Mark.PROTOCOL);
  }

  private static NewRoute target(Route route, Action.Names names) {
    if (route.target() instanceof Route.Via via) {
      return NewRoute.via(route.destination(), via.gateway(), names.link(via.link()));
    }
    if (route.target() instanceof Route.OnLink to) {
      NewRoute onLink = NewRoute.onLink(route.destination(), names.link(to.link()));
      return to.source().map(onLink::withPreferredSource).orElse(onLink);
    }
    return NewRoute.denying(route.destination(), RouteMessage.UNREACHABLE);
  }

  private static Action deletion(Route route) {
    return new Action.Netlink(
        route.netns(), phase(route), names -> RouteRequests.delete(request(route, names)));
  }

  /**
   * NLM_F_REPLACE would put the new one beside the old for IPv6 if its kind differs: so delete and
   * add.
   */
  @Override
  public List<Action> update(Route from, Route to) {
    return List.of(deletion(from), create(to).get(0));
  }

  @Override
  public List<Action> delete(Route route) {
    return List.of(deletion(route));
  }
}
