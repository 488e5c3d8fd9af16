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

  /** In hex digits: shorter ones could be in other packets by chance. */
  private static final int SHORTEST_MARK = 2 * 8;

  /**
   * @param mark what of its bytes no other has and nobody changes on the way
   * @param places where it has to be seen; empty: nowhere
   * @param counted under which reason it is counted, if under any
   * @param least how many times
   * @param most how many times
   */
  private record Item(
      String what,
      String mark,
      Set<String> places,
      Optional<DropReason> counted,
      int least,
      int most) {

    /** Whether it was where it had to be; further places do not matter, a switch may flood. */
    boolean isRight(Set<String> seen) {
      return places.isEmpty() ? seen.isEmpty() : seen.containsAll(places);
    }
  }

  private final List<Item> items = new ArrayList<>();
  private final List<Runnable> sends = new ArrayList<>();

  /** How many more than the items say may be counted. */
  private final Map<DropReason, Integer> tolerated = new EnumMap<>(DropReason.class);

  /** The packet gets to these places; where it is more than one, it is quoted or echoed there. */
  Batch passes(String what, Set<String> places, Bytes mark, Runnable send) {
    return sends(send).add(new Item(what, mark.toString(), places, Optional.empty(), 0, 0));
  }

  /** The packet gets nowhere, and is counted. */
  Batch drops(DropReason reason, String what, Bytes mark, Runnable send) {
    return drops(reason, 1, 1, what, mark, send);
  }

  /** As the other, counted between {@code least} and {@code most} times: it is several frames. */
  Batch drops(DropReason reason, int least, int most, String what, Bytes mark, Runnable send) {
    return sends(send)
        .add(new Item(what, mark.toString(), Set.of(), Optional.of(reason), least, most));
  }

  /** Something of what is sent with another item gets nowhere. */
  Batch neverSeen(String what, Bytes mark) {
    return add(new Item(what, mark.toString(), Set.of(), Optional.empty(), 0, 0));
  }

  /** Up to {@code most} frames may be counted under that reason, whatever items say. */
  Batch tolerates(DropReason reason, int most) {
    tolerated.merge(reason, most, Integer::sum);
    return this;
  }

  /** Sends something of which other items tell what becomes of it. */
  Batch sends(Runnable send) {
    sends.add(send);
    return this;
  }

  private Batch add(Item item) {
    assertThat(item.mark.length())
        .as("mark of %s", item.what)
        .isGreaterThanOrEqualTo(SHORTEST_MARK);
    for (Item other : items) {
      assertThat(item.mark.contains(other.mark) || other.mark.contains(item.mark))
          .as("%s is told from %s", item.what, other.what)
          .isFalse();
    }
    items.add(item);
    return this;
  }

  /** Sends all, waits, and fails with each that did otherwise, and each count that is wrong. */
  void run(Witnesses witnesses, Supplier<Counts> counts) {
    Map<DropReason, Long> before = drops(counts.get());
    List<String> faults = send(witnesses, NEVER);
    drops(counts.get())
        .forEach(
            (reason, count) -> fault(reason, count - before.get(reason)).ifPresent(faults::add));
    assertThat(faults).isEmpty();
  }

  /** As the other, for packets that a kernel may have dropped before anybody counts. */
  void run(Witnesses witnesses) {
    run(witnesses, NEVER);
  }

  /** As the other; what must not arrive is awaited so long. */
  void run(Witnesses witnesses, Duration never) {
    assertThat(send(witnesses, never)).isEmpty();
  }

  private List<String> send(Witnesses witnesses, Duration never) {
    sends.forEach(Runnable::run);
    List<Set<String>> seen = new ArrayList<>();
    items.forEach(i -> seen.add(new TreeSet<>()));
    watch(witnesses, seen, SOON, true);
    watch(witnesses, seen, never, false);
    List<String> faults = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      Item item = items.get(i);
      if (!item.isRight(seen.get(i))) {
        faults.add(
            "%s: has to be seen at %s, was seen at %s"
                .formatted(item.what, item.places, seen.get(i)));
      }
    }
    return faults;
  }

  private Optional<String> fault(DropReason reason, long count) {
    List<Item> counted = items.stream().filter(i -> i.counted.equals(Optional.of(reason))).toList();
    int least = counted.stream().mapToInt(Item::least).sum();
    int most = counted.stream().mapToInt(Item::most).sum() + tolerated.getOrDefault(reason, 0);
    return least <= count && count <= most
        ? Optional.empty()
        : Optional.of(
            "%d are counted as %s, not %d to %d, of %s"
                .formatted(count, reason, least, most, counted.stream().map(Item::what).toList()));
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
      if (!seen.get(i).containsAll(items.get(i).places)) {
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
