package dev.sluice.bpf.lib;

import com.sun.jna.Memory;
import com.sun.jna.ptr.IntByReference;
import dev.sluice.bpf.lib.BpfMap.Element;
import dev.sluice.core.sys.Errno;
import java.util.ArrayList;
import java.util.List;

/**
 * Many elements in one call (bpf(2), "BPF_MAP_LOOKUP_BATCH" and its like), or one by one where the
 * kernel has no such call for a type of map.
 */
final class MapBatches {

  private static final int AT_ONCE = 4096;

  /** What the kernel keeps its place in a dump by: a key, or 4 bytes in a hash. */
  private static final int PLACE = 4;

  private MapBatches() {}

  static List<Element> dump(BpfMap map, Handle handle) {
    int keySize = map.shape().keySize();
    int valueSize = map.valueLength();
    int room = Math.min(AT_ONCE, map.shape().maxEntries());
    List<Element> out = new ArrayList<>();
    byte[] from = null;
    while (true) {
      byte[] next = new byte[Math.max(PLACE, keySize)];
      IntByReference count = new IntByReference(room);
      int result;
      try (Memory keys = new Memory((long) room * keySize);
          Memory values = new Memory((long) room * valueSize)) {
        result = LibBpf.bpf_map_lookup_batch(handle.fd(), from, next, keys, values, count, null);
        if (result == 0 || BpfErrno.is(result, Errno.ENOENT)) {
          for (int i = 0; i < count.getValue(); i++) {
            out.add(
                new Element(
                    keys.getByteArray((long) i * keySize, keySize),
                    values.getByteArray((long) i * valueSize, valueSize)));
          }
        }
      }
      if (BpfErrno.is(result, Errno.ENOENT)) {
        return out;
      } else if (BpfErrno.is(result, BpfErrno.ENOSPC)) {
        // A bucket of the hash has more than there was room for.
        room *= 2;
      } else if (from == null && BpfErrno.isUnsupported(result)) {
        return dumpOneByOne(map, handle);
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
