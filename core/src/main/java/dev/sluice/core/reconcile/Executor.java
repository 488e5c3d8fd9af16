package dev.sluice.core.reconcile;

import dev.sluice.core.address.IpAddress;
import dev.sluice.core.kernel.Address;
import dev.sluice.core.kernel.KernelObject;
import dev.sluice.core.kernel.Key;
import dev.sluice.core.kernel.LinkPair;
import dev.sluice.core.kernel.Namespace;
import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.kernel.NftTable;
import dev.sluice.core.netlink.route.RouteSocket;
import dev.sluice.core.reconcile.kind.Action;
import dev.sluice.core.reconcile.kind.Kinds;
import dev.sluice.core.reconcile.kind.Phase;
import dev.sluice.core.sys.Netns;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Carries a plan out. Deletions come first, links before what guards them; then namespaces, the
 * node's links, the rest of the node, and the insides of the endpoints' namespaces, all of those at
 * once; last what is swept. A stage that fails is run to its end, its errors are collected, and the
 * next is not begun.
 */
final class Executor {

  private final NodeSession session;
  private final Kinds kinds;
  private final NamespaceFiles files;
  private final Progress progress;

  Executor(NodeSession session, Kinds kinds) {
    this.session = session;
    this.kinds = kinds;
    this.files = new NamespaceFiles(session.node());
    this.progress = session.progress();
  }

  void execute(Plan plan, Observed observed) {
    if (plan.steps().stream().anyMatch(s -> s.object() instanceof NftTable)) {
      // Now: the library ends the process if it cannot open a socket.
      run(List.of(NetnsRef.NODE), ref -> session.nft());
    }
    if (plan.steps().stream().anyMatch(Executor::pins)) {
      session.node().preparePins();
    }
    List<KernelObject> going =
        plan.steps().stream()
            .filter(s -> s.op() == Step.Op.DELETE || s.op() == Step.Op.REPLACE)
            .map(s -> s.before().orElseThrow())
            .toList();
    List<Action> clearing =
        going.stream().flatMap(object -> kinds.of(object).delete(object).stream()).toList();
    delete(going, observed, clearing.stream().filter(a -> a.phase() != Phase.SWEEP).toList());
    make(plan, clearing.stream().filter(a -> a.phase() == Phase.SWEEP).toList());
  }

  private static boolean pins(Step step) {
    return step.after().filter(o -> o.key().type() == Key.Type.BPF_OBJECT).isPresent();
  }

  private void delete(List<KernelObject> going, Observed observed, List<Action> clearing) {
    List<Integer> links = new ArrayList<>();
    for (KernelObject object : going) {
      Integer index = observed.indexes().get(object.key());
      if (index != null) {
        links.add(index);
      }
    }
    List<RuntimeException> errors = new ArrayList<>();
    attempt(
        errors,
        () -> {
          if (!links.isEmpty()) {
            progress.stage("deleting links", links.size());
            withRoute(route -> LinkDeletion.delete(route, links));
          }
          // Not where links stayed: these hem them in.
          runActions("clearing", clearing);
        });
    attempt(errors, () -> deleteNamespaces(namespaces(going)));
    StepsFailedException.throwIfAny(errors);
  }

