package dev.sluice.core.reconcile;

import dev.sluice.core.datapath.Datapath;
import dev.sluice.core.datapath.NodeFacts;
import dev.sluice.core.error.SluiceException;
import dev.sluice.core.error.SluiceException.Category;
import dev.sluice.core.kernel.KernelObject;
import dev.sluice.core.kernel.KernelState;
import dev.sluice.core.kernel.Key;
import dev.sluice.core.node.Node;
import dev.sluice.core.reconcile.Intent.Declared;
import dev.sluice.core.reconcile.kind.Kinds;
import dev.sluice.core.topology.Topology;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * The topologies of one node: the node holds the union of what its stored topologies render to, and
 * every command is a diff against that. Calls may come from several threads and processes; one at a
 * time changes the node.
 */
public final class Topologies {

  private static final Set<Key.Type> PROGRAMS = EnumSet.of(Key.Type.BPF_OBJECT, Key.Type.BPF_LINK);

  private final Node node;
  private final Renderer renderer;
  private final Kinds kinds;
  private final ReconcileObserver observer;
  private final IntentStore store;

  /** Whose counters were read last: they are asked for again and again. */
  private volatile Counting counting;

  /** {@code kinds}: of all objects that {@code datapaths} render to. */
  public Topologies(
      Node node,
      NodeFacts facts,
      Kinds kinds,
      Map<String, Datapath> datapaths,
      ReconcileObserver observer) {
    this.node = node;
    this.renderer = new Renderer(facts, datapaths);
    this.kinds = kinds;
    this.observer = observer;
    this.store = new IntentStore(node.directories().state());
  }

  /**
   * A stored topology and how the node stands to it.
   *
   * @param drift how many of its objects are not as they should be
   * @param faults what is wrong with interfaces of the node that it names, which no apply mends
   */
  public record Status(
      String topology,
      String datapath,
      Intent.Phase phase,
      int endpoints,
      int objects,
      int drift,
      List<String> faults) {}

  /** What {@link #apply} would do. Changes nothing, in the kernel or on disk. */
  public Plan plan(Declared declared) {
    Topology topology = read(declared);
    try (NodeSession session = session()) {
      requireSameDatapath(topology.name(), declared);
      Aim aim = aim(session, Optional.of(declared), topology.name(), epoch());
      requireDevices(session, wanted(Optional.of(declared), topology.name()));
      return aim.difference().plan();
    } finally {
      renderer.forgetAllBut(store.all());
    }
  }

  /**
   * Makes the node hold {@code declared}. If a step fails, the node is led back to what it held
   * before, and the exception has every error of both ways.
   *
   * @return what was changed; empty if nothing had to be
   */
  public Plan apply(Declared declared) {
    Topology topology = read(declared);
    return observer.time(
        "apply",
        declared.datapath(),
        () -> {
          try (NodeSession session = session()) {
            return apply(session, topology.name(), declared);
          } finally {
            renderer.forgetAllBut(store.all());
          }
        });
  }

  private Plan apply(NodeSession session, String name, Declared declared) {
    requireSameDatapath(name, declared);
    Optional<Declared> previous = store.find(name).flatMap(Topologies::fallback);
    // A first epoch that none before had: flows outlive the topology that admitted them.
    int epoch = store.epoch().orElseGet(() -> (int) Instant.now().getEpochSecond());
    Aim aim =
        beforeAnyStep(
            () -> {
              Aim found = aim(session, Optional.of(declared), name, epoch);
              requireDevices(session, wanted(Optional.of(declared), name));
              return found;
            });
    Difference difference = aim.difference();
    boolean stored = store.find(name).filter(Intent.applied(name, declared)::equals).isPresent();
    if (difference.plan().isEmpty() && stored) {
      return difference.plan();
    }
    begin(difference, Intent.applying(name, previous, declared), aim.epoch());
    try {
      execute(session, aim.desired(), difference);
    } catch (RuntimeException e) {
      throw rollBack(session, name, declared, previous, e);
    }
    store.put(Intent.applied(name, declared));
    return difference.plan();
  }

