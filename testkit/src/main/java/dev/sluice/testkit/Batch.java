package dev.sluice.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.packet.Bytes;
import dev.sluice.core.packet.Ipv4;
import dev.sluice.core.packet.Ipv6;
import dev.sluice.core.packet.Layer3;
import dev.sluice.core.packet.Vlan;
import dev.sluice.core.policy.DropReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Packets that are sent one after another, and what has to become of each: it gets to a place, or
 * it gets nowhere and is counted under a reason. What must not arrive is waited for once, for all
 * of them together.
 */
final class Batch {

  private static final Duration SOON = Duration.ofSeconds(4);
  private static final Duration NEVER = Duration.ofMillis(300);

  /** Shorter ones could be in other packets by chance. */
  private static final int SHORTEST_MARK = 8;

  /**
   * @param mark what of its bytes no other has and nobody changes on the way
   * @param place empty: nowhere
   */
  private record Item(
      String what,
      String mark,
      Runnable send,
      Optional<String> place,
      Optional<DropReason> reason) {}

  private final List<Item> items = new ArrayList<>();

  /** The packet gets to {@code place}. */
  Batch passes(String what, String place, Bytes mark, Runnable send) {
    return add(what, mark, send, Optional.of(place), Optional.empty());
  }

  /** The packet gets nowhere, and is counted. */
  Batch drops(DropReason reason, String what, Bytes mark, Runnable send) {
    return add(what, mark, send, Optional.empty(), Optional.of(reason));
  }

  /** The packet gets nowhere; the kernel itself has it and nobody counts. */
  Batch vanishes(String what, Bytes mark, Runnable send) {
    return add(what, mark, send, Optional.empty(), Optional.empty());
  }

  private Batch add(
      String what, Bytes mark, Runnable send, Optional<String> place, Optional<DropReason> reason) {
    String hex = mark.toString();
    assertThat(mark.length()).as("mark of %s", what).isGreaterThanOrEqualTo(SHORTEST_MARK);
    for (Item other : items) {
      assertThat(hex.contains(other.mark) || other.mark.contains(hex))
          .as("%s is told from %s", what, other.what)
          .isFalse();
    }
    items.add(new Item(what, hex, send, place, reason));
    return this;
  }

  /** Sends all, waits, and fails with each that did otherwise, and each count that is wrong. */
  void run(Witnesses witnesses, Supplier<Counts> counts) {
    Map<DropReason, Long> before = drops(counts.get());
    items.forEach(i -> i.send.run());
    List<Set<String>> seen = new ArrayList<>();
    items.forEach(i -> seen.add(new TreeSet<>()));
    watch(witnesses, seen, SOON, true);
    watch(witnesses, seen, NEVER, false);
    List<String> faults = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      Item item = items.get(i);
      Set<String> places = seen.get(i);
      if (!(item.place.isPresent() ? places.contains(item.place.get()) : places.isEmpty())) {
        faults.add(
            "%s: is for %s, was seen at %s"
                .formatted(item.what, item.place.orElse("nobody"), places));
      }
    }
    Map<DropReason, Long> wanted = new EnumMap<>(before);
    items.forEach(i -> i.reason.ifPresent(r -> wanted.merge(r, 1L, Long::sum)));
    assertThat(faults).isEmpty();
    assertThat(drops(counts.get()))
        .as("counted of %s", items.stream().map(Item::what).toList())
        .isEqualTo(wanted);
  }

  private void watch(
      Witnesses witnesses, List<Set<String>> seen, Duration time, boolean untilComplete) {
    long deadline = System.nanoTime() + time.toNanos();
    while (!(untilComplete && isComplete(seen)) && System.nanoTime() < deadline) {
      long left = (deadline - System.nanoTime()) / 1_000_000 + 1;
      witnesses.take(
          Duration.ofMillis(Math.max(1, left)), (place, data) -> note(place, data, seen));
    }
  }

  private void note(String place, byte[] data, List<Set<String>> seen) {
    String hex = HexFormat.of().formatHex(data);
    for (int i = 0; i < items.size(); i++) {
      if (hex.contains(items.get(i).mark)) {
        seen.get(i).add(place);
      }
    }
  }

  private boolean isComplete(List<Set<String>> seen) {
    for (int i = 0; i < items.size(); i++) {
      Optional<String> place = items.get(i).place;
      if (place.isPresent() && !seen.get(i).contains(place.get())) {
        return false;
      }
    }
    return true;
  }

  private static Map<DropReason, Long> drops(Counts counts) {
    Map<DropReason, Long> out = new EnumMap<>(DropReason.class);
    for (DropReason reason : DropReason.values()) {
      out.put(reason, counts.dropped(reason));
    }
    return out;
  }

  /** What of a frame stays as it is on every way: all behind the IP header, or behind the tags. */
  static Bytes mark(Layer3 payload) {
    if (payload instanceof Vlan tagged) {
      return mark(tagged.payload());
    }
    if (payload instanceof Ipv4 v4) {
      return Bytes.of(v4.payload().encode(v4.source(), v4.destination()));
    }
    if (payload instanceof Ipv6 v6) {
      return Bytes.of(v6.payload().encode(v6.source(), v6.destination()));
    }
    return Bytes.of(payload.encode());
  }
}
