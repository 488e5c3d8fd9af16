package dev.sluice.testkit;

import dev.sluice.core.node.Node;
import dev.sluice.core.packet.Bytes;
import dev.sluice.core.packet.ExtensionHeader;
import dev.sluice.core.packet.Ipv4;
import dev.sluice.core.packet.Ipv6;
import dev.sluice.core.packet.Layer3;
import dev.sluice.core.packet.Layer4;
import dev.sluice.core.packet.Tcp;
import dev.sluice.core.packet.Udp;
import dev.sluice.core.policy.DropReason;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Rule 12: a fragment shares the fate of its first, and no cut of a packet passes a rule by. */
abstract class FragmentContract extends CountedContract {

  private static final boolean[] FAMILIES = {false, true};
  private static final String A = "a";
  private static final String B = "b";
  private static final String C = "c";
  private static final int OPEN = 53;
  private static final int CLOSED = 54;
  private static final int LARGE = 3000;

  /** To b: queries by UDP, and HTTP. */
  private static final String QUERIES =
      PolicyBed.policy("queries", B, "ingress: [{ports: [{port: 53, protocol: UDP}, {port: 80}]}]");

  /** Every 8 bytes of it are other ones, and no other datagram's. */
  private static Udp large(PolicyBed bed, int port, int length) {
    int number = bed.number();
    ByteBuffer words = ByteBuffer.allocate(length);
    for (int i = 0; words.hasRemaining(); i++) {
      words.putInt(0xbeef0000 | number).putInt(i);
    }
    return Udp.of(bed.sourcePort(), port, Bytes.of(words.array()));
  }

  /** As the endpoint's own kernel would cut it; the smaller network's size does for both. */
  private static List<Layer3> cut(PolicyBed bed, Layer3 packet) {
    int id = 0x1000 + bed.number();
    return packet instanceof Ipv4 v4
        ? List.copyOf(v4.fragments(1280, id))
        : List.copyOf(((Ipv6) packet).fragments(1280, id));
  }

  /** A piece of a UDP datagram or a TCP segment, from any byte on, whether or not it may be. */
  private static Layer3 piece(
      String from, String to, boolean v6, int id, int offset, boolean more, Layer4 part) {
    return v6
        ? Ipv6.of(PolicyBed.address(from, true), PolicyBed.address(to, true), part)
            .withExtensions(new ExtensionHeader.Fragment(offset, more, id))
        : new Ipv4(
            PolicyBed.address(from, false),
            PolicyBed.address(to, false),
            0,
            id,
            false,
            more,
            offset,
            64,
            Bytes.EMPTY,
            part,
            OptionalInt.empty());
  }

  private static Layer4.Opaque part(Layer3 whole, int protocol, int from, int to) {
    return new Layer4.Opaque(protocol, Batch.mark(whole).slice(from, to));
  }

  /** The last words of a fragment. */
  private static Bytes tail(Layer3 fragment) {
    Bytes content = Batch.mark(fragment);
    return content.slice(content.length() - 16, content.length());
  }

  /** None of the fragments gets anywhere. */
  private static void deny(PolicyBed bed, String what, String from, List<Layer3> pieces) {
    bed.denies(what, tail(pieces.get(0)), from, pieces.toArray(Layer3[]::new));
    for (Layer3 other : pieces.subList(1, pieces.size())) {
      bed.neverSeen(what + ", another one", tail(other));
    }
  }

  @Test
  void aDatagramInFragmentsPassesOrNot(Node node) {
    try (PolicyBed bed = policedWires(node, QUERIES)) {
      for (boolean v6 : FAMILIES) {
        for (String from : new String[] {A, C}) {
          Layer3 open = PolicyBed.packet(from, B, v6, large(bed, OPEN, LARGE));
          bed.passes(
              "to 53 from %s, IPv6 %s".formatted(from, v6),
              Set.of(B),
              Batch.mark(open),
              from,
              cut(bed, open).toArray(Layer3[]::new));
          Layer3 closed = PolicyBed.packet(from, B, v6, large(bed, CLOSED, LARGE));
          deny(bed, "to 54 from %s, IPv6 %s".formatted(from, v6), from, cut(bed, closed));
        }
      }
      bed.run();
    }
  }