  /**
   * What a change leads to, and how; flows that were admitted in another epoch are judged again.
   */
  private record Aim(KernelState desired, Difference difference, int epoch) {}

  private Aim aim(NodeSession session, Optional<Declared> declared, String name, int epoch) {
    KernelState desired = desired(declared, name, epoch);
    Difference difference = passable(session, desired);
    if (!difference.observed().ruleset().isAltered()
        && !mendsPrograms(difference.plan(), declared, name)) {
      return new Aim(desired, difference, epoch);
    }
    // Nobody knows what was admitted meanwhile.
    KernelState next = desired(declared, name, epoch + 1);
    return new Aim(next, passable(session, next), epoch + 1);
  }

  /**
   * Whether BPF objects or attachments are not as this or another topology has left them: somebody
   * else has changed them, or a change of ours was not finished.
   */
  private boolean mendsPrograms(Plan plan, Optional<Declared> declared, String name) {
    Optional<Intent> stored = store.find(name);
    boolean whole = stored.map(i -> i.phase() == Intent.Phase.APPLIED).orElse(true);
    boolean changes =
        whole
            && declared.map(d -> !Intent.applied(name, d).equals(stored.orElse(null))).orElse(true);
    return plan.steps().stream()
        .filter(step -> PROGRAMS.contains(step.object().key().type()))
        .anyMatch(step -> !changes || (!step.owners().isEmpty() && !step.owners().contains(name)));
  }

  /**
   * What filters on one datapath goes before the links that it filters have become another's: until
   * there is a way that leaves no gap, the topology has to go first.
   */
  private void requireSameDatapath(String name, Declared declared) {
    store
        .find(name)
        .flatMap(intent -> intent.wanted().or(intent::previous))
        .filter(running -> !running.datapath().equals(declared.datapath()))
        .ifPresent(
            running -> {
              throw new SluiceException(
                  Category.USER,
                  "%s runs on the %s datapath, and cannot be moved to %s while it runs; first: sluice destroy %s"
                      .formatted(name, running.datapath(), declared.datapath(), name));
            });
  }

  /** What a change that fails leads back to: the last state that was whole. */
  private static Optional<Declared> fallback(Intent intent) {
    return intent.phase() == Intent.Phase.APPLYING ? intent.previous() : intent.wanted();
  }

  private RuntimeException rollBack(
      NodeSession session,
      String name,
      Declared failed,
      Optional<Declared> previous,
      RuntimeException cause) {
    observer.progress().note("a step failed; going back to what was there before");
    try {
      ifPossible(() -> store.put(Intent.rollingBack(name, failed, previous)));
      Aim back = aim(session, previous, name, epoch());
      ifPossible(() -> store.putEpoch(back.epoch()));
      observer.steps(back.difference().plan());
      execute(session, back.desired(), back.difference());
      if (previous.isPresent()) {
        store.put(Intent.applied(name, previous.get()));
      } else {
        forget(name);
      }
      return new RolledBackException(name, cause);
    } catch (RuntimeException e) {
      return new RolledBackException(name, cause, e);
    }
  }

  /** A full disk is no reason not to go back: the intent that is there has the way too. */
  private void ifPossible(Runnable storing) {
    try {
      storing.run();
    } catch (SluiceException e) {
      observer.progress().note(e.getMessage());
    }
  }

  /**
   * Takes the topology off the node, as far as no other wants the same objects; with it goes
   * whatever bears our mark and is wanted by none.
   */
  public Plan destroy(String name) {
    Intent intent = stored(name);
    return observer.time(
        "destroy",
        fallback(intent).map(Declared::datapath).orElse("none"),
        () -> {
          try (NodeSession session = session()) {
            Intent destroying = Intent.destroying(name, fallback(stored(name)));
            Difference difference =
                beforeAnyStep(
                    () -> difference(session, desired(Optional.empty(), name, epoch())).removals());
            begin(difference, destroying, epoch());
            step(session, difference);
            store.putLeases(difference.plan().leases());
            forget(name);
            return difference.plan();
          }
        });
  }

