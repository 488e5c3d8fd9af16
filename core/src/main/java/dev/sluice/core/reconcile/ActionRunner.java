package dev.sluice.core.reconcile;

import dev.sluice.core.error.SluiceException;
import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.netlink.BatchResult;
import dev.sluice.core.netlink.Request;
import dev.sluice.core.netlink.route.LinkMessage;
import dev.sluice.core.netlink.route.RouteSocket;
import dev.sluice.core.nft.NftTransaction;
import dev.sluice.core.reconcile.kind.Action;
import dev.sluice.core.reconcile.kind.Phase;
import dev.sluice.core.sys.Errno;
import dev.sluice.core.sys.Sysctls;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Runs the actions of one namespace, in order, on a thread inside it. Netlink requests are gathered
 * into batches; a batch goes out when a name has to be resolved that may be of a link the batch
 * makes, or when something else than netlink is next.
 */
final class ActionRunner implements Action.Names {

  private final NodeSession session;
  private final RouteSocket route;
  private final List<Request> batch = new ArrayList<>();

  /** Which of the batch are removals, by place. */
  private final BitSet removals = new BitSet();

  private Optional<NftTransaction> commands = Optional.empty();
  private Phase gathered = Phase.FILTER;
  private final Map<String, LinkMessage> devices = new HashMap<>();
  private final List<RuntimeException> errors = new ArrayList<>();
  private boolean raising;
  private boolean guarded;

  private ActionRunner(NodeSession session, RouteSocket route) {
    this.session = session;
    this.route = route;
  }

  /**
   * Runs {@code actions}; every failure is in the exception. Nothing is raised once something has
   * failed: it might be what was to guard it.
   */
  static void run(NodeSession session, List<Action> actions) {
    try (RouteSocket route = session.route()) {
      ActionRunner runner = new ActionRunner(session, route);
      for (Action action : actions) {
        if (action.phase().compareTo(Phase.UP) >= 0 && !runner.mayRaise()) {
          break;
        }
        runner.attempt(action);
      }
      runner.flush();
      runner.transact();
      StepsFailedException.throwIfAny(runner.errors);
    }
  }

  /** Whether all before {@link Phase#UP} went well; known only once it was sent. */
  private boolean mayRaise() {
    if (!raising) {
      transact();
      flush();
      raising = true;
      guarded = errors.isEmpty();
    }
    return guarded;
  }

  private void attempt(Action action) {
    if (action instanceof Action.Nft nft) {
      gather(nft);
      return;
    }
    transact();
    try {
      if (action instanceof Action.Netlink netlink) {
        add(netlink.request(), false);
      } else if (action instanceof Action.Removal removal) {
        add(removal.request(), true);
      } else if (action instanceof Action.WriteSysctl write) {
        flush();
        Sysctls.write(write.sysctl().path(), write.sysctl().value());
      } else if (action instanceof Action.Call call) {
        flush();
        if (errors.isEmpty()) {
          call.work().accept(this);
        }
      }
    } catch (LinkGoneException e) {
      if (!(action instanceof Action.Removal)) {
        errors.add(e);
      }
    } catch (RuntimeException e) {
      errors.add(e);
    }
  }

  /** What comes last relies on what came before: that has to have gone well. */
  private void gather(Action.Nft nft) {
    if (nft.phase() != gathered) {
      transact();
      gathered = nft.phase();
    }
    if (nft.phase() != Phase.FILTER_LAST || errors.isEmpty()) {
      commands = commands.map(c -> c.and(nft.commands())).or(() -> Optional.of(nft.commands()));
    }
  }

  /** Runs the nft commands gathered so far as one transaction. */
  private void transact() {
    if (commands.isPresent()) {
      NftTransaction transaction = commands.get();
      commands = Optional.empty();
      try {
        flush();
        session.transact("change the packet filter of " + session.node().name(), transaction);
      } catch (RuntimeException e) {
        errors.add(e);
      }
    }
  }

  private void add(Function<Action.Names, Request> request, boolean removal) {
    Request built = request.apply(this);
    // Only now: building it may have sent the batch.
    if (removal) {
      removals.set(batch.size());
    }
    batch.add(built);
  }

  private void flush() {
    if (!batch.isEmpty()) {
      for (BatchResult.Failure failure : route.execute(batch).failures()) {
        if (!(removals.get(failure.index()) && isGone(failure.error().errno()))) {
          errors.add(failure.error());
        }
      }
      batch.clear();
      removals.clear();
    }
  }

  private static boolean isGone(Errno errno) {
    return errno.is(Errno.ESRCH)
        || errno.is(Errno.ENOENT)
        || errno.is(Errno.EADDRNOTAVAIL)
        || errno.is(Errno.ENODEV);
  }

  @Override
  public LinkMessage device(String name) {
    LinkMessage known = devices.get(name);
    if (known == null) {
      flush();
      known = route.link(name).orElseThrow(() -> new LinkGoneException(name));
      devices.put(name, known);
    }
    return known;
  }

  @Override
  public int netnsFd(NetnsRef netns) {
    return session.netns(netns).fd();
  }

  @Override
  public Path pins() {
    return session.node().directories().pins();
  }

  private static final class LinkGoneException extends SluiceException {

    private static final long serialVersionUID = 1L;

    LinkGoneException(String name) {
      super(Category.TRANSIENT, "there is no link " + name);
    }
  }
}
