package dev.sluice.core.check;

import java.util.Set;

/**
 * A classic BPF program that keeps a workload's own traffic, of which a raw socket is given a copy,
 * from filling the socket's queue: only segments from or to some ports pass. Of an IPv4 socket it
 * sees the IP header first, of an IPv6 socket the segment.
 */
final class PortFilter {

  private static final int LOAD_HEADER_LENGTH = 0xb1;
  private static final int LOAD_INDEX = 0x01;
  private static final int LOAD_HALF = 0x48;
  private static final int JUMP_IF_EQUAL = 0x15;
  private static final int RETURN = 0x06;
  private static final long EVERYTHING = 0xffff_ffffL;

  /** A jump goes no farther than 255 instructions. */
  private static final int MOST = 120;

  private PortFilter() {}

  /** Of too many ports every one passes. */
  static long[] program(boolean v6, Set<Integer> ports) {
    if (ports.size() > MOST) {
      return new long[] {instruction(RETURN, 0, EVERYTHING)};
    }
    int[] wanted = ports.stream().mapToInt(Integer::intValue).sorted().toArray();
    int accept = 2 * wanted.length + 4;
    long[] program = new long[accept + 1];
    int at = 0;
    program[at++] = instruction(v6 ? LOAD_INDEX : LOAD_HEADER_LENGTH, 0, 0);
    for (int field : new int[] {0, 2}) {
      program[at++] = instruction(LOAD_HALF, 0, field);
      for (int port : wanted) {
        program[at] = instruction(JUMP_IF_EQUAL, accept - at - 1, port);
        at++;
      }
    }
    program[at] = instruction(RETURN, 0, 0);
    program[accept] = instruction(RETURN, 0, EVERYTHING);
    return program;
  }

  private static long instruction(int code, int jumpIfTrue, long operand) {
    return (long) code << 48 | (long) jumpIfTrue << 40 | operand;
  }
}
