package dev.sluice.bpf.render;

import dev.sluice.bpf.kernel.MapValue;
import dev.sluice.bpf.render.PeerBlocks.Block;
import dev.sluice.bpf.render.PeerBlocks.Slot;
import dev.sluice.bpf.render.PeerClasses.Piece;
import dev.sluice.bpf.render.PortPages.PortClass;
import dev.sluice.core.address.IpAddress;
import dev.sluice.core.policy.AllowCells;
import dev.sluice.core.policy.RuleId;
import dev.sluice.core.policy.Side;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/** The tables of one isolated side: who may do what, and by which rule. Pure. */
public final class SideTables {

  private static final int SIDE_BITS = 64;
  private static final int ADDRESS_BITS = 128;
  private static final int V4_BITS = 32;

  /** Here these are addresses of IPv4, and no packet of IPv6 bears one. */
  private static final BigInteger MAPPED = BigInteger.valueOf(0xffff);

  private final SortedMap<MapValue, MapValue> peers = new TreeMap<>();
  private final Map<RuleId, Long> rules = new HashMap<>();
  private final PortPages ports = new PortPages(rules::get);
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
    side.entries().forEach(entry -> rules.computeIfAbsent(entry.rule(), PolicyMaps::id));
    for (boolean v4 : new boolean[] {true, false}) {
      family(v4, AllowCells.of(side.entries(), v4, addressesOf));
    }
    this.content = Ids.u64("content", peers.toString());
  }

  public long id() {
    return id;
  }

  /** A number made of all that is in the tables. */
  long content() {
    return content;
  }

  /** The numbers of all rules that may let something through, whether or not they ever do. */
  Collection<Long> rules() {
    return rules.values();
  }

  /** What stands in the map of peers. */
  SortedMap<MapValue, MapValue> peers() {
    return peers;
  }

  /** What stands in the map of ports. */
  SortedMap<MapValue, MapValue> ports() {
    return ports.entries();
  }

  private void family(boolean v4, AllowCells cells) {
    int bits = v4 ? V4_BITS : ADDRESS_BITS;
    // What is open to everybody is so in both families.
    PortClass open = ports.of(cells.ports());
    // Whoever is in no block is found by this one.
    Piece everybody =
        new Piece(
            BigInteger.ZERO,
            BigInteger.ONE.shiftLeft(bits).subtract(BigInteger.ONE),
            cells.everybody(),
            List.of());
    put(v4, new Block(everybody.from(), 0, List.of(slot(everybody))), open);
    PeerBlocks.of(PeerClasses.of(cells), bits).stream()
        .filter(block -> v4 || !isMapped(block))
        .forEach(block -> put(v4, block, open));
  }

  private static boolean isMapped(Block block) {
    return block.length() >= ADDRESS_BITS - V4_BITS
        && block.base().shiftRight(V4_BITS).equals(MAPPED);
  }

  private static Slot slot(Piece piece) {
    return new Slot(piece.from(), Optional.of(piece));
  }

  private void put(boolean v4, Block block, PortClass open) {
    int[] first = new int[Layout.BLOCK_PEERS];
    int[] pages = new int[Layout.BLOCK_PEERS];
    long[] allowed = new long[Layout.BLOCK_PEERS];
    Arrays.fill(first, -1);
    for (int i = 0; i < Layout.BLOCK_PEERS; i++) {
      if (i < block.slots().size()) {
        Slot slot = block.slots().get(i);
        first[i] = i == 0 ? 0 : slot.from().intValue();
        PortClass own = ports.of(slot.piece().map(Piece::ports).orElse(List.of()));
        Optional<RuleId> rule = slot.piece().flatMap(Piece::rule);
        pages[i] = rule.isPresent() ? 0 : own.pages();
        allowed[i] = rule.map(rules::get).orElse(own.id());
      } else {
        pages[i] = pages[i - 1];
        allowed[i] = allowed[i - 1];
      }
    }
    peers.put(
        Bytes.of(Layout.PEER_KEY)
            .u32("prefix", SIDE_BITS + (v4 ? ADDRESS_BITS - V4_BITS : 0) + block.length())
            .u64("side", id)
            .address("address", ip(block.base(), v4))
            .value(),
        Bytes.of(Layout.PEER_BLOCK)
            .u64("open_class", open.id())
            .u32("open_pages", open.pages())
            .u32s("first", first)
            .u32s("pages", pages)
            .u64s("allowed", allowed)
            .value());
  }

  private static IpAddress ip(BigInteger number, boolean v4) {
    byte[] ip = new byte[v4 ? V4_BITS / Byte.SIZE : ADDRESS_BITS / Byte.SIZE];
    byte[] bytes = number.toByteArray();
    // A leading zero byte only keeps the number positive.
    int length = Math.min(bytes.length, ip.length);
    System.arraycopy(bytes, bytes.length - length, ip, ip.length - length, length);
    return IpAddress.of(ip);
  }
}
