package dev.sluice.bpf.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Contents of maps as bytes, and what leads from one to another. */
class MapDifferenceTest {

  private static MapValue value(int... bytes) {
    byte[] out = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      out[i] = (byte) bytes[i];
    }
    return MapValue.of(out);
  }

  /** Keys of two bytes and values of one. */
  private static MapEntries entries(int... keysAndValues) {
    SortedMap<MapValue, MapValue> out = new TreeMap<>();
    for (int i = 0; i < keysAndValues.length; i += 3) {
      out.put(value(keysAndValues[i], keysAndValues[i + 1]), value(keysAndValues[i + 2]));
    }
    return MapEntries.of(out);
  }

  @Test
  void whatGoesGoesFromTheLeastOnAndWhatComesFromTheGreatest() {
    MapEntries from = entries(0, 1, 1, 0, 2, 1, 0, 3, 1, 9, 9, 1, 255, 0, 1);
    MapEntries to = entries(0, 0, 5, 0, 2, 1, 0, 3, 2, 200, 0, 6);
    MapDifference difference = MapDifference.of(from, to);
    assertThat(difference.gone()).containsExactly(0, 1, 9, 9, 255, 0);
    assertThat(difference.keys()).containsExactly(200, 0, 0, 3, 0, 0);
    assertThat(difference.values()).containsExactly(6, 2, 5);
  }

  @Test
  void fromNothingAndToNothing() {
    MapEntries some = entries(1, 1, 1, 2, 2, 2);
    assertThat(MapDifference.of(entries(), some).values()).containsExactly(2, 1);
    assertThat(MapDifference.of(entries(), some).gone()).isEmpty();
    assertThat(MapDifference.of(some, entries()).gone()).containsExactly(1, 1, 2, 2);
    assertThat(MapDifference.of(some, some).keys()).isEmpty();
  }

  @Test
  void whatWasReadInAnyOrderIsWhatIsWanted() {
    MapEntries wanted = entries(0, 1, 1, 200, 0, 3, 2, 2, 2);
    byte[] keys = {2, 2, (byte) 200, 0, 0, 1};
    assertThat(MapEntries.of(3, keys, new byte[] {2, 3, 1})).isEqualTo(wanted);
    assertThat(MapEntries.of(3, keys, new byte[] {2, 1, 3})).isNotEqualTo(wanted);
    // Seen twice, as something that is read while it changes may be.
    byte[] twice = {2, 2, (byte) 200, 0, 2, 2, 0, 1};
    assertThat(MapEntries.of(4, twice, new byte[] {2, 3, 2, 1})).isEqualTo(wanted);
  }

  @Test
  void namesStandForTheirNumbers() {
    SortedMap<MapValue, MapValue> entries = new TreeMap<>();
    MapValue a = MapValue.of(new byte[4], new TreeMap<>(Map.of(0, "a")));
    MapValue b = MapValue.of(new byte[4], new TreeMap<>(Map.of(0, "b")));
    entries.put(a, value(1));
    entries.put(b, value(2));
    MapEntries both = MapEntries.of(entries);
    assertThat(both.links()).containsExactlyInAnyOrder("a", "b");
    assertThat(both.key(1)).isEqualTo(b);
    // In the order of the indexes, which is another.
    MapEntries resolved = both.resolve(link -> OptionalInt.of(link.equals("a") ? -1 : 0));
    assertThat(resolved.links()).isEmpty();
    assertThat(resolved.value(0)).isEqualTo(value(2));
    assertThat(resolved.key(1)).isEqualTo(value(255, 255, 255, 255));
  }

  @Test
  void allKeysHaveOneLength() {
    SortedMap<MapValue, MapValue> entries = new TreeMap<>();
    entries.put(value(1), value(1));
    entries.put(value(2, 2), value(1));
    assertThatThrownBy(() -> MapEntries.of(entries)).hasMessageContaining("not 1 bytes: 0202");
  }
}