  private static void attempt(List<RuntimeException> errors, Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      errors.add(e);
    }
  }

  private void deleteNamespaces(List<Namespace> namespaces) {
    if (!namespaces.isEmpty()) {
      progress.stage("deleting namespaces", namespaces.size());
      namespaces.forEach(n -> session.release(NetnsRef.named(n.name())));
      NodeSession.all(
          namespaces,
          namespace ->
              session.in(
                  NetnsRef.NODE,
                  () -> {
                    files.delete(namespace.name());
                    return true;
                  }));
    }
  }

  private void make(Plan plan, List<Action> sweeping) {
    List<KernelObject> fresh = new ArrayList<>();
    List<Action> actions = new ArrayList<>(sweeping);
    for (Step step : plan.steps()) {
      switch (step.op()) {
        case CREATE, REPLACE -> {
          KernelObject object = step.after().orElseThrow();
          fresh.add(object);
          actions.addAll(kinds.of(object).create(object));
        }
        case UPDATE, RESTORE -> {
          KernelObject to = step.after().orElseThrow();
          if (to instanceof Namespace namespace) {
            files.publish(namespace.name());
          } else {
            actions.addAll(kinds.of(to).update(step.before().orElseThrow(), to));
          }
        }
        case DELETE -> {}
      }
    }
    createNamespaces(namespaces(fresh));
    runActions("configuring", actions);
    List<String> raised = raised(plan);
    if (!raised.isEmpty()) {
      progress.stage("waiting for links", raised.size());
      withRoute(route -> LinkWait.untilUp(route, raised, progress));
    }
    Map<NetnsRef, List<IpAddress>> fresh6 = newIpv6(fresh);
    run(
        fresh6.keySet(),
        ref -> {
          try (RouteSocket route = session.route()) {
            AddressWait.untilLocal(route, fresh6.get(ref), progress);
          }
        });
  }

  private static Map<NetnsRef, List<IpAddress>> newIpv6(List<KernelObject> fresh) {
    return fresh.stream()
        .filter(Address.class::isInstance)
        .map(Address.class::cast)
        .filter(address -> !address.ip().isV4())
        .collect(
            Collectors.groupingBy(
                Address::netns, Collectors.mapping(Address::ip, Collectors.toList())));
  }

  /** The near ends of all pairs that this plan makes or changes. */
  private static List<String> raised(Plan plan) {
    return plan.steps().stream()
        .flatMap(step -> step.after().stream())
        .filter(LinkPair.class::isInstance)
        .map(LinkPair.class::cast)
        .filter(pair -> pair.near().up() && pair.far().up())
        .map(pair -> pair.near().name())
        .toList();
  }

  private void createNamespaces(List<Namespace> namespaces) {
    if (namespaces.isEmpty()) {
      return;
    }
    progress.stage("creating namespaces", namespaces.size());
    session.node().prepare();
    NodeSession.all(
        namespaces,
        namespace ->
            session.inNew(
                () -> {
                  Netns netns = Netns.current();
                  session.keep(NetnsRef.named(namespace.name()), netns);
                  files.create(namespace.name(), netns);
                  return true;
                }));
  }

  private static List<Namespace> namespaces(Collection<KernelObject> objects) {
    return objects.stream().filter(Namespace.class::isInstance).map(Namespace.class::cast).toList();
  }

  /**
   * Links, where some have their parent in another namespace than the node; the rest of the node,
   * all other namespaces side by side, then what is swept.
   */
  private void runActions(String what, List<Action> actions) {
    boolean split = actions.stream().anyMatch(a -> a.phase() == Phase.LINK_ON_LINK);
    if (split) {
      runAtOnce("making links of", actions.stream().filter(Executor::isOfLinks).toList());
    }
    runAtOnce(
        what,
        actions.stream()
            .filter(a -> a.phase() != Phase.SWEEP && !(split && isOfLinks(a)))
            .toList());
    runAtOnce("sweeping", actions.stream().filter(a -> a.phase() == Phase.SWEEP).toList());
  }

  private static boolean isOfLinks(Action action) {
    return action.phase().compareTo(Phase.LINK_ON_LINK) <= 0;
  }

  private void runAtOnce(String what, List<Action> actions) {
    Map<NetnsRef, List<Action>> byNetns = new TreeMap<>();
    actions.stream()
        .sorted(Comparator.comparing(Action::phase))
        .forEach(a -> byNetns.computeIfAbsent(a.netns(), n -> new ArrayList<>()).add(a));
    List<Action> node = byNetns.getOrDefault(NetnsRef.NODE, List.of());
    if (!node.isEmpty()) {
      progress.stage(what + " the node", node.size());
      run(List.of(NetnsRef.NODE), ref -> ActionRunner.run(session, node));
    }
    byNetns.remove(NetnsRef.NODE);
    if (!byNetns.isEmpty()) {
      progress.stage(what + " namespaces", byNetns.size());
      run(byNetns.keySet(), ref -> ActionRunner.run(session, byNetns.get(ref)));
    }
  }

  /** In the node. */
  private void withRoute(Consumer<RouteSocket> work) {
    run(
        List.of(NetnsRef.NODE),
        ref -> {
          try (RouteSocket route = session.route()) {
            work.accept(route);
          }
        });
  }

  private interface Work {
    void run(NetnsRef ref);
  }

  private void run(Collection<NetnsRef> refs, Work work) {
    NodeSession.all(
        refs,
        ref ->
            session.in(
                ref,
                () -> {
                  work.run(ref);
                  return true;
                }));
  }
}
