package dev.sluice.bpf.lib;

import com.sun.jna.Memory;
import com.sun.jna.ptr.IntByReference;
import dev.sluice.bpf.lib.BpfMap.Elements;
import dev.sluice.core.sys.Errno;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * Many elements in one call (bpf(2), "BPF_MAP_LOOKUP_BATCH" and its like), or one by one where the
 * kernel has no such call for a type of map.
 */
final class MapBatches {

  private static final int AT_ONCE = 4096;

  /** What the kernel keeps its place in a dump by: a key, or 4 bytes in a hash. */
  private static final int PLACE = 4;

  private MapBatches() {}

  static Elements read(BpfMap map, Handle handle) {
    int keySize = map.shape().keySize();
    int valueSize = map.valueLength();
    int room = Math.min(AT_ONCE, map.shape().maxEntries());
    Read out = new Read();
    byte[] from = null;
    while (true) {
      byte[] next = new byte[Math.max(PLACE, keySize)];
      IntByReference count = new IntByReference(room);
      int result;
      try (Memory keys = new Memory((long) room * keySize);
          Memory values = new Memory((long) room * valueSize)) {
        result = LibBpf.bpf_map_lookup_batch(handle.fd(), from, next, keys, values, count, null);
        if (result == 0 || BpfErrno.is(result, Errno.ENOENT)) {
          int read = count.getValue();
          out.add(
              read, keys.getByteArray(0, read * keySize), values.getByteArray(0, read * valueSize));
        }
      }
      if (BpfErrno.is(result, Errno.ENOENT)) {
        return out.elements();
      } else if (BpfErrno.is(result, BpfErrno.ENOSPC)) {
        // A bucket of the hash has more than there was room for.
        room *= 2;
      } else if (from == null && BpfErrno.isUnsupported(result)) {
        return readOneByOne(map, handle);
      } else {
        BpfErrno.check(result, "read BPF", handle);
        from = next;
      }
    }
  }

  private static Elements readOneByOne(BpfMap map, Handle handle) {
    Read out = new Read();
    byte[] key = null;
    while (true) {
      byte[] next = new byte[map.shape().keySize()];
      int result = LibBpf.bpf_map_get_next_key(handle.fd(), key, next);
      if (BpfErrno.is(result, Errno.ENOENT)) {
        return out.elements();
      }
      BpfErrno.check(result, "read BPF", handle);
      map.lookup(next).ifPresent(value -> out.add(1, next, value));
      key = next;
    }
  }

  /** What has been read so far. */
  private static final class Read {
    private int size;
    private final ByteArrayOutputStream keys = new ByteArrayOutputStream();
    private final ByteArrayOutputStream values = new ByteArrayOutputStream();

    void add(int more, byte[] moreKeys, byte[] moreValues) {
      size += more;
      keys.writeBytes(moreKeys);
      values.writeBytes(moreValues);
    }

    Elements elements() {
      return new Elements(size, keys.toByteArray(), values.toByteArray());
    }
  }

  static void update(BpfMap map, Handle handle, byte[] keys, byte[] values) {
    int keySize = map.shape().keySize();
    int valueSize = map.valueLength();
    int size = keys.length / keySize;
    for (int at = 0; at < size; at += AT_ONCE) {
      int some = Math.min(AT_ONCE, size - at);
      try (Memory someKeys = copy(keys, at, some, keySize);
          Memory someValues = copy(values, at, some, valueSize)) {
        IntByReference count = new IntByReference(some);
        int result = LibBpf.bpf_map_update_batch(handle.fd(), someKeys, someValues, count, null);
        if (BpfErrno.isUnsupported(result)) {
          for (int i = at; i < at + some; i++) {
            map.update(one(keys, i, keySize), one(values, i, valueSize));
          }
        } else {
          BpfErrno.check(result, "write BPF", handle);
        }
      }
    }
  }

  static void delete(BpfMap map, Handle handle, byte[] keys) {
    int keySize = map.shape().keySize();
    int size = keys.length / keySize;
    for (int at = 0; at < size; at += AT_ONCE) {
      int some = Math.min(AT_ONCE, size - at);
      try (Memory someKeys = copy(keys, at, some, keySize)) {
        IntByReference count = new IntByReference(some);
        int result = LibBpf.bpf_map_delete_batch(handle.fd(), someKeys, count, null);
        if (BpfErrno.isUnsupported(result) || BpfErrno.is(result, Errno.ENOENT)) {
          // One that is not there ends a batch.
          for (int i = at; i < at + some; i++) {
            map.delete(one(keys, i, keySize));
          }
        } else {
          BpfErrno.check(result, "delete from BPF", handle);
        }
      }
    }
  }

  /** Of keys, or values, {@code some} from that number on. */
  private static Memory copy(byte[] from, int first, int some, int length) {
    Memory out = new Memory((long) some * length);
    out.write(0, from, first * length, some * length);
    return out;
  }

  private static byte[] one(byte[] from, int number, int length) {
    return Arrays.copyOfRange(from, number * length, (number + 1) * length);
  }
}
