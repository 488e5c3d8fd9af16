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

  /** IP6_RT_PRIO_USER, which a route without a metric gets. */
  private static final int IPV6_METRIC = 1024;

  @Override
  public Class<Route> type() {
    return Route.class;
  }

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
    boolean ordinary = message.priority() == (message.destination().isV4() ? 0 : IPV6_METRIC);
    boolean single = message.type() == RouteMessage.UNICAST && message.link().isPresent();
    if (!ordinary || !(single || message.type() == RouteMessage.UNREACHABLE)) {
      return new Route.Stray(message.type(), message.priority());
    }
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
        .filter(
            m ->
                (m.table() == wanted.table() && m.destination().equals(wanted.destination()))
                    || wouldLose(wanted, m))
        .map(m -> wanted.key() + ": " + describe(m) + " is there already")
        .findFirst()
        .or(() -> neighbourhood(world, wanted));
  }

  private static String describe(RouteMessage message) {
    return "a route to %s in table %s"
        .formatted(
            message.destination(),
            message.table() == Route.MAIN ? "main" : Integer.toUnsignedString(message.table()));
  }

  /**
   * A table of ours is looked at before the main one, so the longest prefix does not decide between
   * them: ours must not take in what main has a route of its own for. A wider one of main's would
   * lose to ours in one table too.
   */
  private static boolean wouldLose(Route wanted, RouteMessage message) {
    return isBeforeMain(wanted)
        && message.table() == Route.MAIN
        && message.destination().prefix() >= wanted.destination().prefix()
        && wanted.destination().overlaps(message.destination());
  }

  private static boolean isBeforeMain(Route wanted) {
    return wanted.table() != Route.MAIN && wanted.target() instanceof Route.OnLink;
  }

  /** An address of somebody else's in the subnet: its neighbours would be out of reach. */
  private static Optional<String> neighbourhood(World world, Route wanted) {
    return world.snapshot(wanted.netns()).stream()
        .filter(here -> isBeforeMain(wanted))
        .flatMap(here -> here.addresses().stream())
        .filter(a -> a.protocol() != Mark.PROTOCOL && wanted.destination().contains(a.ip()))
        .map(a -> wanted.key() + ": the node has the address " + a.ip() + " in it")
        .findFirst();
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
    if (route.target() instanceof Route.Stray stray) {
      return NewRoute.denying(route.destination(), stray.type()).withPriority(stray.metric());
    }
    return NewRoute.denying(route.destination(), RouteMessage.UNREACHABLE);
  }

  private static Action deletion(Route route, Phase phase) {
    return new Action.Removal(
        route.netns(), phase, names -> RouteRequests.delete(request(route, names)));
  }

  /**
   * NLM_F_REPLACE would put the new one beside the old for IPv6 if its kind differs: so delete and
   * add.
   */
  @Override
  public List<Action> update(Route from, Route to) {
    return List.of(deletion(from, phase(to)), create(to).get(0));
  }

  @Override
  public List<Action> delete(Route route) {
    return List.of(deletion(route, phase(route)));
  }
}
