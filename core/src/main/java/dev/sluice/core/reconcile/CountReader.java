package dev.sluice.core.reconcile;

import dev.sluice.core.datapath.Counted;
import dev.sluice.core.datapath.CountsInNftables;
import dev.sluice.core.datapath.Datapath;
import dev.sluice.core.datapath.DesiredState;
import dev.sluice.core.datapath.NftCounter;
import dev.sluice.core.netlink.NetlinkObserver;
import dev.sluice.core.node.Node;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads what a topology has counted, as often as is wanted. Where it is counted is worked out when
 * this is made, which takes far longer: a scrape each second is to cost next to nothing.
 */
final class CountReader {

  private final Optional<Map<NftCounter, Counted>> counters;
  private final Optional<Function<Node, Counts>> own;

  CountReader(Datapath datapath, DesiredState desired) {
    this.counters =
        datapath instanceof CountsInNftables counting
            ? Optional.of(counting.counters(desired))
            : Optional.empty();
    this.own =
        datapath instanceof CountsInItsOwnPlace counting
            ? Optional.of(counting.counting(desired))
            : Optional.empty();
  }

  /** Empty if the datapath does not count. */
  Optional<Counts> read(Node node, NetlinkObserver observer) {
    Optional<Counts> counted = counters.map(c -> CounterReader.read(node, c, observer));
    Optional<Counts> more = own.map(o -> o.apply(node));
    return counted.map(c -> more.map(c::plus).orElse(c)).or(() -> more);
  }
}
