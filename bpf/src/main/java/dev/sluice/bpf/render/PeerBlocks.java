package dev.sluice.bpf.render;

import dev.sluice.bpf.render.PeerClasses.Piece;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Cuts address space into blocks that begin with the same bits, so that the pieces in each fit into
 * a {@code struct peer_block}. No two overlap. Pure.
 */
final class PeerBlocks {

  /** By so many of the last bits the pieces of a block are told apart. */
  private static final int TOLD_BY = 32;

  /**
   * A block, as small as what is in it lets it be.
   *
   * @param base its first address
   * @param length of the prefix, in bits
   * @param slots what begins where: from the first address on, without a gap
   */
  record Block(BigInteger base, int length, List<Slot> slots) {}

  /**
   * From an address of a block on, up to the next slot.
   *
   * @param piece that is there, if any may pass
   */
  record Slot(BigInteger from, Optional<Piece> piece) {}

  private final int bits;
  private final List<Block> blocks = new ArrayList<>();

  private PeerBlocks(int bits) {
    this.bits = bits;
  }

  /** Blocks with all of {@code pieces}, which are in order and of addresses of {@code bits}. */
  static List<Block> of(List<Piece> pieces, int bits) {
    PeerBlocks cut = new PeerBlocks(bits);
    if (!pieces.isEmpty()) {
      cut.cut(pieces);
    }
    return cut.blocks;
  }

  private void cut(List<Piece> pieces) {
    BigInteger from = pieces.get(0).from();
    BigInteger to = pieces.get(pieces.size() - 1).to();
    int free = from.xor(to).bitLength();
    BigInteger base = from.shiftRight(free).shiftLeft(free);
    BigInteger end = base.add(BigInteger.ONE.shiftLeft(free));
    List<Slot> slots = slots(pieces, base, end);
    if (slots.size() <= Layout.BLOCK_PEERS && (free <= TOLD_BY || slots.size() == 1)) {
      blocks.add(new Block(base, bits - free, slots));
      return;
    }
    BigInteger middle = base.setBit(free - 1);
    List<Piece> left = new ArrayList<>();
    List<Piece> right = new ArrayList<>();
    for (Piece piece : pieces) {
      if (piece.from().compareTo(middle) < 0) {
        left.add(piece.within(base, middle));
      }
      if (piece.to().compareTo(middle) >= 0) {
        right.add(piece.within(middle, end));
      }
    }
    cut(left);
    cut(right);
  }

  private static List<Slot> slots(List<Piece> pieces, BigInteger base, BigInteger end) {
    List<Slot> out = new ArrayList<>();
    BigInteger at = base;
    for (Piece piece : pieces) {
      if (!at.equals(piece.from())) {
        out.add(new Slot(at, Optional.empty()));
      }
      out.add(new Slot(piece.from(), Optional.of(piece)));
      at = piece.to().add(BigInteger.ONE);
    }
    if (!at.equals(end)) {
      out.add(new Slot(at, Optional.empty()));
    }
    return out;
  }
}
