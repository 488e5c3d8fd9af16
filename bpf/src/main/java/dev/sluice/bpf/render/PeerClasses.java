package dev.sluice.bpf.render;

import dev.sluice.core.address.IpAddress;
import dev.sluice.core.policy.AllowCells;
import dev.sluice.core.policy.AllowCells.AddressCell;
import dev.sluice.core.policy.AllowCells.AddressPortCell;
import dev.sluice.core.policy.AllowCells.PortCell;
import dev.sluice.core.policy.RuleId;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The address space of a side in one family, cut so that all of a piece may do the same: what
 * {@link AllowCells} has by sort and protocol, put together. Pure.
 */
final class PeerClasses {

  /**
   * Peers {@code from} to {@code to}, both included.
   *
   * @param rule that lets them use everything
   * @param ports that they may use, by which rule
   */
  record Piece(BigInteger from, BigInteger to, Optional<RuleId> rule, List<PortCell> ports) {

    /** What of it lies between {@code first} and {@code end}, the latter not included. */
    Piece within(BigInteger first, BigInteger end) {
      return new Piece(from.max(first), to.min(end.subtract(BigInteger.ONE)), rule, ports);
    }
  }

  /** The end of a cell: what is in force from {@code at} on, or no more. */
  private record End(BigInteger at, Object cell, boolean starts) {}

  private PeerClasses() {}

  /** The pieces that are allowed anything, from left to right. */
  static List<Piece> of(AllowCells cells) {
    List<End> ends = new ArrayList<>();
    for (AddressCell cell : cells.addresses()) {
      ends(ends, cell.from(), cell.to(), cell);
    }
    for (AddressPortCell cell : cells.both()) {
      ends(ends, cell.fromAddress(), cell.toAddress(), cell);
    }
    ends.sort(Comparator.comparing(End::at));
    List<Piece> out = new ArrayList<>();
    Set<Object> active = new LinkedHashSet<>();
    BigInteger from = BigInteger.ZERO;
    for (End end : ends) {
      if (!active.isEmpty() && !end.at.equals(from)) {
        out.add(piece(from, end.at.subtract(BigInteger.ONE), active));
      }
      if (end.starts) {
        active.add(end.cell);
      } else {
        active.remove(end.cell);
      }
      from = end.at;
    }
    return out;
  }

  private static void ends(List<End> out, IpAddress from, IpAddress to, Object cell) {
    out.add(new End(number(from), cell, true));
    out.add(new End(number(to).add(BigInteger.ONE), cell, false));
  }

  private static BigInteger number(IpAddress ip) {
    return new BigInteger(1, ip.bytes());
  }

  private static Piece piece(BigInteger from, BigInteger to, Set<Object> cells) {
    Optional<RuleId> rule = Optional.empty();
    List<PortCell> ports = new ArrayList<>();
    for (Object cell : cells) {
      if (cell instanceof AddressCell all) {
        rule = Optional.of(all.rule());
      } else if (cell instanceof AddressPortCell some) {
        ports.add(new PortCell(some.protocol(), some.from(), some.to(), some.rule()));
      }
    }
    ports.sort(Comparator.comparing(PortCell::protocol).thenComparing(PortCell::from));
    return new Piece(from, to, rule, ports);
  }
}