  /** What was last kept of a topology of which the node holds nothing more. */
  private void forget(String name) {
    store.remove(name);
    new NamespaceFiles(node).dropUnboundMarks();
    node.tidy();
  }

  /** The stored intent of that name; an error that lists the names there are, if there is none. */
  public Intent stored(String name) {
    return store
        .find(name)
        .orElseThrow(
            () -> {
              List<String> names = store.all().stream().map(Intent::topology).toList();
              return new SluiceException(
                  Category.USER,
                  "no topology %s on node %s; %s"
                      .formatted(name, node.name(), whatInstead(name, names)));
            });
  }

  /** What there is instead, and how to get it; no topology has a name like that of a file. */
  private static String whatInstead(String name, List<String> names) {
    String there = names.isEmpty() ? "there is none" : "there are: " + String.join(", ", names);
    if (name.contains(".") || name.contains("/")) {
      return there + "; if that is a file, first: sluice apply " + name + ", then give its name";
    }
    return names.isEmpty() ? there + "; sluice apply FILE makes one" : there;
  }

  /** Whether one of that name is stored, in whatever phase. */
  public boolean isStored(String name) {
    return store.find(name).isPresent();
  }

  /** The topology as it is stored, read again. */
  public Topology topology(String name) {
    return read(standing(name));
  }

  private Declared standing(String name) {
    return stored(name)
        .wanted()
        .orElseThrow(
            () ->
                new SluiceException(
                    Category.TRANSIENT,
                    name + " is half destroyed; finish with: sluice destroy " + name));
  }

  /** The topology as it is stored; empty if it is not, or is half destroyed. */
  public Optional<Topology> find(String name) {
    return store.find(name).flatMap(Intent::wanted).map(this::read);
  }

  /** Every stored topology that is not half destroyed. */
  public List<Topology> all() {
    return store.all().stream().flatMap(i -> i.wanted().stream()).map(this::read).toList();
  }

  /** Every stored topology, with the number of its objects that are not as they should be. */
  public List<Status> status() {
    try (NodeSession session = session()) {
      List<Intent> intents = store.all();
      if (intents.isEmpty()) {
        return List.of();
      }
      Plan plan = difference(session, desired(Optional.empty(), "", epoch())).plan();
      Map<String, Integer> drift = new HashMap<>();
      plan.steps().forEach(s -> s.owners().forEach(o -> drift.merge(o, 1, Integer::sum)));
      observer.drift(plan.steps().size());
      return intents.stream()
          .map(i -> status(session, i, drift.getOrDefault(i.topology(), 0)))
          .toList();
    }
  }

  private Status status(NodeSession session, Intent intent, int drift) {
    Optional<Declared> wanted = intent.wanted();
    return new Status(
        intent.topology(),
        wanted.map(Declared::datapath).orElse("none"),
        intent.phase(),
        wanted.map(d -> read(d).endpoints().size()).orElse(0),
        wanted.map(d -> render(d, epoch()).size()).orElse(0),
        drift,
        DeviceCheck.faults(session, wanted.map(this::read).stream().toList()));
  }

  /**
   * What the datapath of a stored topology has counted of its policies and its guard; empty if it
   * is one that does not count. Does not wait for the node's lock.
   */
  public Optional<Counts> counts(String name) {
    Declared declared = standing(name);
    Counting last = counting;
    if (last == null || !last.declared.equals(declared)) {
      last = new Counting(declared, renderer.counts(declared));
      counting = last;
    }
    return last.reader.read(node, observer.netlink());
  }

  /**
   * How full is what the datapath of a stored topology remembers flows in; empty if it is one that
   * does not tell, or is not there. Does not wait for the node's lock.
   */
  public List<Room> rooms(String name) {
    return renderer.datapath(standing(name)) instanceof TellsRoom telling
        ? telling.rooms(node, name)
        : List.of();
  }

  private NodeSession session() {
    return new NodeSession(node, observer);
  }

