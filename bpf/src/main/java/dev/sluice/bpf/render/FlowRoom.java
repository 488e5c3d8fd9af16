package dev.sluice.bpf.render;

import dev.sluice.bpf.kind.PinnedMaps;
import dev.sluice.bpf.lib.BpfMap;
import dev.sluice.core.node.Node;
import dev.sluice.core.reconcile.Room;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;

/**
 * How full the maps are that remember flows ({@code flows.h}, {@code openings.h}, {@code
 * fragments.h}). What has been silent for too long makes room for what is new, so that only those
 * count that could still matter: with the rest such a map is always full.
 */
public final class FlowRoom {

  private static final int SEEN = Layout.FLOW.offset("seen", Integer.BYTES);
  private static final int TIMEOUT = Layout.FLOW.offset("timeout", Integer.BYTES);
  private static final int FRAGMENT_SEEN = Layout.FRAGMENTS_SEEN.offset("seen", Integer.BYTES);

  /** {@code OPENING_WAYS}. */
  private static final int WAYS = Layout.OPENING_WAYS;

  private static final int OPENING_SIZE = Layout.OPENING.size();
  private static final int TAGS = Layout.OPENINGS_SET.offset("tags", WAYS * Integer.BYTES);
  private static final int OPENINGS = Layout.OPENINGS_SET.offset("ways", WAYS * OPENING_SIZE);

  /** {@code TICK_SHIFT}. */
  private static final int TICK_SHIFT = 30;

  /** {@code TIMEOUT_FRAGMENTS}, in ticks. */
  public static final int FRAGMENT_TIMEOUT = 30;

  private FlowRoom() {}

  /** Of a topology; empty if its programs are not loaded. */
  public static List<Room> read(Node node, String topology) {
    // As bpf_ktime_get_coarse_ns has it: since boot, without the time asleep (CLOCK_MONOTONIC).
    int now = (int) (System.nanoTime() >>> TICK_SHIFT);
    List<Room> out = new ArrayList<>();
    room(node, topology, "established", 1, flow -> isAlive(flow, 0, now) ? 1 : 0)
        .ifPresent(out::add);
    room(node, topology, "openings", WAYS, set -> alive(set, now)).ifPresent(out::add);
    room(
            node,
            topology,
            "fragments",
            1,
            seen -> now - seen.getInt(FRAGMENT_SEEN) <= FRAGMENT_TIMEOUT ? 1 : 0)
        .ifPresent(out::add);
    return out;
  }

  private static int alive(ByteBuffer set, int now) {
    int out = 0;
    for (int way = 0; way < WAYS; way++) {
      int flow = OPENINGS + way * OPENING_SIZE + Layout.OPENING.offset("flow", Layout.FLOW.size());
      boolean there = set.getInt(TAGS + way * Integer.BYTES) != 0;
      out += there && isAlive(set, flow, now) ? 1 : 0;
    }
    return out;
  }

  private static boolean isAlive(ByteBuffer buffer, int flow, int now) {
    return now - buffer.getInt(flow + SEEN) <= buffer.getInt(flow + TIMEOUT);
  }

  /**
   * @param each how many an element has room for
   * @param counts how many it has
   */
  private static Optional<Room> room(
      Node node, String topology, String name, int each, ToIntFunction<ByteBuffer> counts) {
    Optional<BpfMap> found = PinnedMaps.live(node, topology, name);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    try (BpfMap map = found.get()) {
      return Optional.of(new Room(name, map.sum(counts), (long) each * map.shape().maxEntries()));
    }
  }
}
