package dev.sluice.bpf.render;

import dev.sluice.bpf.kernel.MapValue;
import dev.sluice.core.policy.AllowCells.PortCell;
import dev.sluice.core.policy.RuleId;
import dev.sluice.core.topology.Topology.Protocol;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/** The classes of ports that a side's peers may use, and the pages that they are kept in. Pure. */
final class PortPages {

  /**
   * Ports that some peers may use, told by what they are.
   *
   * @param id 0: none
   * @param pages that they take
   */
  record PortClass(long id, int pages) {}

  private final ToLongFunction<RuleId> numbers;
  private final Map<List<PortCell>, PortClass> classes = new HashMap<>();
  private final SortedMap<MapValue, MapValue> entries = new TreeMap<>();

  /** Of ports that rules open which are counted under {@code numbers}. */
  PortPages(ToLongFunction<RuleId> numbers) {
    this.numbers = numbers;
  }

  /** Puts the ports down, once. */
  PortClass of(List<PortCell> cells) {
    return classes.computeIfAbsent(cells, this::newClass);
  }

  /** What stands in the map of ports. */
  SortedMap<MapValue, MapValue> entries() {
    return entries;
  }

  private PortClass newClass(List<PortCell> cells) {
    List<PortCell> sorted =
        cells.stream().sorted(Comparator.comparing(c -> number(c.protocol(), c.from()))).toList();
    List<MapValue> pages = new ArrayList<>();
    for (int at = 0; at < sorted.size(); at += Layout.PAGE_RANGES) {
      pages.add(page(sorted.subList(at, Math.min(sorted.size(), at + Layout.PAGE_RANGES))));
    }
    long id = pages.isEmpty() ? 0 : Ids.u64("ports", pages.toString());
    for (int i = 0; i < pages.size(); i++) {
      entries.put(Bytes.of(Layout.PORT_KEY).u64("class", id).u32("page", i).value(), pages.get(i));
    }
    return new PortClass(id, pages.size());
  }

  private MapValue page(List<PortCell> cells) {
    long[] rules = new long[Layout.PAGE_RANGES];
    int[] first = new int[Layout.PAGE_RANGES];
    int[] last = new int[Layout.PAGE_RANGES];
    for (int i = 0; i < cells.size(); i++) {
      PortCell cell = cells.get(i);
      rules[i] = numbers.applyAsLong(cell.rule());
      first[i] = number(cell.protocol(), cell.from());
      last[i] = number(cell.protocol(), cell.to());
    }
    return Bytes.of(Layout.PORT_PAGE)
        .u64s("rules", rules)
        .u32s("first", first)
        .u32s("last", last)
        .value();
  }

  /** As PORT_NUMBER of maps.h. */
  private static int number(Protocol protocol, int port) {
    return protocol.number() << Short.SIZE | port;
  }
}
