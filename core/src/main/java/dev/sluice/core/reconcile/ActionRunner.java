package dev.sluice.core.reconcile;

import dev.sluice.core.error.SluiceException;
import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.netlink.Request;
import dev.sluice.core.netlink.route.LinkMessage;
import dev.sluice.core.netlink.route.RouteSocket;
import dev.sluice.core.reconcile.kind.Action;
import dev.sluice.core.sys.Sysctls;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs the actions of one namespace, in order, on a thread inside it. Netlink requests are gathered
 * into batches; a batch goes out when a name has to be resolved that may be of a link the batch
 * makes, or when something else than netlink is next.
 */
final class ActionRunner implements Action.Names {

  private final NodeSession session;
  private final RouteSocket route;
  private final List<Request> batch = new ArrayList<>();
  private final Map<String, Integer> indexes = new HashMap<>();
  private final List<RuntimeException> errors = new ArrayList<>();

  private ActionRunner(NodeSession session, RouteSocket route) {
    this.session = session;
    this.route = route;
  }

  /** Runs all of {@code actions}; every failure is in the exception. */
  static void run(NodeSession session, List<Action> actions) {
    try (RouteSocket route = session.route()) {
      ActionRunner runner = new ActionRunner(session, route);
      for (Action action : actions) {
        runner.attempt(action);
      }
      runner.flush();
      StepsFailedException.throwIfAny(runner.errors);
    }
  }

  private void attempt(Action action) {
    try {
      if (action instanceof Action.Netlink netlink) {
        batch.add(netlink.request().apply(this));
      } else if (action instanceof Action.WriteSysctl write) {
        flush();
        Sysctls.write(write.sysctl().path(), write.sysctl().value());
      }
    } catch (RuntimeException e) {
      errors.add(e);
    }
  }

  private void flush() {
    if (!batch.isEmpty()) {
      errors.addAll(route.execute(batch).errors());
      batch.clear();
    }
  }

  @Override
  public int link(String name) {
    Integer known = indexes.get(name);
    if (known == null) {
      flush();
      known =
          route
              .link(name)
              .map(LinkMessage::index)
              .orElseThrow(
                  () ->
                      new SluiceException(
                          SluiceException.Category.TRANSIENT, "there is no link " + name));
      indexes.put(name, known);
    }
    return known;
  }

  @Override
  public int netnsFd(NetnsRef netns) {
    return session.netns(netns).fd();
  }
}
