package dev.sluice.bpf.render;

/** How much room maps have. */
public final class Sizes {

  /** So that most changes find room, and need no other version of the programs. */
  private static final int LEAST = 256;

  private Sizes() {}

  /** For {@code entries}, and as many again while an update has both old and new ones. */
  public static int of(int entries) {
    int room = LEAST;
    while (room < 2 * entries) {
      room *= 2;
    }
    return room;
  }
}
