package dev.sluice.bench.targets;

import dev.sluice.bench.VerdictProbe;
import dev.sluice.bench.targets.EffectProbe.Effect;
import dev.sluice.bench.workload.Endpoints;
import dev.sluice.core.address.IpAddress;
import dev.sluice.core.datapath.Datapath;
import dev.sluice.core.node.Node;
import dev.sluice.core.node.ThrowawayNode;
import dev.sluice.core.reconcile.Progress;
import dev.sluice.core.reconcile.ReconcileObserver;
import dev.sluice.core.reconcile.Topologies;
import dev.sluice.core.sys.Netns;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/** One way to make a {@link RuleChange}, in a node of its own in which the rules are in force. */
abstract class ChangeWay implements AutoCloseable {

  private final String name;
  private final RuleChange change;
  private final Datapath datapath;
  private final Deque<Runnable> closers = new ArrayDeque<>();
  private final Node node;
  private final Topologies topologies;
  private final EffectProbe probe;
  private final VerdictProbe verdicts;
  private final List<Effect> effects = new ArrayList<>();
  private ManyRules now;

  ChangeWay(String name, RuleChange change, Datapath datapath) {
    this.name = name;
    this.datapath = datapath;
    this.change = change;
    this.now = change.before();
    ThrowawayNode throwaway = ThrowawayNode.create(name);
    closers.push(throwaway::close);
    node = throwaway.node();
    topologies =
        new Topologies(
            node,
            change.facts(),
            Targets.kinds(),
            Map.of(datapath.name(), datapath),
            ReconcileObserver.uncounted(Progress.silent()));
    topologies.apply(change.declared(datapath, now));
    Endpoints endpoints =
        new Endpoints(netns("client"), netns("server"), IpAddress.parse(ManyRules.SERVER_ADDRESS));
    probe = new EffectProbe(endpoints);
    verdicts = new VerdictProbe(endpoints);
  }

  private Netns netns(String endpoint) {
    Netns netns = Netns.open(node.published(endpoint));
    closers.push(netns::close);
    return netns;
  }

  /** Makes the change, watched, from the rules that are in force to those that follow. */
  abstract Effect make();

  /** Makes the change; a measured one is noted. */
  final void turn(boolean measured) {
    Effect effect = make();
    if (measured) {
      effects.add(effect);
    }
  }

  /** Watches {@code work} lead on to the rules that follow. */
  final Effect watch(Runnable work) {
    ManyRules next = change.following(now);
    Effect effect = probe.watch(now.open(), true, next.open(), work);
    now = next;
    return effect;
  }

  /** Watches {@code work} open what the rules that follow open; the rest stays as it is. */
  final Effect watchOpening(Runnable work) {
    return probe.watch(now.open(), false, change.following(now).open(), work);
  }

  /** Fails unless the rules that should be in force are. */
  final void check() {
    verdicts.expect(name, now.protocols(), now.open(), true);
    verdicts.expect(name, now.protocols(), now.open() + ManyRules.OPEN_PORTS - 1, true);
    verdicts.expect(name, now.protocols(), change.following(now).open(), false);
    verdicts.expect(name, now.protocols(), 1024, false);
  }

  final String name() {
    return name;
  }

  final Datapath datapath() {
    return datapath;
  }

  final RuleChange change() {
    return change;
  }

  /** The rules that are in force. */
  final ManyRules now() {
    return now;
  }

  final Node node() {
    return node;
  }

  final Topologies topologies() {
    return topologies;
  }

  /** What came of the measured changes. */
  final List<Effect> effects() {
    return List.copyOf(effects);
  }

  /** A shell in the node, closed with this. */
  final NftShell shell() {
    NftShell shell = new NftShell(node.netns());
    closers.push(shell::close);
    return shell;
  }

  @Override
  public void close() {
    while (!closers.isEmpty()) {
      closers.pop().run();
    }
  }
}
