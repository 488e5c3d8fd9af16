package dev.sluice.bpf.render;

import dev.sluice.bpf.lib.Btf.Place;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A structure of {@code bpf/src/main/bpf/include}: where its fields are. Those that Java writes or
 * reads are here; a test holds them to the types of the compiled object.
 */
public final class Layout {

  /** An address of either family, IPv4 mapped into IPv6 (RFC 4291). */
  public static final Layout ADDRESS = of("address").field("words", 16);

  public static final Layout SLOT =
      of("slot")
          .field("link", 4)
          .field("endpoint", 4)
          .field("sides", 16)
          .field("network", 4)
          .field("gateway_link", 4)
          .field("mtu", 4)
          .field("wire", 4)
          .field("mac", 6)
          .field("gateway_mac", 6)
          .field("unused", 4);

  public static final Layout HOST_KEY = of("host_key").field("address", 16).field("network", 4);

  public static final Layout PEER_KEY =
      of("peer_key").field("prefix", 4).field("side", 8).field("address", 16);

  /** How many peers a {@link #PEER_BLOCK} has room for. */
  public static final int BLOCK_PEERS = 16;

  public static final Layout PEER_BLOCK =
      of("peer_block")
          .field("open_class", 8)
          .field("open_pages", 4)
          .field("unused", 4)
          .field("first", BLOCK_PEERS * 4)
          .field("pages", BLOCK_PEERS * 4)
          .field("allowed", BLOCK_PEERS * 8);

  public static final Layout PORT_KEY =
      of("port_key").field("class", 8).field("page", 4).field("unused", 4);

  /** How many ranges a {@link #PORT_PAGE} has room for. */
  static final int PAGE_RANGES = 8;

  public static final Layout PORT_PAGE =
      of("port_page")
          .field("rules", PAGE_RANGES * 8)
          .field("first", PAGE_RANGES * 4)
          .field("last", PAGE_RANGES * 4);

  public static final Layout PUBLISHED_KEY =
      of("published_key").field("port", 2).field("protocol", 1).field("v4", 1);

  /** Packets and bytes of one CPU. */
  public static final Layout COUNT = of("count").field("packets", 8).field("bytes", 8);

  /** What is remembered of a flow. */
  public static final Layout FLOW =
      of("flow")
          .field("slots", 8)
          .field("generations", 8)
          .field("seen", 4)
          .field("timeout", 4)
          .field("beginner", 1)
          .field("answered", 1)
          .field("closing", 1)
          .field("marks", 1);

  /** How many an {@link #OPENINGS_SET} has room for. */
  static final int OPENING_WAYS = 4;

  /** A flow that is not established yet. */
  public static final Layout OPENING =
      of("opening").field("key", 40).field("flow", FLOW.size()).field("unused", 4);

  public static final Layout OPENINGS_SET =
      of("openings_set")
          .field("lock", 4)
          .field("next", 4)
          .field("tags", OPENING_WAYS * 4)
          .field("ways", OPENING_WAYS * OPENING.size());

  /** What is remembered of a packet that comes in fragments. */
  public static final Layout FRAGMENTS_SEEN =
      of("fragments_seen").field("seen", 4).field("next", 2).field("fate", 1).field("marks", 1);

  /** A block of sources, in an address of its own family. */
  public static final Layout SOURCE_V4 = of("source_v4").field("prefix", 4).field("address", 4);

  public static final Layout SOURCE_V6 = of("source_v6").field("prefix", 4).field("address", 16);

  /** All of the objects {@code endpoint} and {@code parent}. */
  public static final List<Layout> OF_ENDPOINTS =
      List.of(
          ADDRESS,
          SLOT,
          HOST_KEY,
          PEER_KEY,
          PEER_BLOCK,
          PORT_KEY,
          PORT_PAGE,
          PUBLISHED_KEY,
          COUNT,
          FLOW,
          OPENING,
          OPENINGS_SET,
          FRAGMENTS_SEEN);

  /** All of the object {@code uplink}. */
  public static final List<Layout> OF_UPLINKS = List.of(SOURCE_V4, SOURCE_V6, COUNT);

  private final String struct;
  private final List<Place> fields = new ArrayList<>();
  private final Map<String, Place> byName = new HashMap<>();
  private int size;

  private Layout(String struct) {
    this.struct = struct;
  }

  private static Layout of(String struct) {
    return new Layout(struct);
  }

  /** Behind those before, without a gap. */
  private Layout field(String name, int bytes) {
    Place place = new Place(name, size, bytes);
    fields.add(place);
    byName.put(name, place);
    size += bytes;
    return this;
  }

  /** The name of the structure in the source. */
  public String struct() {
    return struct;
  }

  public List<Place> fields() {
    return List.copyOf(fields);
  }

  /** In bytes. */
  public int size() {
    return size;
  }

  /** Where the field is, for something of {@code bytes} bytes. */
  public int offset(String field, int bytes) {
    Place place = byName.get(field);
    if (place == null || place.size() != bytes) {
      throw new IllegalStateException(
          "struct %s has no field %s of %d bytes".formatted(struct, field, bytes));
    }
    return place.offset();
  }

  @Override
  public String toString() {
    return "struct " + struct;
  }
}
