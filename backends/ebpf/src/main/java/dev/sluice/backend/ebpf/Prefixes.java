package dev.sluice.backend.ebpf;

import java.math.BigInteger;
import java.util.function.BiConsumer;

/** Cuts a range of numbers into the fewest blocks that a prefix names. Pure. */
final class Prefixes {

  private Prefixes() {}

  /**
   * Hands each block of {@code from} to {@code to}, both included, to {@code block}: its first
   * number, and how many of its {@code bits} are the prefix.
   */
  static void of(BigInteger from, BigInteger to, int bits, BiConsumer<BigInteger, Integer> block) {
    BigInteger at = from;
    while (at.compareTo(to) <= 0) {
      int free = at.signum() == 0 ? bits : Math.min(bits, at.getLowestSetBit());
      while (at.add(BigInteger.ONE.shiftLeft(free)).subtract(BigInteger.ONE).compareTo(to) > 0) {
        free--;
      }
      block.accept(at, bits - free);
      at = at.add(BigInteger.ONE.shiftLeft(free));
    }
  }
}
