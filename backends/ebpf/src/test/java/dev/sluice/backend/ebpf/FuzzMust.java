package dev.sluice.backend.ebpf;

import dev.sluice.backend.ebpf.FuzzHomes.Home;
import dev.sluice.core.address.IpAddress;
import dev.sluice.core.packet.Ethernet;
import dev.sluice.core.packet.ExtensionHeader;
import dev.sluice.core.packet.Icmp;
import dev.sluice.core.packet.Icmpv6;
import dev.sluice.core.packet.Ipv4;
import dev.sluice.core.packet.Ipv6;
import dev.sluice.core.packet.Layer4;
import dev.sluice.core.packet.MalformedPacketException;
import dev.sluice.core.packet.Sctp;
import dev.sluice.core.packet.Tcp;
import dev.sluice.core.packet.Udp;
import java.util.Optional;
import java.util.Set;

/**
 * Frames that open a flow and that nobody could find anything wrong with, but policy. One between
 * networks with a link-local address is not right: who has that address is not known there.
 */
final class FuzzMust {

  /** Headers of IPv6 that core.packet does not look behind: whoever drops it may. */
  private static final Set<Integer> EXTENSIONS = Set.of(0, 43, 44, 51, 60);

  private static final int MOST_EXTENSIONS = 8;

  private final FuzzHomes homes;

  /** Addresses outside that frames are sent to and from. */
  private final Set<IpAddress> outside;

  FuzzMust(FuzzHomes homes, Set<IpAddress> outside) {
    this.homes = homes;
    this.outside = outside;
  }

  /** What an endpoint sends, right in all but perhaps its policy. */
  boolean isRight(Home from, byte[] bytes, Reading r) {
    Optional<Ethernet> decoded = decode(bytes);
    if (decoded.isEmpty() || !isOpening(decoded.get())) {
      return false;
    }
    Ethernet frame = decoded.get();
    Optional<Home> to = homes.find(r.destination(), from.network());
    boolean byGateway =
        frame.destination().equals(homes.gateway(from.network()).mac())
            && !FuzzHomes.isLocal(r.source())
            && !FuzzHomes.isLocal(r.destination())
            && (to.isPresent() || outside.contains(r.destination()));
    boolean toNeighbour =
        to.filter(h -> h.network().equals(from.network()))
            .filter(h -> h.mac().equals(frame.destination()))
            .isPresent();
    return frame.source().equals(from.mac())
        && from.addresses().contains(r.source())
        && !FuzzOracle.isAdvertisement(r)
        && (byGateway || toNeighbour);
  }

  /** What the node sends into a network, right in all but perhaps its policy. */
  boolean isRight(String network, byte[] bytes, Reading r) {
    Optional<Ethernet> decoded = decode(bytes);
    return decoded.isPresent()
        && isOpening(decoded.get())
        && !decoded.get().destination().isMulticast()
        && FuzzHomes.isLocal(r.source()) == FuzzHomes.isLocal(r.destination())
        && homes.find(r.destination(), network).filter(h -> h.network().equals(network)).isPresent()
        && (homes.find(r.source(), network).isPresent() || outside.contains(r.source()));
  }

  /** What comes from the wire of a network, right in all but perhaps its policy. */
  boolean isRightFromWire(String network, byte[] bytes, Reading r) {
    Optional<Ethernet> decoded = decode(bytes);
    return decoded.isPresent()
        && isOpening(decoded.get())
        && outside.contains(r.source())
        && homes
            .find(r.destination(), network)
            .filter(h -> h.network().equals(network))
            .filter(h -> h.mac().equals(decoded.get().destination()))
            .isPresent();
  }

  private static Optional<Ethernet> decode(byte[] frame) {
    try {
      return Optional.of(Ethernet.decode(frame));
    } catch (MalformedPacketException e) {
      return Optional.empty();
    }
  }

  private static boolean isOpening(Ethernet frame) {
    if (frame.payload() instanceof Ipv4 v4) {
      return !v4.isFragment() && isOpening(v4.payload(), true);
    }
    return frame.payload() instanceof Ipv6 v6
        && v6.extensions().size() <= MOST_EXTENSIONS
        && v6.extensions().stream().noneMatch(FuzzMust::isFragment)
        && isOpening(v6.payload(), false);
  }

  private static boolean isFragment(ExtensionHeader header) {
    return header instanceof ExtensionHeader.Fragment f && (f.more() || f.offset() > 0);
  }

  private static boolean isOpening(Layer4 payload, boolean v4) {
    if (payload instanceof Layer4.Opaque other) {
      return v4 || !EXTENSIONS.contains(other.protocol());
    } else if (payload instanceof Icmp icmp) {
      return v4 && icmp.type() == Icmp.ECHO_REQUEST;
    } else if (payload instanceof Icmpv6 icmp) {
      return !v4 && icmp.type() == Icmpv6.ECHO_REQUEST;
    }
    return payload instanceof Tcp || payload instanceof Udp || payload instanceof Sctp;
  }
}
