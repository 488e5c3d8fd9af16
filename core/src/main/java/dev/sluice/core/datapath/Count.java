package dev.sluice.core.datapath;

/** How much a counter has counted; bytes with the IP header, or the frame's where there is one. */
public record Count(long packets, long bytes) {

  public static final Count ZERO = new Count(0, 0);

  public Count plus(Count other) {
    return new Count(packets + other.packets, bytes + other.bytes);
  }
}