  /**
   * The union of all stored topologies, with {@code instead} in the place of the one called {@code
   * name}.
   */
  private KernelState desired(Optional<Declared> instead, String name, int epoch) {
    return KernelState.union(wanted(instead, name).stream().map(d -> render(d, epoch)).toList());
  }

  private int epoch() {
    return store.epoch().orElse(0);
  }

  private Collection<Declared> wanted(Optional<Declared> instead, String name) {
    Map<String, Declared> wanted = new TreeMap<>();
    store.all().forEach(i -> i.wanted().ifPresent(d -> wanted.put(i.topology(), d)));
    if (!name.isEmpty()) {
      wanted.remove(name);
      instead.ifPresent(d -> wanted.put(name, d));
    }
    return wanted.values();
  }

  private void requireDevices(NodeSession session, Collection<Declared> wanted) {
    DeviceCheck.require(session, wanted.stream().map(this::read).toList());
  }

  private KernelState render(Declared declared, int epoch) {
    return renderer.render(declared, epoch);
  }

  private Topology read(Declared declared) {
    return renderer.read(declared);
  }

  /** What {@code declared} says, where the caller has read it: it need not be read again. */
  public void know(Declared declared, Topology topology) {
    renderer.know(declared, topology);
  }

  private record Counting(Declared declared, CountReader reader) {}

  private record Difference(Plan plan, Observed observed, Map<Key, Lease> leases) {

    private Difference removals() {
      return new Difference(plan.removals(leases), observed, leases);
    }
  }

  /** The way to {@code desired}; refused if something foreign stands in it. */
  private Difference passable(NodeSession session, KernelState desired) {
    Difference difference = difference(session, desired);
    observer.drift(difference.plan().steps().size());
    if (!difference.observed().foreign().isEmpty()) {
      throw new ForeignObjectException(difference.observed().foreign());
    }
    return difference;
  }

  private Difference difference(NodeSession session, KernelState desired) {
    Map<Key, Lease> leases = store.leases();
    List<KernelObject> leased = leases.values().stream().map(Lease::ours).toList();
    Observed observed = Observer.observe(session, kinds, desired, leased, store.ruleset());
    return new Difference(Diff.plan(kinds, desired, observed, leases), observed, leases);
  }

  /** What a change reads first: if that is interrupted, nothing has been changed. */
  private static <T> T beforeAnyStep(Supplier<T> reading) {
    try {
      return reading.get();
    } catch (SluiceException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw new SluiceException(Category.TRANSIENT, "interrupted; nothing was changed", e);
      }
      throw e;
    }
  }

  /** {@link #prepare} of a command: if that fails, nothing has been changed. */
  private void begin(Difference difference, Intent intent, int epoch) {
    try {
      prepare(difference, intent, epoch);
    } catch (SluiceException e) {
      throw new SluiceException(
          e.category(), e.getMessage() + "; nothing was changed in the kernel", e);
    }
  }

  /** Puts on disk what a crash must not lose, before the first step. */
  private void prepare(Difference difference, Intent intent, int epoch) {
    observer.steps(difference.plan());
    store.putEpoch(epoch);
    // Leases first: one never taken does no harm, for it is put back only where the value is ours.
    Map<Key, Lease> during = new HashMap<>(difference.leases());
    during.putAll(difference.plan().leases());
    store.putLeases(during);
    store.put(intent);
  }

  private void execute(NodeSession session, KernelState desired, Difference difference) {
    Difference next = difference;
    step(session, next);
    while (next.plan().takesMore()) {
      next = passable(session, desired);
      step(session, next);
    }
    store.putLeases(difference.plan().leases());
  }

  private void step(NodeSession session, Difference difference) {
    new Executor(session, kinds).execute(difference.plan(), difference.observed());
    Ruleset ruleset =
        difference.observed().ruleset().after(difference.plan(), session.rulesetGeneration());
    if (!store.ruleset().equals(Optional.of(ruleset))) {
      store.putRuleset(ruleset);
    }
  }
}
