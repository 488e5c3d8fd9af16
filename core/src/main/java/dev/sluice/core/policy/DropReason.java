package dev.sluice.core.policy;

import java.util.Locale;

/**
 * Why a datapath dropped a packet. Stable: BPF programs count by number, metrics and commands show
 * {@link #label}; new ones are added at the end.
 */
public enum DropReason {
  /** No rule allows it (POLICY rule 1). */
  POLICY(0),
  /** An EtherType that is not IPv4, IPv6 or ARP, or a VLAN tag (rule 13). */
  ETHERTYPE(1),
  /** Another sender's MAC (rule 13). */
  SPOOFED_MAC(2),
  /** Another sender's IP address (rule 13). */
  SPOOFED_IP(3),
  /** ARP that speaks for somebody else, or is no request or reply of IPv4 over Ethernet. */
  SPOOFED_ARP(4),
  /** ND that speaks for somebody else, or hides its link-layer address behind another option. */
  SPOOFED_ND(5),
  /** Multicast or broadcast other than ARP, ND and MLD (rule 13). */
  MULTICAST(6),
  /** A router advertisement, a redirect or a DHCP reply from an endpoint (rule 9). */
  ADVERTISEMENT(7),
  /** A frame to a neighbour's MAC that carries another one's IP address. */
  MISDIRECTED(8),
  /** A fragment whose first one has not come (rule 12). */
  FRAGMENT_ORPHAN(9),
  /** A first fragment that ends before its transport header begins (rule 12, RFC 7112). */
  FRAGMENT_TINY(10),
  /**
   * What an endpoint sends would leave by another interface of the node than its network's uplink,
   * or cannot take the node's address there as it has to.
   */
  NO_WAY_OUT(11),
  /** From outside to an endpoint behind masquerading, and not by a published port. */
  NO_WAY_IN(12),
  /**
   * In by an uplink, from a source that {@code spec.denyFrom} denies, or with more VLAN tags than
   * it is looked for behind.
   */
  DENIED_SOURCE(13),
  /** An endpoint's frame that is longer than its network's MTU, where a program is asked. */
  TOO_LONG(14),
  /** It would make a flow established, and as many are as there is room for. */
  FLOWS_FULL(15);

  private final int number;

  DropReason(int number) {
    this.number = number;
  }

  /** What BPF programs call it: {@code bpf/src/main/bpf/include/reasons.h}. */
  public int number() {
    return number;
  }

  /** {@code spoofed-mac}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
