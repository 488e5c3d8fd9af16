package dev.sluice.core.datapath;

import java.util.Map;

/** An ability that a {@link Datapath} may have: named counters of nftables tell what it decided. */
public interface CountsInNftables {

  /**
   * The counters of what {@code desired} renders to, and what each counts; also those of rules that
   * are never the first to allow anything, which need not be there. Pure.
   */
  Map<NftCounter, Counted> counters(DesiredState desired);
}