  /** Such may be dropped even where they could pass; never the other way. */
  @Test
  void fragmentsOutOfOrderOpenNothing(Node node) {
    try (PolicyBed bed = policedWires(node, QUERIES)) {
      for (boolean v6 : FAMILIES) {
        for (String from : new String[] {A, C}) {
          Layer3 closed = PolicyBed.packet(from, B, v6, large(bed, CLOSED, LARGE));
          List<Layer3> pieces = new ArrayList<>(cut(bed, closed));
          Collections.reverse(pieces);
          deny(bed, "backwards from %s, IPv6 %s".formatted(from, v6), from, pieces);
          Layer3 other = PolicyBed.packet(from, B, v6, large(bed, CLOSED, LARGE));
          pieces = new ArrayList<>(cut(bed, other));
          Collections.swap(pieces, 0, 1);
          deny(bed, "second first from %s, IPv6 %s".formatted(from, v6), from, pieces);
        }
      }
      // Whoever does not hold what has come too early drops it, and says so.
      bed.tolerates(DropReason.FRAGMENT_ORPHAN, 3 * 2 * 4);
      bed.run();
    }
  }

  /** Not even on a flow that is open, and after a first fragment of another packet. */
  @Test
  void aLaterFragmentWithoutItsFirstGetsNowhere(Node node) {
    try (PolicyBed bed = policedWires(node, QUERIES)) {
      for (boolean v6 : FAMILIES) {
        for (String from : new String[] {A, C}) {
          String what = " from %s, IPv6 %s".formatted(from, v6);
          Udp datagram = large(bed, OPEN, LARGE);
          Layer3 flow =
              PolicyBed.packet(from, B, v6, Udp.of(datagram.sourcePort(), OPEN, bed.text()));
          bed.passes("the flow" + what, Set.of(B), Batch.mark(flow), from, flow);
          List<Layer3> pieces = cut(bed, PolicyBed.packet(from, B, v6, datagram));
          List<Layer3> others = cut(bed, PolicyBed.packet(from, B, v6, large(bed, OPEN, LARGE)));
          bed.orphans("later" + what, tail(pieces.get(1)), from, pieces.get(1));
          bed.orphans("last" + what, tail(pieces.get(2)), from, pieces.get(2));
          // Alone it is nothing yet: it may be held, and may go on.
          bed.sends(from, others.get(0));
        }
      }
      bed.run();
    }
  }

  /** RFC 1858, RFC 5722: whoever puts them together must not read what was not judged. */
  @Test
  void overlappingFragmentsPassNoRuleBy(Node node) {
    try (PolicyBed bed = policedWires(node, QUERIES)) {
      for (boolean v6 : FAMILIES) {
        int id = 0x2000;
        for (String from : new String[] {A, C}) {
          String what = " from %s, IPv6 %s".formatted(from, v6);
          Layer3 open = PolicyBed.packet(from, B, v6, large(bed, OPEN, 56));
          Layer3 closed = PolicyBed.packet(from, B, v6, large(bed, CLOSED, 56));
          // Ports that are open, then ports that are not and all the rest.
          id++;
          bed.neverSeen("the second's ports" + what, Batch.mark(closed).slice(0, 8));
          bed.neverSeen("the second" + what, Batch.mark(closed).slice(48, 64));
          bed.sends(
              from,
              piece(from, B, v6, id, 0, true, part(open, Udp.PROTOCOL, 0, 16)),
              piece(from, B, v6, id, 0, false, part(closed, Udp.PROTOCOL, 0, 64)));
          // The same, of the same length; then the rest.
          id++;
          closed = PolicyBed.packet(from, B, v6, large(bed, CLOSED, 56));
          bed.neverSeen("the copy's ports" + what, Batch.mark(closed).slice(0, 8));
          bed.sends(
              from,
              piece(from, B, v6, id, 0, true, part(open, Udp.PROTOCOL, 0, 16)),
              piece(from, B, v6, id, 0, true, part(closed, Udp.PROTOCOL, 0, 16)),
              piece(from, B, v6, id, 16, false, part(open, Udp.PROTOCOL, 16, 64)));
          // Ports that are not open, then a copy with ports that are.
          id++;
          closed = PolicyBed.packet(from, B, v6, large(bed, CLOSED, 56));
          bed.neverSeen("ports before a copy" + what, Batch.mark(closed).slice(0, 8));
          bed.neverSeen("the rest behind a copy" + what, Batch.mark(closed).slice(48, 64));
          bed.sends(
              from,
              piece(from, B, v6, id, 0, true, part(closed, Udp.PROTOCOL, 0, 16)),
              piece(from, B, v6, id, 0, true, part(open, Udp.PROTOCOL, 0, 16)),
              piece(from, B, v6, id, 16, false, part(closed, Udp.PROTOCOL, 16, 64)));
          // From within the header on: RFC 3128.
          id++;
          open = PolicyBed.packet(from, B, v6, large(bed, OPEN, 56));
          bed.neverSeen("behind an overlap" + what, Batch.mark(open).slice(48, 64));
          bed.sends(
              from,
              piece(from, B, v6, id, 0, true, part(open, Udp.PROTOCOL, 0, 24)),
              piece(from, B, v6, id, 8, false, part(open, Udp.PROTOCOL, 16, 64)));
        }
      }
      bed.runUncounted();
    }
  }

