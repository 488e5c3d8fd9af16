package dev.sluice.bpf.kind;

import dev.sluice.bpf.lib.BpfMap;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;

/**
 * By which the programs of a topology know what one of them has decided on (passed.h). It is drawn
 * once and stays, beside the live state, for all versions: while one takes the place of another
 * both are at work.
 */
final class Secret {

  /** The constant of the source. */
  static final String CONSTANT = "secret";

  private static final byte[] FIRST = new byte[Integer.BYTES];

  private Secret() {}

  /** That of the topology whose live state is there. */
  static long of(Path live) {
    Path pin = live.resolve(ObjectLoader.MAP + CONSTANT);
    try (BpfMap map = Files.exists(pin) ? BpfMap.pinned(pin) : BpfMap.array(CONSTANT, Long.BYTES)) {
      ByteBuffer value = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder());
      value.put(0, map.lookup(FIRST).orElseThrow());
      if (value.getLong(0) == 0) {
        // Pinned when it is drawn: whoever finds a pin finds a secret.
        value.putLong(0, new SecureRandom().longs().filter(l -> l != 0).findFirst().orElseThrow());
        map.update(FIRST, value.array());
        map.pin(pin);
      }
      return value.getLong(0);
    }
  }
}
