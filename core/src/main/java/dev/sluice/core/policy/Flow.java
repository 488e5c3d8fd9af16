package dev.sluice.core.policy;

import dev.sluice.core.address.IpAddress;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A connection to be judged: after destination NAT and before source NAT (rule 11).
 *
 * @param protocol the IP protocol number: 6 TCP, 17 UDP, 132 SCTP, 1 ICMP, 58 ICMPv6, 47 GRE
 * @param port the destination port; empty for a protocol without ports
 */
public record Flow(Party source, Party destination, int protocol, OptionalInt port) {

  /** One end of a flow: who it is, and the address that it uses. */
  public sealed interface Party {

    IpAddress address();

    /** An endpoint of the topology. */
    record EndpointParty(String endpoint, IpAddress address) implements Party {}

    /** A local socket of the node. */
    record NodeParty(IpAddress address) implements Party {}

    /** Anybody else. */
    record Outside(IpAddress address) implements Party {}

    default Optional<String> endpointName() {
      return this instanceof EndpointParty party ? Optional.of(party.endpoint()) : Optional.empty();
    }
  }
}