  /**
   * The ports are in the first fragment, the flags in the second. IPv6 allows no such thing (RFC
   * 8200, section 4.5): there it never becomes a segment.
   */
  @Test
  void aTinyFirstFragmentPassesNoRuleBy(Node node) {
    try (PolicyBed bed = policedWires(node, QUERIES)) {
      for (boolean v6 : FAMILIES) {
        for (String from : new String[] {A, C}) {
          String what = " from %s, IPv6 %s".formatted(from, v6);
          Layer3 open = PolicyBed.packet(from, B, v6, segment(bed, 80));
          if (v6) {
            bed.neverSeen("to 80" + what, Batch.mark(open));
            bed.sends(from, tiny(bed, open, from, true));
          } else {
            bed.passes(
                "to 80" + what, Set.of(B), Batch.mark(open), from, tiny(bed, open, from, false));
          }
          Layer3 closed = PolicyBed.packet(from, B, v6, segment(bed, 81));
          bed.denies(
              "to 81" + what, Batch.mark(closed).slice(0, 8), from, tiny(bed, closed, from, v6));
          bed.neverSeen("to 81, second" + what, Batch.mark(closed).slice(8, 20));
        }
      }
      bed.run();
    }
  }

  private static Tcp segment(PolicyBed bed, int port) {
    return Tcp.of(bed.sourcePort(), port, bed.number(), bed.number(), Tcp.SYN, Bytes.EMPTY);
  }

  private static Layer3[] tiny(PolicyBed bed, Layer3 whole, String from, boolean v6) {
    int id = 0x3000 + bed.number();
    return new Layer3[] {
      piece(from, B, v6, id, 0, true, part(whole, Tcp.PROTOCOL, 0, 8)),
      piece(from, B, v6, id, 8, false, part(whole, Tcp.PROTOCOL, 8, 20))
    };
  }

  /** RFC 6946, and what else may be before the ports. */
  @Test
  void portsAreFoundBehindExtensionHeaders(Node node) {
    ExtensionHeader atomic = new ExtensionHeader.Fragment(0, false, 0x4000);
    ExtensionHeader hops = ExtensionHeader.Options.padding(ExtensionHeader.HOP_BY_HOP);
    ExtensionHeader options = ExtensionHeader.Options.padding(ExtensionHeader.DESTINATION_OPTIONS);
    ExtensionHeader route =
        new ExtensionHeader.Options(ExtensionHeader.ROUTING, Bytes.ofHex("000000000000"));
    try (PolicyBed bed = policedWires(node, QUERIES)) {
      for (String from : new String[] {A, C}) {
        for (ExtensionHeader[] headers :
            new ExtensionHeader[][] {
              {atomic}, {hops}, {options}, {route}, {hops, options, atomic}, {atomic, options}
            }) {
          String what = "behind %s from %s".formatted(List.of(headers), from);
          Layer3 open = behind(headers, PolicyBed.packet(from, B, true, bed.datagram(OPEN)));
          bed.passes(what, Set.of(B), Batch.mark(open), from, open);
          Layer3 closed = behind(headers, PolicyBed.packet(from, B, true, bed.datagram(CLOSED)));
          bed.denies(what, Batch.mark(closed), from, closed);
        }
      }
      bed.run();
    }
  }

  private static Layer3 behind(ExtensionHeader[] headers, Layer3 packet) {
    return ((Ipv6) packet).withExtensions(headers);
  }
}
