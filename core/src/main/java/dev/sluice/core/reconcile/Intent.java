package dev.sluice.core.reconcile;

import java.util.Optional;

/**
 * What a topology of a node is meant to be. On disk before the first step of a change, so that a
 * crash in the middle is mended by running the diff again.
 *
 * @param previous what the change started from; where a failed change leads back to
 * @param wanted what the node should hold of this topology; empty while it is destroyed
 */
public record Intent(
    String topology, Phase phase, Optional<Declared> previous, Optional<Declared> wanted) {

  /** How far a change has come. */
  public enum Phase {
    APPLYING,
    APPLIED,
    ROLLING_BACK,
    DESTROYING
  }

  /**
   * A declared topology as it was given.
   *
   * @param datapath the one it runs on, after any override
   * @param file the name of the file, for messages
   * @param source the file's text
   */
  public record Declared(String datapath, String file, String source) {}

  static Intent applying(String topology, Optional<Declared> previous, Declared wanted) {
    return new Intent(topology, Phase.APPLYING, previous, Optional.of(wanted));
  }

  static Intent applied(String topology, Declared wanted) {
    return new Intent(topology, Phase.APPLIED, Optional.empty(), Optional.of(wanted));
  }

  static Intent rollingBack(String topology, Declared failed, Optional<Declared> to) {
    return new Intent(topology, Phase.ROLLING_BACK, Optional.of(failed), to);
  }

  static Intent destroying(String topology, Optional<Declared> previous) {
    return new Intent(topology, Phase.DESTROYING, previous, Optional.empty());
  }
}
