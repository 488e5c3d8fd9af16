package dev.sluice.core.sys;

import dev.sluice.core.address.IpAddress;

/** One packet that a {@link RawSocket} received. */
public final class Received {

  /** Where a packet came from, as the kind of socket tells it. */
  public sealed interface Source permits Ip, Link {}

  /** Of an IP socket: the sender's address. */
  public record Ip(IpAddress address) implements Source {}

  /**
   * Of a packet socket (packet(7)).
   *
   * @param ifindex the interface that it was seen on
   * @param protocol the EtherType
   * @param packetType {@link #HOST}, {@link #OUTGOING}, or another PACKET_*
   */
  public record Link(int ifindex, int protocol, int packetType) implements Source {

    /** Sent to this host. */
    public static final int HOST = 0;

    /** Sent by this host: a packet socket sees these too. */
    public static final int OUTGOING = 4;
  }

  private final byte[] data;
  private final Source source;

  Received(byte[] data, Source source) {
    this.data = data;
    this.source = source;
  }

  /**
   * The packet: for IPv4 with its IP header, for IPv6 without (raw(7), RFC 3542), for a packet
   * socket from the Ethernet header on. The caller's own.
   */
  public byte[] data() {
    return data;
  }

  public Source source() {
    return source;
  }
}
