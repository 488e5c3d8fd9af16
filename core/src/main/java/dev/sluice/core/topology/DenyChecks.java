package dev.sluice.core.topology;

import dev.sluice.core.address.Cidr;
import dev.sluice.core.topology.Drafts.NetworkDraft;
import dev.sluice.core.topology.Drafts.TopologyDraft;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What {@code spec.denyFrom} must be: blocks of sources that something can be heard from. */
final class DenyChecks {

  /** More than the lists that are published have; nft takes some seconds for so many. */
  static final int MOST = 16_384;

  /** RFC 4291, section 2.5.5.2: no packet bears such an address. */
  private static final Cidr MAPPED = Cidr.parse("::ffff:0:0/96");

  private DenyChecks() {}

  static void check(TopologyDraft draft) {
    List<Located<Cidr>> denied = draft.denyFrom();
    if (denied.isEmpty()) {
      return;
    }
    List<NetworkDraft> networks = draft.networks();
    // Of networks that could not be read one may have it.
    if (!networks.isEmpty() && networks.stream().allMatch(n -> n.uplink().isEmpty())) {
      denied
          .get(0)
          .fault(
              "denyFrom is for what comes in by an uplink, and no network has one; give a network"
                  + " an uplink, or leave denyFrom out");
    }
    if (denied.size() > MOST) {
      denied.get(MOST).fault("denyFrom has more than " + MOST + " blocks; give larger ones");
    }
    Map<Cidr, Located<Cidr>> first = new HashMap<>();
    for (Located<Cidr> block : denied) {
      Located<Cidr> other = first.putIfAbsent(block.value(), block);
      if (other != null) {
        block.fault(
            block.value()
                + " is denied again, first in line "
                + other.line()
                + "; leave one of them out");
      } else if (isMapped(block.value())) {
        block.fault(
            block.value()
                + " is a block of IPv4-mapped addresses, which no packet bears; give the block of"
                + " IPv4");
      }
    }
  }

  private static boolean isMapped(Cidr block) {
    return block.prefix() >= MAPPED.prefix() && MAPPED.overlaps(block);
  }
}
