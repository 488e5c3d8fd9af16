package dev.sluice.core.packet;

/** What an Ethernet frame carries. */
public sealed interface Layer3 permits Arp, Ipv4, Ipv6, Vlan, Layer3.Opaque {

  /** The EtherType that announces it (IEEE 802 numbers). */
  int etherType();

  /** The bytes on the wire. */
  byte[] encode();

  /**
   * Reads the payload of a frame; a VLAN tag, and an EtherType that this package does not know,
   * stay opaque.
   *
   * @throws MalformedPacketException it is not what its EtherType says
   */
  static Layer3 decode(int etherType, byte[] data) {
    return switch (etherType) {
      case Arp.ETHER_TYPE -> Arp.decode(data);
      case Ipv4.ETHER_TYPE -> Ipv4.decode(data);
      case Ipv6.ETHER_TYPE -> Ipv6.decode(data);
      default -> new Opaque(etherType, Bytes.of(data));
    };
  }

  /** Anything else, or something that is deliberately malformed. */
  record Opaque(int etherType, Bytes content) implements Layer3 {
    @Override
    public byte[] encode() {
      return content.toArray();
    }
  }
}
