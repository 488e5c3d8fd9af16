package dev.sluice.backend.ebpf;

import dev.sluice.backend.ebpf.FuzzHomes.Home;
import dev.sluice.core.address.IpAddress;
import dev.sluice.core.policy.Flow;
import dev.sluice.core.policy.Flow.Party;
import dev.sluice.core.policy.PolicyEvaluator;
import dev.sluice.core.policy.Verdict;
import dev.sluice.core.topology.Topology;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * What may pass and what must, by the reference evaluator, and by what has passed before. Nothing
 * is said here of frames that are not well formed, but that they must not pass as something that
 * may not.
 */
final class FuzzOracle {

  private static final Set<Integer> LISTENER_AND_NEIGHBOUR = Set.of(131, 132, 133, 135, 136, 143);
  private static final Set<Integer> LISTENER = Set.of(131, 132, 143);
  private static final IpAddress UNSPECIFIED = IpAddress.parse("::");
  private static final IpAddress UNSPECIFIED_V4 = IpAddress.parse("0.0.0.0");
  private static final int ROUTER_SOLICITATION = 133;
  private static final int ROUTER_ADVERTISEMENT = 134;
  private static final int SOLICITATION = 135;
  private static final int REDIRECT = 137;
  private static final int REDIRECT_V4 = 5;
  private static final int HOP_LIMIT = 255;
  private static final int SYN = 2;
  private static final int SYN_ACK = 18;

  /** A packet that began a flow. */
  private record Key(
      IpAddress source, IpAddress destination, int protocol, int sourcePort, int destinationPort) {

    static Key of(Reading r) {
      return new Key(
          r.source(), r.destination(), r.protocol(), r.sourcePort(), r.destinationPort());
    }

    Key back() {
      return new Key(
          /* source= */ destination,
          /* destination= */ source,
          protocol,
          /* sourcePort= */ destinationPort,
          /* destinationPort= */ sourcePort);
    }
  }

  private record Fragments(IpAddress source, IpAddress destination, long id) {}

  private final Topology topology;
  private final FuzzHomes homes;
  private final Set<Key> begun = new HashSet<>();
  private final Set<Fragments> firsts = new HashSet<>();

  FuzzOracle(Topology topology, FuzzHomes homes) {
    this.topology = topology;
    this.homes = homes;
  }

  /** Why the frame must not have been redirected that an endpoint sent; empty: it may. */
  Optional<String> objection(Home from, byte[] frame) {
    if (!Arrays.equals(frame, 6, 12, from.mac().bytes(), 0, 6)) {
      return Optional.of("it has another sender's MAC");
    }
    int type = Reading.u16(frame, 12);
    if (type == 0x0806) {
      return frame.length >= 42
              && Arrays.equals(frame, 22, 28, from.mac().bytes(), 0, 6)
              && isOwn(from, IpAddress.of(Arrays.copyOfRange(frame, 28, 32)))
          ? Optional.empty()
          : Optional.of("it speaks for somebody else");
    }
    Optional<Reading> reading = Reading.of(frame);
    if (reading.isEmpty()) {
      return Optional.of("nobody can read it");
    }
    Reading r = reading.get();
    if (!isOwn(from, r.source()) && !isReportOfNobody(r)) {
      return Optional.of("it has another sender's address");
    }
    if (isAdvertisement(r)) {
      return Optional.of("it poses as a router or a server");
    }
    if (isDiscovery(r)) {
      return Optional.empty();
    }
    if (homes.isGroup(r.destination())) {
      return Optional.of("it is for a group");
    }
    Party source = new Party.EndpointParty(from.endpoint(), r.source());
    return policy(source, homes.party(r.destination(), from.network()), false, r, frame);
  }

  /** Why the frame must not have been redirected that the node sent into a network. */
  Optional<String> objection(String network, byte[] frame) {
    if ((frame[0] & 1) != 0) {
      return Optional.of("it is for a group");
    }
    Optional<Reading> reading = Reading.of(frame);
    if (reading.isEmpty()) {
      return Optional.of("nobody can read it");
    }
    Reading r = reading.get();
    if (homes.find(r.destination(), network).filter(h -> h.network().equals(network)).isEmpty()) {
      return Optional.of("it is for nobody here");
    }
    return policy(
        homes.party(r.source(), network),
        homes.party(r.destination(), network),
        homes.gateway(network).addresses().contains(r.source()),
        r,
        frame);
  }

  /** Why a frame from the wire that a network is on must not have got to an endpoint. */
  Optional<String> objectionFromWire(String network, byte[] frame) {
    if (Reading.u16(frame, 12) == 0x0806) {
      return frame.length >= 42
              && homes.at(address(frame, 38, 4), network).isPresent()
              && !homes.isOurs(address(frame, 28, 4), network)
          ? Optional.empty()
          : Optional.of("it is for nobody here, or speaks for who is");
    }
    Optional<Reading> reading = Reading.of(frame);
    if (reading.isEmpty()) {
      return Optional.of("nobody can read it");
    }
    Reading r = reading.get();
    if (homes.isOurs(r.source(), network)
        || homes.isGroup(r.source())
        || r.source().equals(UNSPECIFIED_V4)) {
      return Optional.of("it has an address of this node, or of nobody");
    }
    if (r.source().isV6() && r.type() >= ROUTER_SOLICITATION && r.type() <= REDIRECT) {
      return discovery(network, r, frame);
    }
    Optional<Home> to = homes.at(r.destination(), network);
    if (to.filter(h -> Arrays.equals(h.mac().bytes(), 0, 6, frame, 0, 6)).isEmpty()) {
      return Optional.of("it is for nobody here");
    }
    return policy(
        new Party.Outside(r.source()), homes.party(r.destination(), network), false, r, frame);
  }

