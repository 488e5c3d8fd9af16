package dev.sluice.backend.ebpf;

import dev.sluice.backend.ebpf.PeerClasses.Piece;
import dev.sluice.bpf.kernel.MapValue;
import dev.sluice.core.address.IpAddress;
import dev.sluice.core.policy.AllowCells;
import dev.sluice.core.policy.AllowCells.PortCell;
import dev.sluice.core.policy.RuleId;
import dev.sluice.core.policy.Side;
import dev.sluice.core.topology.Topology.Protocol;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/** The tables of one isolated side: who may do what, and by which rule. Pure. */
final class SideTables {

  private static final int SIDE_BITS = 64;
  private static final int ADDRESS_BITS = 128;
  private static final int V4_BITS = 32;
  private static final int PAGE_RANGES = Layout.PORT_PAGE.size() / Layout.PORT_RANGE.size();

  /** An entry of the map of peers, but for the side. */
  private record Peer(IpAddress address, int prefix, long rule, PortClass own, PortClass open) {}

  /** An entry of the map of ports. */
  private record Page(long group, int number, List<PortCell> cells) {}

  /**
   * Ports that some peers may use, told by what they are.
   *
   * @param pages that they take
   */
  private record PortClass(long id, int pages) {}

  private final List<Peer> peers = new ArrayList<>();
  private final List<Page> pages = new ArrayList<>();
  private final Set<RuleId> rules = new TreeSet<>();
  private final Map<List<PortCell>, PortClass> classes = new HashMap<>();
  private final long id;
  private final long content;

  /**
   * The tables of a side.
   *
   * @param id that they are kept under
   * @param addressesOf the addresses of an endpoint
   */
  SideTables(long id, Side side, Function<String, List<IpAddress>> addressesOf) {
    this.id = id;
    side.entries().forEach(entry -> rules.add(entry.rule()));
    for (boolean v4 : new boolean[] {true, false}) {
      family(v4, AllowCells.of(side.entries(), v4, addressesOf));
    }
    this.content = Ids.u64("content", peers.toString());
  }

  long id() {
    return id;
  }

  /** A number made of all that is in the tables. */
  long content() {
    return content;
  }

  /** All that may let something through, whether or not they are ever the first. */
  Set<RuleId> rules() {
    return rules;
  }

  SortedMap<MapValue, MapValue> peers() {
    SortedMap<MapValue, MapValue> out = new TreeMap<>();
    for (Peer peer : peers) {
      out.put(
          Bytes.of(Layout.PEER_KEY)
              .u32("prefix", SIDE_BITS + peer.prefix)
              .u64("side", id)
              .address("address", peer.address)
              .value(),
          Bytes.of(Layout.PEER)
              .u64("rule", peer.rule)
              .u64("class", peer.own.id)
              .u64("open_class", peer.open.id)
              .u32("pages", peer.own.pages)
              .u32("open_pages", peer.open.pages)
              .value());
    }
    return out;
  }

  SortedMap<MapValue, MapValue> ports() {
    SortedMap<MapValue, MapValue> out = new TreeMap<>();
    for (Page page : pages) {
      out.put(
          Bytes.of(Layout.PORT_KEY).u64("class", page.group).u32("page", page.number).value(),
          ranges(page.cells));
    }
    return out;
  }

  private static MapValue ranges(List<PortCell> cells) {
    ByteBuffer out = ByteBuffer.allocate(Layout.PORT_PAGE.size()).order(ByteOrder.nativeOrder());
    for (PortCell cell : cells) {
      out.put(
          Bytes.of(Layout.PORT_RANGE)
              .u64("rule", PolicyMaps.id(cell.rule()))
              .u32("first", number(cell.protocol(), cell.from()))
              .u32("last", number(cell.protocol(), cell.to()))
              .value()
              .bytes());
    }
    return MapValue.of(out.array());
  }

  /** As PORT_NUMBER of maps.h. */
  private static int number(Protocol protocol, int port) {
    return protocol.number() << Short.SIZE | port;
  }

  private void family(boolean v4, AllowCells cells) {
    // What is open to everybody is so in both families.
    PortClass open = portClass(cells.ports());
    PortClass none = portClass(List.of());
    long everybody = cells.everybody().map(PolicyMaps::id).orElse(0L);
    IpAddress any = IpAddress.of(new byte[v4 ? V4_BITS / Byte.SIZE : ADDRESS_BITS / Byte.SIZE]);
    peers.add(new Peer(any, prefix(v4, 0), everybody, none, open));
    for (Piece piece : PeerClasses.of(cells)) {
      long rule = piece.rule().map(PolicyMaps::id).orElse(0L);
      PortClass own = portClass(piece.ports());
      Prefixes.of(
          piece.from(),
          piece.to(),
          any.bits(),
          (from, length) -> peers.add(new Peer(ip(from, v4), prefix(v4, length), rule, own, open)));
    }
  }

  private static int prefix(boolean v4, int length) {
    return v4 ? ADDRESS_BITS - V4_BITS + length : length;
  }

  private static IpAddress ip(BigInteger number, boolean v4) {
    byte[] ip = new byte[v4 ? V4_BITS / Byte.SIZE : ADDRESS_BITS / Byte.SIZE];
    byte[] bytes = number.toByteArray();
    // A leading zero byte only keeps the number positive.
    int length = Math.min(bytes.length, ip.length);
    System.arraycopy(bytes, bytes.length - length, ip, ip.length - length, length);
    return IpAddress.of(ip);
  }

  /** Puts the ports down, once. */
  private PortClass portClass(List<PortCell> cells) {
    return classes.computeIfAbsent(cells, this::newClass);
  }

  private PortClass newClass(List<PortCell> cells) {
    long group = cells.isEmpty() ? 0 : Ids.u64("ports", cells.toString());
    List<PortCell> sorted =
        cells.stream().sorted(Comparator.comparing(c -> number(c.protocol(), c.from()))).toList();
    int count = 0;
    for (int at = 0; at < sorted.size(); at += PAGE_RANGES) {
      List<PortCell> page = sorted.subList(at, Math.min(sorted.size(), at + PAGE_RANGES));
      pages.add(new Page(group, count++, page));
    }
    return new PortClass(group, count);
  }
}
