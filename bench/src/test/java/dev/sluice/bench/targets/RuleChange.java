package dev.sluice.bench.targets;

import dev.sluice.backend.bridge.BridgeDatapath;
import dev.sluice.backend.ebpf.EbpfDatapath;
import dev.sluice.bpf.kernel.BpfObject;
import dev.sluice.core.datapath.Datapath;
import dev.sluice.core.datapath.DesiredState;
import dev.sluice.core.datapath.NodeFacts;
import dev.sluice.core.kernel.NftTable;
import dev.sluice.core.nft.NftScript;
import dev.sluice.core.nft.NftTransaction;
import dev.sluice.core.node.NodeFactsReader;
import dev.sluice.core.reconcile.Intent.Declared;
import dev.sluice.core.topology.TopologyReader;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A change of policy that is measured, there and back. */
final class RuleChange {

  private static final String FILE = "rules.yaml";

  private final ManyRules before;
  private final ManyRules after;
  private final NodeFacts facts = NodeFactsReader.read(false);
  private final Map<ManyRules, NftTable> tables = new HashMap<>();
  private final Map<ManyRules, BpfObject> objects = new HashMap<>();

  private RuleChange(ManyRules before, ManyRules after) {
    this.before = before;
    this.after = after;
  }

  private static int opened(ManyRules before) {
    return before.open() + ManyRules.OPEN_PORTS;
  }

  /** Every rule becomes another. */
  static RuleChange ofAll(int rules) {
    ManyRules before = ManyRules.of(rules);
    return new RuleChange(before, before.renewed(opened(before)));
  }

  /** One rule becomes another. */
  static RuleChange ofOne(int rules) {
    ManyRules before = ManyRules.of(rules).ofUdp();
    return new RuleChange(before, before.opening(opened(before)));
  }

  NodeFacts facts() {
    return facts;
  }

  ManyRules before() {
    return before;
  }

  ManyRules after() {
    return after;
  }

  /** What {@code now} is changed to. */
  ManyRules following(ManyRules now) {
    return now.equals(before) ? after : before;
  }

  Declared declared(Datapath datapath, ManyRules rules) {
    return new Declared(datapath.name(), FILE, rules.text());
  }

  /** What enforces them. */
  NftTable table(ManyRules rules) {
    return tables.computeIfAbsent(rules, this::render);
  }

  private NftTable render(ManyRules rules) {
    return new BridgeDatapath()
        .render(desired(rules)).objects().stream()
            .filter(NftTable.class::isInstance)
            .map(NftTable.class::cast)
            .filter(table -> table.family().equals("inet"))
            .findFirst()
            .orElseThrow();
  }

  /** What holds them on the eBPF datapath. */
  BpfObject object(ManyRules rules) {
    return objects.computeIfAbsent(
        rules,
        r ->
            new EbpfDatapath()
                .render(desired(r)).objects().stream()
                    .filter(BpfObject.class::isInstance)
                    .map(BpfObject.class::cast)
                    .findFirst()
                    .orElseThrow());
  }

  private DesiredState desired(ManyRules rules) {
    return DesiredState.of(facts, TopologyReader.read(FILE, rules.text()));
  }

  /** The transactions that lead on from {@code now}. */
  List<String> scripts(ManyRules now) {
    return NftScript.change(table(now), table(following(now))).stream()
        .map(NftTransaction::script)
        .toList();
  }
}
