package dev.sluice.bench.targets;

import dev.sluice.bench.stats.Statistics;
import dev.sluice.bench.targets.EffectProbe.Effect;
import dev.sluice.core.datapath.Datapath;
import dev.sluice.core.reconcile.Intent.Declared;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The whole of what a resident process does, from the file's text on. */
final class ApplyWay extends ChangeWay {

  /** By method: the innermost of these that the thread is in. */
  private static final Map<String, String> STAGES = new LinkedHashMap<>();

  static {
    STAGES.put("ResidentReader.read", "read the file");
    STAGES.put("PolicyResolver.next", "resolve policies");
    STAGES.put("BridgeDatapath.render", "render");
    STAGES.put("EbpfDatapath.render", "render");
    STAGES.put("IntentStore.all", "read intents and leases");
    STAGES.put("IntentStore.find", "read intents and leases");
    STAGES.put("IntentStore.leases", "read intents and leases");
    STAGES.put("IntentStore.ruleset", "read the remembered ruleset");
    STAGES.put("Observer.observe", "observe");
    STAGES.put("Diff.plan", "diff");
    STAGES.put("IntentStore.put", "write the intent");
    STAGES.put("IntentStore.putLeases", "write the intent");
    STAGES.put("NftScript.change", "nft script");
    STAGES.put("Executor.execute", "nft transactions, maps");
    STAGES.put("IntentStore.putRuleset", "remember the ruleset");
    STAGES.put("NodeSession.<init>", "lock");
    STAGES.put("NodeSession.close", "unlock");
  }

  private final List<Map<String, Double>> before = new ArrayList<>();
  private final List<Map<String, Double>> after = new ArrayList<>();

  ApplyWay(RuleChange change, Datapath datapath) {
    super(datapath.name() + "-apply", change, datapath);
  }

  @Override
  Effect make() {
    Declared next = change().declared(datapath(), change().following(now()));
    StageSampler sampler = new StageSampler(Thread.currentThread(), STAGES);
    Effect effect;
    try (sampler) {
      effect = watch(() -> topologies().apply(next));
    }
    before.add(sampler.between(effect.start(), effect.effective()));
    after.add(sampler.between(effect.effective(), effect.returned()));
    return effect;
  }

  /** Where the time goes: milliseconds until the change is effective, and from then on. */
  String stages() {
    StringBuilder out =
        new StringBuilder(name() + ", ms by stage, median: until effective, afterwards\n");
    for (String stage : before.get(0).keySet()) {
      double until = median(before, stage);
      double rest = median(after, stage);
      if (until + rest >= 0.05) {
        out.append(String.format(Locale.ROOT, "  %-28s %8.1f %8.1f%n", stage, until, rest));
      }
    }
    return out.toString();
  }

  /** Of the measured changes, which are the last. */
  private double median(List<Map<String, Double>> changes, String stage) {
    return Statistics.median(
        changes.subList(changes.size() - effects().size(), changes.size()).stream()
            .mapToDouble(stages -> stages.get(stage))
            .toArray());
  }
}
