package dev.sluice.core.reconcile;

import dev.sluice.core.datapath.Count;
import dev.sluice.core.datapath.Counted;
import dev.sluice.core.datapath.NftCounter;
import dev.sluice.core.netlink.NetlinkObserver;
import dev.sluice.core.nft.NftSession;
import dev.sluice.core.node.Node;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Reads a node's counters. Waits for nobody's lock: nft reads a table at one generation or begins
 * again.
 */
final class CounterReader {

  private CounterReader() {}

  static Counts read(Node node, Map<NftCounter, Counted> meanings, NetlinkObserver observer) {
    return node.netns()
        .call(
            () -> {
              try (NftSession nft = NftSession.open(observer)) {
                return read(nft, meanings);
              }
            });
  }

  private static Counts read(NftSession nft, Map<NftCounter, Counted> meanings) {
    Map<String, Map<String, Count>> tables = new HashMap<>();
    Map<Counted, Count> out = new LinkedHashMap<>();
    Set<String> missing = new LinkedHashSet<>();
    meanings.forEach(
        (counter, meaning) -> {
          String name = counter.family() + " " + counter.table();
          Map<String, Count> table =
              tables.computeIfAbsent(name, n -> nft.counters(counter.family(), counter.table()));
          if (table.isEmpty()) {
            missing.add("table " + name);
          } else {
            out.merge(meaning, table.getOrDefault(counter.name(), Count.ZERO), Count::plus);
          }
        });
    return new Counts(out, missing);
  }
}
