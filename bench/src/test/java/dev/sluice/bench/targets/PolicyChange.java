package dev.sluice.bench.targets;

import dev.sluice.backend.bridge.BridgeDatapath;
import dev.sluice.backend.ebpf.EbpfDatapath;
import dev.sluice.bench.stats.Estimate;
import dev.sluice.bench.stats.Statistics;
import dev.sluice.bench.targets.EffectProbe.Effect;
import dev.sluice.core.node.ThrowawayNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.ToDoubleFunction;

/**
 * Targets 9 and 10: how long a change of policy takes until it is effective, of all rules or of one
 * of them, beside nft(8) in nodes that hold the same. All nodes are alive at once; in each round
 * every way makes the change once, in a random order, and back in the next round.
 *
 * <p>Arguments: {@code all} or {@code one}, rounds, rules.
 */
final class PolicyChange {

  /** Until the JIT compiler has settled. */
  private static final int WARM_UP_ROUNDS = 8;

  private static final long SEED = 1;

  private PolicyChange() {}

  public static void main(String[] arguments) throws Exception {
    boolean all = arguments[0].equals("all");
    int rounds = Integer.parseInt(arguments[1]);
    int rules = Integer.parseInt(arguments[2]);
    ThrowawayNode.collectLeftovers();
    RuleChange change = all ? RuleChange.ofAll(rules) : RuleChange.ofOne(rules);
    List<ChangeWay> ways = new ArrayList<>();
    try {
      if (!all) {
        ways.add(new NftElementWay(change));
      }
      ways.add(new NftFileWay(change, all));
      ways.add(new StepWay(change));
      ways.add(new MapStepWay(change));
      List<ApplyWay> applies =
          List.of(
              new ApplyWay(change, new BridgeDatapath()), new ApplyWay(change, new EbpfDatapath()));
      ways.addAll(applies);
      measure(ways, rounds);
      System.out.printf(
          "%s of %d rules changed, and half as many in egress; %d rounds%n",
          arguments[0], rules, rounds);
      print(ways);
      StepWay step = only(ways, StepWay.class);
      MapStepWay maps = only(ways, MapStepWay.class);
      if (all) {
        NftFileWay file = only(ways, NftFileWay.class);
        Targets.tell(9, "bridge: replace all rules / nft -f", ratio(step, file), 1.0, 0.8);
        Targets.tell(9, "ebpf: replace all rules / nft -f", ratio(maps, file), 0.3, 0.1);
      } else {
        NftElementWay element = only(ways, NftElementWay.class);
        Targets.tell(
            10, "bridge: change one rule / nft add element", ratio(step, element), 0.9, 0.7);
        Targets.tell(
            10, "ebpf: change one rule / nft add element", ratio(maps, element), 0.25, 0.1);
      }
      applies.forEach(apply -> System.out.printf("%n%s", apply.stages()));
    } finally {
      for (ChangeWay way : ways) {
        way.close();
      }
    }
  }

  private static void measure(List<ChangeWay> ways, int rounds) {
    Random random = new Random(SEED);
    ways.forEach(ChangeWay::check);
    for (int round = -WARM_UP_ROUNDS; round < rounds; round++) {
      List<ChangeWay> order = new ArrayList<>(ways);
      Collections.shuffle(order, random);
      for (ChangeWay way : order) {
        way.turn(round >= 0);
      }
    }
    ways.forEach(ChangeWay::check);
  }

  /** The first way is what the others are compared with. */
  private static void print(List<ChangeWay> ways) {
    System.out.printf(
        "%-16s %12s %12s   ratio to %s, 95%% interval%n",
        "", "effective ms", "returned ms", ways.get(0).name());
    for (ChangeWay way : ways) {
      double[] effective = figures(way, Effect::effectiveMillis);
      Estimate ratio = ratio(way, ways.get(0));
      System.out.printf(
          Locale.ROOT,
          "%-16s %12.1f %12.1f   %.2f [%.2f, %.2f]%n",
          way.name(),
          Statistics.median(effective),
          Statistics.median(figures(way, Effect::returnedMillis)),
          ratio.median(),
          ratio.low(),
          ratio.high());
    }
  }

  private static <T extends ChangeWay> T only(List<ChangeWay> ways, Class<T> type) {
    return ways.stream().filter(type::isInstance).map(type::cast).findFirst().orElseThrow();
  }

  /** Of the times until effective. */
  private static Estimate ratio(ChangeWay way, ChangeWay baseline) {
    return Statistics.medianWithInterval(
        Statistics.pairedRatios(
            figures(way, Effect::effectiveMillis), figures(baseline, Effect::effectiveMillis)),
        SEED);
  }

  private static double[] figures(ChangeWay way, ToDoubleFunction<Effect> figure) {
    return way.effects().stream().mapToDouble(figure).toArray();
  }
}
