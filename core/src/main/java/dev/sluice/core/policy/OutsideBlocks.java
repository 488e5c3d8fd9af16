package dev.sluice.core.policy;

import dev.sluice.core.address.Cidr;
import dev.sluice.core.address.IpAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Who is outside of a topology, as the rules of some sides tell them apart: each block that they
 * name, and everybody. A block stands for those of its addresses that are in no smaller one and in
 * no subnet of the topology; one that has none is left out.
 */
final class OutsideBlocks {

  /** A block, and one of the addresses that it stands for: the same holds for all of them. */
  record Outside(Cidr block, IpAddress address) {}

  private OutsideBlocks() {}

  /** {@code subnets}: of the topology; who has an address there is no outsider. */
  static List<Outside> of(Collection<Side> sides, Collection<Cidr> subnets) {
    SortedSet<Cidr> named = new TreeSet<>(List.of(Cidr.any(true), Cidr.any(false)));
    for (Side side : sides) {
      for (Side.Entry entry : side.entries()) {
        if (entry.peers() instanceof Peers.Block block) {
          named.add(block.cidr());
          named.addAll(block.except());
        }
      }
    }
    named.removeIf(block -> subnets.stream().anyMatch(s -> holds(s, block)));
    SortedSet<Cidr> all = new TreeSet<>(named);
    all.addAll(subnets);
    List<Outside> out = new ArrayList<>();
    for (Cidr block : named) {
      ownAddress(block, all).ifPresent(address -> out.add(new Outside(block, address)));
    }
    return out;
  }

  private static boolean holds(Cidr large, Cidr small) {
    return large.prefix() <= small.prefix() && large.contains(small.address());
  }

  /** The first address that is in no block within this one: of two blocks one holds the other. */
  private static Optional<IpAddress> ownAddress(Cidr block, SortedSet<Cidr> all) {
    IpAddress next = block.address();
    for (Cidr within : all.tailSet(block)) {
      if (within.equals(block)) {
        continue;
      }
      if (within.address().compareTo(next) > 0) {
        break;
      }
      if (within.last().compareTo(next) >= 0) {
        if (within.last().equals(block.last())) {
          return Optional.empty();
        }
        next = within.last().plus(1);
      }
    }
    return Optional.of(next);
  }
}
