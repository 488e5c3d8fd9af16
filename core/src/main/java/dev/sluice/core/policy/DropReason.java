package dev.sluice.core.policy;

import java.util.Locale;

/**
 * Why a datapath dropped a packet. Stable: BPF programs count by number, metrics and commands show
 * {@link #label}; new ones are added at the end.
 */
public enum DropReason {
  /** No rule allows it (POLICY rule 1). */
  POLICY,
  /** An EtherType that is not IPv4, IPv6 or ARP, or a VLAN tag (rule 13). */
  ETHERTYPE,
  /** Another sender's MAC (rule 13). */
  SPOOFED_MAC,
  /** Another sender's IP address (rule 13). */
  SPOOFED_IP,
  /** ARP that speaks for somebody else, or is no request or reply of IPv4 over Ethernet. */
  SPOOFED_ARP,
  /** ND that speaks for somebody else, or hides its link-layer address behind another option. */
  SPOOFED_ND,
  /** Multicast or broadcast other than ARP, ND and MLD (rule 13). */
  MULTICAST,
  /** A router advertisement, a redirect or a DHCP reply from an endpoint (rule 9). */
  ADVERTISEMENT,
  /** A frame to a neighbour's MAC that carries another one's IP address. */
  MISDIRECTED,
  /** A fragment whose first one has not come (rule 12). */
  FRAGMENT_ORPHAN,
  /** A first fragment that ends before its transport header begins (rule 12, RFC 7112). */
  FRAGMENT_TINY,
  /**
   * What an endpoint sends would leave by another interface of the node than its network's uplink,
   * or cannot take the node's address there as it has to.
   */
  NO_WAY_OUT,
  /** From outside to an endpoint behind masquerading, and not by a published port. */
  NO_WAY_IN;

  /** {@code spoofed-mac}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
