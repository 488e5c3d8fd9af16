package dev.sluice.bpf.lib;

import com.sun.jna.Memory;
import com.sun.jna.ptr.IntByReference;
import dev.sluice.bpf.lib.BpfMap.Element;
import dev.sluice.core.sys.Errno;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Many elements in one call (bpf(2), "BPF_MAP_LOOKUP_BATCH" and its like), or one by one where the
 * kernel has no such call for a type of map.
 */
final class MapBatches {

  private static final int AT_ONCE = 4096;

  /** What the kernel keeps its place in a dump by: a key, or 4 bytes in a hash. */
  private static final int PLACE = 4;

  private MapBatches() {}

  /** What comes of a batch that was read: as many keys and values, one after the other. */
  private interface Batch {
    void read(Memory keys, Memory values, int count);
  }

  static List<Element> dump(BpfMap map, Handle handle) {
    int keySize = map.shape().keySize();
    int valueSize = map.valueLength();
    List<Element> out = new ArrayList<>();
    boolean done =
        read(
            map,
            handle,
            (keys, values, count) -> {
              for (int i = 0; i < count; i++) {
                out.add(
                    new Element(
                        keys.getByteArray((long) i * keySize, keySize),
                        values.getByteArray((long) i * valueSize, valueSize)));
              }
            });
    return done ? out : dumpOneByOne(map, handle);
  }

  static long count(BpfMap map, Handle handle, Predicate<ByteBuffer> counts) {
    int valueSize = map.valueLength();
    long[] sum = {0};
    boolean done =
        read(
            map,
            handle,
            (keys, values, count) -> {
              ByteBuffer all = values.getByteBuffer(0, values.size());
              for (int i = 0; i < count; i++) {
                ByteBuffer value = all.slice(i * valueSize, valueSize);
                if (counts.test(value.order(ByteOrder.nativeOrder()))) {
                  sum[0]++;
                }
              }
            });
    if (done) {
      return sum[0];
    }
    return dumpOneByOne(map, handle).stream()
        .filter(e -> counts.test(ByteBuffer.wrap(e.value()).order(ByteOrder.nativeOrder())))
        .count();
  }

  /** False, and nothing was read, if the kernel has no batches of such a map. */
  private static boolean read(BpfMap map, Handle handle, Batch batch) {
    int room = Math.min(AT_ONCE, map.shape().maxEntries());
    byte[] from = null;
    while (true) {
      byte[] next = new byte[Math.max(PLACE, map.shape().keySize())];
      IntByReference count = new IntByReference(room);
      int result;
      try (Memory keys = new Memory((long) room * map.shape().keySize());
          Memory values = new Memory((long) room * map.valueLength())) {
        result = LibBpf.bpf_map_lookup_batch(handle.fd(), from, next, keys, values, count, null);
        if (result == 0 || BpfErrno.is(result, Errno.ENOENT)) {
          batch.read(keys, values, count.getValue());
        }
      }
      if (BpfErrno.is(result, Errno.ENOENT)) {
        return true;
      } else if (BpfErrno.is(result, BpfErrno.ENOSPC)) {
        // A bucket of the hash has more than there was room for.
        room *= 2;
      } else if (from == null && BpfErrno.isUnsupported(result)) {
        return false;
      } else {
        BpfErrno.check(result, "read BPF", handle);
        from = next;
      }
    }
  }

  private static List<Element> dumpOneByOne(BpfMap map, Handle handle) {
    List<Element> out = new ArrayList<>();
    byte[] key = null;
    while (true) {
      byte[] next = new byte[map.shape().keySize()];
      int result = LibBpf.bpf_map_get_next_key(handle.fd(), key, next);
      if (BpfErrno.is(result, Errno.ENOENT)) {
        return out;
      }
      BpfErrno.check(result, "read BPF", handle);
      map.lookup(next).ifPresent(value -> out.add(new Element(next, value)));
      key = next;
    }
  }

  static void update(BpfMap map, Handle handle, List<Element> elements) {
    int keySize = map.shape().keySize();
    int valueSize = map.valueLength();
    for (int at = 0; at < elements.size(); at += AT_ONCE) {
      List<Element> some = elements.subList(at, Math.min(elements.size(), at + AT_ONCE));
      try (Memory keys = new Memory((long) some.size() * keySize);
          Memory values = new Memory((long) some.size() * valueSize)) {
        for (int i = 0; i < some.size(); i++) {
          Element element = some.get(i);
          keys.write((long) i * keySize, element.key(), 0, keySize);
          values.write((long) i * valueSize, element.value(), 0, valueSize);
        }
        IntByReference count = new IntByReference(some.size());
        int result = LibBpf.bpf_map_update_batch(handle.fd(), keys, values, count, null);
        if (BpfErrno.isUnsupported(result)) {
          some.forEach(element -> map.update(element.key(), element.value()));
        } else {
          BpfErrno.check(result, "write BPF", handle);
        }
      }
    }
  }

  static void delete(BpfMap map, Handle handle, List<byte[]> keys) {
    int keySize = map.shape().keySize();
    for (int at = 0; at < keys.size(); at += AT_ONCE) {
      List<byte[]> some = keys.subList(at, Math.min(keys.size(), at + AT_ONCE));
      try (Memory memory = new Memory((long) some.size() * keySize)) {
        for (int i = 0; i < some.size(); i++) {
          memory.write((long) i * keySize, some.get(i), 0, keySize);
        }
        IntByReference count = new IntByReference(some.size());
        int result = LibBpf.bpf_map_delete_batch(handle.fd(), memory, count, null);
        if (BpfErrno.isUnsupported(result) || BpfErrno.is(result, Errno.ENOENT)) {
          // One that is not there ends a batch.
          some.forEach(map::delete);
        } else {
          BpfErrno.check(result, "delete from BPF", handle);
        }
      }
    }
  }
}
