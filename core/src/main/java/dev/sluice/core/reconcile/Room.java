package dev.sluice.core.reconcile;

/**
 * How full something of a datapath is that has room for so many flows and no more.
 *
 * @param map its name
 * @param entries how many of its places something is in that still counts
 * @param room how many places there are
 */
public record Room(String map, long entries, long room) {

  /** From 0 to 1. */
  public double pressure() {
    return room == 0 ? 0 : (double) entries / room;
  }
}
