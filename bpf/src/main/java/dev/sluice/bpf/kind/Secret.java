package dev.sluice.bpf.kind;

import dev.sluice.bpf.lib.BpfMap;
import dev.sluice.bpf.lib.OpenObject;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.SecureRandom;

/**
 * By which the programs of a topology know what one of them has decided on (passed.h). It is drawn
 * once and stays, with the live state, for all versions: while one takes the place of another both
 * are at work.
 */
final class Secret {

  private static final String MAP = "secret";
  private static final byte[] FIRST = new byte[Integer.BYTES];

  private Secret() {}

  /** Draws it, unless the object is without or an earlier version has one. */
  static void drawOnce(OpenObject loaded) {
    if (!loaded.maps().contains(MAP)) {
      return;
    }
    BpfMap map = loaded.loadedMap(MAP);
    SecureRandom random = new SecureRandom();
    ByteBuffer value = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder());
    value.put(0, map.lookup(FIRST).orElseThrow());
    while (value.getLong(0) == 0) {
      value.putLong(0, random.nextLong());
      map.update(FIRST, value.array());
    }
  }
}