  private Optional<String> discovery(String network, Reading r, byte[] frame) {
    if (Reading.u8(frame, 21) != HOP_LIMIT || r.first()) {
      return Optional.of("it does not come from the wire itself");
    }
    return switch (r.type()) {
      case ROUTER_SOLICITATION, REDIRECT -> Optional.of("no endpoint is told that");
      case SOLICITATION ->
          homes.at(address(frame, r.at() + 8, 16), network).isPresent()
              ? Optional.empty()
              : Optional.of("it asks for nobody here");
      case ROUTER_ADVERTISEMENT -> Optional.empty();
      default ->
          homes.isOurs(address(frame, r.at() + 8, 16), network)
              ? Optional.of("it speaks for somebody here")
              : Optional.empty();
    };
  }

  private static IpAddress address(byte[] frame, int at, int length) {
    return IpAddress.of(Arrays.copyOfRange(frame, at, at + length));
  }

  private boolean isOwn(Home from, IpAddress ip) {
    return homes
        .find(ip, from.network())
        .filter(h -> h.endpoint().equals(from.endpoint()))
        .isPresent();
  }

  /** RFC 3590. */
  private static boolean isReportOfNobody(Reading r) {
    return r.source().equals(UNSPECIFIED) && LISTENER.contains(r.type());
  }

  static boolean isAdvertisement(Reading r) {
    if (r.protocol() == Reading.UDP && !r.later()) {
      int from = r.sourcePort();
      int to = r.destinationPort();
      return r.source().isV4()
          ? to == 68 || (from == 67 && to == 67)
          : to == 546 || (from == 547 && to == 547);
    }
    return r.source().isV4()
        ? r.type() == REDIRECT_V4
        : r.type() == ROUTER_ADVERTISEMENT || r.type() == REDIRECT;
  }

  static boolean isDiscovery(Reading r) {
    return r.source().isV6() && LISTENER_AND_NEIGHBOUR.contains(r.type());
  }

  /** Says whether policy and flows let it pass, and remembers what it opens then. */
  private Optional<String> policy(
      Party source, Party destination, boolean exempt, Reading r, byte[] frame) {
    Fragments fragments = new Fragments(r.source(), r.destination(), r.fragmentId());
    if (r.later()) {
      return firsts.contains(fragments)
          ? Optional.empty()
          : Optional.of("no first fragment of it has passed");
    }
    boolean allowed = exempt || mayAllow(source, destination, r);
    if (!allowed && !isVouchedFor(r, frame)) {
      return Optional.of("policy denies it, and it is of no flow");
    }
    if (r.first()) {
      firsts.add(fragments);
    }
    if (allowed && (r.type() < 0 || r.isEcho())) {
      begun.add(Key.of(r));
    }
    return Optional.empty();
  }

  /** Whether each direction allows it, whoever the peer of it may be taken for. */
  private boolean mayAllow(Party source, Party destination, Reading r) {
    return (verdict(source, destination, r).egress().allows()
            || verdict(source, anywhere(destination), r).egress().allows())
        && (verdict(source, destination, r).ingress().allows()
            || verdict(anywhere(source), destination, r).ingress().allows());
  }

  /**
   * Peers are told by their addresses alone: who has a link-local one in another network is meant
   * by it too. No router forwards such a packet, so that it is never met but here.
   */
  private Party anywhere(Party party) {
    return homes.networks().stream()
        .flatMap(network -> homes.find(party.address(), network).stream())
        .findFirst()
        .<Party>map(home -> new Party.EndpointParty(home.endpoint(), party.address()))
        .orElse(party);
  }

  private Verdict verdict(Party source, Party destination, Reading r) {
    return PolicyEvaluator.verdict(topology, new Flow(source, destination, r.protocol(), r.port()));
  }

  /** Whether it goes on, answers, or tells of what was allowed to begin (POLICY rule 7). */
  private boolean isVouchedFor(Reading r, byte[] frame) {
    if (r.isError()) {
      return r.quoted(frame)
          .filter(q -> begun.contains(Key.of(q)) || begun.contains(Key.of(q).back()))
          .isPresent();
    }
    if (r.type() >= 0 && !r.isEcho()) {
      return false;
    }
    boolean opens =
        r.isEcho()
            ? r.sourcePort() >= 0
            : r.protocol() == Reading.TCP && (r.tcpFlags() & SYN_ACK) == SYN;
    return begun.contains(Key.of(r)) || (!opens && begun.contains(Key.of(r).back()));
  }

  /** Whether the evaluator lets an endpoint's packet pass. */
  boolean allows(Home from, Reading r) {
    return verdict(
            new Party.EndpointParty(from.endpoint(), r.source()),
            homes.party(r.destination(), from.network()),
            r)
        .allows();
  }

  /** Whether the evaluator lets a packet pass that the node forwards into a network. */
  boolean allows(String network, Reading r) {
    Party source = homes.party(r.source(), network);
    return homes.gateway(network).addresses().contains(r.source())
        || verdict(source, homes.party(r.destination(), network), r).allows();
  }

  /** Whether the evaluator lets a packet pass that comes from the wire that a network is on. */
  boolean allowsFromWire(String network, Reading r) {
    return verdict(new Party.Outside(r.source()), homes.party(r.destination(), network), r)
        .allows();
  }
}
