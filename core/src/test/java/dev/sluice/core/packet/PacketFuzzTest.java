package dev.sluice.core.packet;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Whatever the bytes: a packet that is written as it was read, or a typed error. */
class PacketFuzzTest {

  private static final int[] ETHER_TYPES = {Arp.ETHER_TYPE, Ipv4.ETHER_TYPE, Ipv6.ETHER_TYPE};
  private static final int[] PROTOCOLS = {
    Icmp.PROTOCOL,
    Tcp.PROTOCOL,
    Udp.PROTOCOL,
    ExtensionHeader.HOP_BY_HOP,
    ExtensionHeader.FRAGMENT,
    Icmpv6.PROTOCOL,
    Sctp.PROTOCOL
  };

  @Property(tries = 20_000)
  void aFrame(
      @ForAll @Size(max = 160) byte[] content,
      @ForAll @IntRange(max = 2) int etherType,
      @ForAll @IntRange(max = 6) int protocol) {
    byte[] packet = content.clone();
    if (packet.length > 40) {
      // Steered past the first fields, or next to nothing would get to the later ones.
      packet[0] = (byte) (etherType == 1 ? 0x45 | (packet[0] & 2) : 0x60);
      packet[9] = (byte) (etherType == 1 ? PROTOCOLS[protocol] : packet[9]);
      packet[6] = (byte) (etherType == 1 ? packet[6] & 0x40 : PROTOCOLS[protocol]);
      packet[7] = etherType == 1 ? 0 : packet[7];
      int length = etherType == 1 ? packet.length : packet.length - 40;
      packet[etherType == 1 ? 2 : 4] = 0;
      packet[etherType == 1 ? 3 : 5] = (byte) length;
    }
    try {
      Layer3 read = Layer3.decode(ETHER_TYPES[etherType], packet);
      assertThat(Layer3.decode(ETHER_TYPES[etherType], read.encode())).isEqualTo(read);
    } catch (MalformedPacketException e) {
      assertThat(e).hasMessageMatching("(ARP|IPv4|IPv6|TCP|UDP|SCTP|ICMP|ICMPv6): .*");
    }
  }
}
