package dev.sluice.core.packet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.address.IpAddress;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Checksums: right unless a record says otherwise, and told apart when read. */
class ChecksumTest {

  private static final IpAddress A4 = IpAddress.parse("10.0.1.2");
  private static final IpAddress B4 = IpAddress.parse("10.0.1.3");
  private static final IpAddress A6 = IpAddress.parse("fd00::2");
  private static final IpAddress B6 = IpAddress.parse("fd00::3");
  private static final Bytes ODD = Bytes.ofText("three");

  static Stream<Layer4> payloads() {
    return Stream.of(
        Tcp.syn(1, 2, -3),
        Tcp.of(1, 2, 3, 4, Tcp.PSH | Tcp.ACK, ODD),
        Udp.of(1, 2, ODD),
        Udp.of(1, 2, Bytes.EMPTY),
        Sctp.init(1, 2, -3),
        Icmp.echoRequest(1, 65535, ODD),
        Icmpv6.echoRequest(65535, 2, ODD));
  }

  static Stream<Layer4> wrong() {
    return Stream.of(
        Tcp.syn(1, 2, 3).withChecksum(0xdead),
        Udp.of(1, 2, ODD).withChecksum(0),
        Sctp.init(1, 2, 3).withChecksum(0xdeadbeef),
        Icmp.echoReply(1, 2, ODD).withChecksum(0xdead),
        Icmpv6.echoReply(1, 2, ODD).withChecksum(0xdead));
  }

  @ParameterizedTest
  @MethodSource({"payloads", "wrong"})
  void whatIsWrittenReadsTheSameOverBothFamilies(Layer4 payload) {
    Ipv4 v4 = Ipv4.of(A4, B4, payload).withTtl(3).withOptions(Bytes.ofHex("01010101"));
    assertThat(Ipv4.decode(v4.encode())).isEqualTo(v4);
    Ipv6 v6 =
        Ipv6.of(A6, B6, payload)
            .withExtensions(
                ExtensionHeader.Options.padding(ExtensionHeader.HOP_BY_HOP),
                new ExtensionHeader.Fragment(0, false, -7),
                new ExtensionHeader.Options(
                    ExtensionHeader.DESTINATION_OPTIONS,
                    Bytes.ofHex("010c000000000000000000000000")));
    assertThat(Ipv6.decode(v6.encode())).isEqualTo(v6);
  }

  @ParameterizedTest
  @MethodSource("payloads")
  void aFlippedBitIsNoticed(Layer4 payload) {
    byte[] packet = Ipv6.of(A6, B6, payload).encode();
    packet[Ipv6.HEADER] ^= 0x40;
    Layer4 read = Ipv6.decode(packet).payload();
    boolean noticed =
        payload instanceof Icmp ? ((Icmp) read).checksum().isPresent() : checksum(read).isPresent();
    assertThat(noticed).isTrue();
  }

  private static OptionalInt checksum(Layer4 layer) {
    if (layer instanceof Tcp tcp) {
      return tcp.checksum();
    }
    if (layer instanceof Udp udp) {
      return udp.checksum();
    }
    if (layer instanceof Sctp sctp) {
      return sctp.checksum();
    }
    return ((Icmpv6) layer).checksum();
  }

  @Test
  void theCrcIsTheCastagnoliOneLowByteFirst() {
    // RFC 3720, appendix B.4: 32 zero bytes sum up to 8a9136aa. Here 12 of them are the header.
    Sctp zeros = new Sctp(0, 0, 0, Bytes.of(new byte[20]), OptionalInt.empty());
    byte[] packet = zeros.encode(A4, B4);
    assertThat(Bytes.of(packet).slice(8, 12)).isEqualTo(Bytes.ofHex("aa36918a"));
  }

  @Test
  void anUdpSumOfZeroIsSentAsAllOnes() {
    // The payload makes up for everything else in the sum.
    Udp plain = Udp.of(1, 2, Bytes.ofHex("0000"));
    Bytes sum = Bytes.of(plain.encode(A4, B4)).slice(6, 8);
    byte[] datagram = Udp.of(1, 2, sum).encode(A4, B4);
    assertThat(Bytes.of(datagram).slice(6, 8)).isEqualTo(Bytes.ofHex("ffff"));
  }

  @Test
  void fragmentsAreAsLargeAsAllowedAndMakeUpTheWhole() {
    Udp datagram = Udp.of(1, 2, Bytes.of(new byte[100]));
    assertThat(Ipv4.of(A4, B4, datagram).fragments(68, 7))
        .extracting(f -> f.encode().length)
        .containsExactly(68, 68, 32);
    assertThat(Ipv6.of(A6, B6, datagram).fragments(100, 7))
        .extracting(f -> f.encode().length)
        .containsExactly(96, 96, 60);
    assertThat(Ipv6.of(A6, B6, datagram).fragments(100, 7))
        .allSatisfy(f -> assertThat(Ipv6.decode(f.encode())).isEqualTo(f))
        .last()
        .extracting(f -> f.extensions().get(0))
        .isEqualTo(new ExtensionHeader.Fragment(96, false, 7));
  }

  /** Whatever is left out would make a right checksum of a wrong one, or the other way round. */
  @Test
  void ofTcpIsOfTheReservedBitsAndTheUrgentPointerToo() {
    byte[] segment = Tcp.syn(1, 2, 3).encode(A4, B4);
    segment[12] |= 0x0e;
    segment[19] = 5;
    byte[] packet = Ipv4.of(A4, B4, new Layer4.Opaque(Tcp.PROTOCOL, Bytes.of(segment))).encode();
    assertThat(Ipv4.decode(packet).encode()).isEqualTo(packet);
  }
}
