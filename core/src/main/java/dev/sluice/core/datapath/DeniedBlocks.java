package dev.sluice.core.datapath;

import dev.sluice.core.address.Cidr;
import dev.sluice.core.address.IpAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;

/**
 * Cuts blocks that may lie within one another into ranges that do not overlap, each of the most
 * specific block that covers it. Pure.
 */
final class DeniedBlocks {

  /** Addresses of one family, both ends included, and the block that they count for. */
  record Range(IpAddress from, IpAddress to, Cidr block) {}

  private final List<Range> out = new ArrayList<>();

  /** Those that the next block may lie within, the innermost first. */
  private final Deque<Cidr> open = new ArrayDeque<>();

  /** Of the innermost open block: where what is not handed out yet begins. */
  private IpAddress next = Cidr.any(true).address();

  /** Whether there is anything left from {@code next} on. */
  private boolean left;

  private DeniedBlocks() {}

  /** Of blocks of one family, none of them twice; from the lowest address to the highest. */
  static List<Range> ranges(Collection<Cidr> blocks) {
    DeniedBlocks cut = new DeniedBlocks();
    blocks.stream().sorted().forEach(cut::add);
    while (!cut.open.isEmpty()) {
      cut.close();
    }
    return cut.out;
  }

  /** Blocks come by their address, the larger of two with one address first. */
  private void add(Cidr block) {
    while (!open.isEmpty() && !open.peek().contains(block.address())) {
      close();
    }
    if (!open.isEmpty() && left && next.compareTo(block.address()) < 0) {
      out.add(new Range(next, block.address().plus(-1), open.peek()));
    }
    open.push(block);
    next = block.address();
    left = true;
  }

  private void close() {
    Cidr block = open.pop();
    IpAddress last = block.last();
    if (left && next.compareTo(last) <= 0) {
      out.add(new Range(next, last, block));
    }
    left = !last.equals(Cidr.any(block.isV4()).last());
    if (left) {
      next = last.plus(1);
    }
  }
}
