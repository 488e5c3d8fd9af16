package dev.sluice.bpf.kernel;

import java.util.stream.IntStream;

/**
 * What leads from one content of a map to another, neither with links. Keys, and values, stand one
 * behind the other.
 *
 * @param gone keys that are no more, from the least on
 * @param keys of entries that are new or have another value, from the greatest on
 * @param values of those
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record MapDifference(byte[] gone, byte[] keys, byte[] values) {

  public static MapDifference of(MapEntries from, MapEntries to) {
    IntStream.Builder gone = IntStream.builder();
    IntStream.Builder come = IntStream.builder();
    int old = 0;
    int now = 0;
    while (old < from.size() || now < to.size()) {
      int order;
      if (old == from.size()) {
        order = 1;
      } else if (now == to.size()) {
        order = -1;
      } else {
        order = from.compareKeys(old, to, now);
      }
      if (order < 0) {
        gone.add(old++);
      } else if (order > 0) {
        come.add(now++);
      } else {
        if (!from.equalValues(old, to, now)) {
          come.add(now);
        }
        old++;
        now++;
      }
    }
    int[] which = reversed(come.build().toArray());
    return new MapDifference(from.keys(gone.build().toArray()), to.keys(which), to.values(which));
  }

  private static int[] reversed(int[] numbers) {
    return IntStream.range(0, numbers.length).map(i -> numbers[numbers.length - 1 - i]).toArray();
  }
}
