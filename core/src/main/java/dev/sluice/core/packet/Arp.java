package dev.sluice.core.packet;

import dev.sluice.core.address.IpAddress;
import dev.sluice.core.address.MacAddress;
import java.nio.ByteBuffer;

/**
 * An ARP packet for IPv4 over Ethernet (RFC 826).
 *
 * @param operation {@link #REQUEST} or {@link #REPLY}
 */
public record Arp(
    int operation,
    MacAddress senderMac,
    IpAddress senderIp,
    MacAddress targetMac,
    IpAddress targetIp)
    implements Layer3 {

  public static final int ETHER_TYPE = 0x0806;
  public static final int REQUEST = 1;
  public static final int REPLY = 2;

  private static final int LENGTH = 28;
  private static final MacAddress UNKNOWN = MacAddress.of(new byte[6]);

  /** Who has {@code target}? */
  public static Arp request(MacAddress senderMac, IpAddress senderIp, IpAddress target) {
    return new Arp(REQUEST, senderMac, senderIp, UNKNOWN, target);
  }

  @Override
  public int etherType() {
    return ETHER_TYPE;
  }

  @Override
  public byte[] encode() {
    return ByteBuffer.allocate(LENGTH)
        .putShort((short) 1)
        .putShort((short) Ipv4.ETHER_TYPE)
        .put((byte) 6)
        .put((byte) 4)
        .putShort((short) operation)
        .put(senderMac.bytes())
        .put(senderIp.bytes())
        .put(targetMac.bytes())
        .put(targetIp.bytes())
        .array();
  }

  static Arp decode(byte[] data) {
    PacketReader in = new PacketReader("ARP", data);
    in.check(in.u16() == 1, "is not for Ethernet");
    in.check(in.u16() == Ipv4.ETHER_TYPE, "is not for IPv4");
    in.check(in.u16() == 0x0604, "has addresses of other lengths than 6 and 4");
    return new Arp(in.u16(), in.mac(), in.ip(4), in.mac(), in.ip(4));
  }
}
