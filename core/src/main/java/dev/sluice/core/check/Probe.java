package dev.sluice.core.check;

import dev.sluice.core.address.IpAddress;
import java.util.OptionalInt;

/**
 * One question to a topology: does this packet get from here to there?
 *
 * @param source the address that it bears: the one that the kernel at {@code from} would choose
 * @param destination one of the addresses of {@code to}
 * @param port the destination port; 0 for ICMP
 * @param size of the whole IP packet in bytes, which must not be fragmented; empty: as small as it
 *     comes
 */
public record Probe(
    Place from,
    Place to,
    IpAddress source,
    IpAddress destination,
    Transport transport,
    int port,
    Kind kind,
    OptionalInt size) {

  /**
   * What a probe is made of: a SYN, a datagram, an INIT chunk, an echo request; ICMP is ICMPv6
   * between IPv6 addresses.
   */
  public enum Transport {
    TCP,
    UDP,
    SCTP,
    ICMP
  }

  /** Which promise of a topology a probe tests. */
  public enum Kind {
    /** Endpoint to endpoint. */
    ENDPOINT,
    /** Endpoint to its gateway. */
    GATEWAY,
    /** Node to endpoint. */
    NODE,
    /** Endpoint to its own address. */
    SELF,
    /** Endpoint to endpoint, as large as the networks' MTU allows, not to be fragmented. */
    MTU
  }

  public boolean isV6() {
    return destination.isV6();
  }

  /**
   * Whether passing takes an answer too, which shows that the way back is open. UDP's would be an
   * ICMP error, and those are rate-limited; SCTP is answered only where the kernel has it; a packet
   * of MTU size has its counterpart the other way.
   */
  boolean wantsAnswer() {
    return (transport == Transport.TCP || transport == Transport.ICMP) && kind != Kind.MTU;
  }
}
