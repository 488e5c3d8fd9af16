package dev.sluice.backend.ebpf;

import dev.sluice.backend.ebpf.FuzzHomes.Home;
import dev.sluice.core.address.MacAddress;
import java.util.Arrays;
import java.util.Optional;

/** How frames look that have been redirected, and frames that follow from others. */
final class FuzzOut {

  private static final int ETHERNET = 14;
  private static final int V4 = 0x0800;
  private static final int V6 = 0x86dd;
  private static final int ARP = 0x0806;
  private static final int SOLICITATION = 135;
  private static final int ADVERTISEMENT = 136;
  private static final int FLAGS = 13;
  private static final byte ACK = 0x10;
  private static final byte SYN = 0x02;
  private static final byte SYN_ACK = 0x12;

  private FuzzOut() {}

  /** What is wrong with what has been made of {@code in}; empty: nothing. */
  static Optional<String> wrong(FuzzHomes homes, Home from, byte[] in, byte[] out) {
    if (Arrays.equals(in, out)) {
      return Optional.empty();
    }
    byte[] gateway = homes.gateway(from.network()).mac().bytes();
    boolean sameBody = Arrays.equals(in, 6, in.length, out, 6, out.length);
    if (sameBody) {
      return Arrays.equals(out, 0, 6, gateway, 0, 6)
          ? Optional.empty()
          : Optional.of("it has gone to another MAC");
    }
    int type = Reading.u16(out, 12);
    if (type == ARP) {
      return isTo(from.mac(), out) && Reading.u16(out, 20) == 2
          ? Optional.empty()
          : Optional.of("the answer is none");
    }
    Optional<Reading> now = Reading.of(out);
    boolean asked = Reading.of(in).filter(r -> r.type() == SOLICITATION).isPresent();
    if (asked && now.isPresent() && now.get().type() == ADVERTISEMENT) {
      return isTo(from.mac(), out) && Reading.u8(out, 21) == 255
          ? Optional.empty()
          : Optional.of("the answer is none");
    }
    return isRouted(homes, from, in, out, now)
        ? Optional.empty()
        : Optional.of("it has been changed");
  }

  /** As {@link #wrong}, of what the node sends into a network: it is for who has the address. */
  static Optional<String> wrong(FuzzHomes homes, String network, byte[] in, byte[] out) {
    byte[] expected = in.clone();
    Reading.of(in)
        .flatMap(r -> homes.find(r.destination(), network))
        .ifPresent(home -> System.arraycopy(home.mac().bytes(), 0, expected, 0, 6));
    return Arrays.equals(expected, out)
        ? Optional.empty()
        : Optional.of("it has been changed, or has gone to another MAC");
  }

  private static boolean isTo(MacAddress mac, byte[] frame) {
    return Arrays.equals(frame, 0, 6, mac.bytes(), 0, 6);
  }

  private static boolean isRouted(
      FuzzHomes homes, Home from, byte[] in, byte[] out, Optional<Reading> now) {
    Optional<Home> to = now.flatMap(r -> homes.find(r.destination(), from.network()));
    if (to.isEmpty() || in.length != out.length) {
      return false;
    }
    int type = Reading.u16(in, 12);
    int hops = ETHERNET + (type == V4 ? 8 : 7);
    byte[] expected = in.clone();
    System.arraycopy(to.get().mac().bytes(), 0, expected, 0, 6);
    System.arraycopy(homes.gateway(to.get().network()).mac().bytes(), 0, expected, 6, 6);
    expected[hops]--;
    boolean alive = Reading.u8(in, hops) > 1;
    if (type == V6) {
      return alive && Arrays.equals(expected, out);
    }
    boolean sums = sum(in) == sum(out);
    expected[24] = out[24];
    expected[25] = out[25];
    return alive && sums && Arrays.equals(expected, out);
  }

  /** Of the first 20 bytes of an IPv4 header, its checksum included; 0 and 0xffff are one. */
  private static int sum(byte[] frame) {
    int sum = 0;
    for (int at = ETHERNET; at < ETHERNET + 20; at += 2) {
      sum += Reading.u16(frame, at);
    }
    return sum % 0xffff;
  }

  /** What the receiver answers, as its first packet. */
  static byte[] answer(byte[] frame, Reading r, MacAddress from, MacAddress to) {
    byte[] out = frame.clone();
    System.arraycopy(to.bytes(), 0, out, 0, 6);
    System.arraycopy(from.bytes(), 0, out, 6, 6);
    int length = r.source().bytes().length;
    int at = ETHERNET + (length == 4 ? 12 : 8);
    System.arraycopy(frame, at, out, at + length, length);
    System.arraycopy(frame, at + length, out, at, length);
    if (r.hasPorts()) {
      System.arraycopy(frame, r.at(), out, r.at() + 2, 2);
      System.arraycopy(frame, r.at() + 2, out, r.at(), 2);
    }
    if (r.protocol() == Reading.TCP) {
      out[r.at() + FLAGS] = SYN_ACK;
    } else if (r.isEcho()) {
      out[r.at()] = (byte) (length == 4 ? 0 : 129);
    }
    return out;
  }

  /** More of the same flow. */
  static byte[] more(byte[] frame, Reading r) {
    byte[] out = frame.clone();
    if (r.protocol() == Reading.TCP) {
      out[r.at() + FLAGS] = ACK;
    }
    return out;
  }

  /** An answer that asks. */
  static byte[] turned(byte[] answer, Reading r) {
    byte[] out = answer.clone();
    if (r.protocol() == Reading.TCP) {
      out[r.at() + FLAGS] = SYN;
    } else if (r.isEcho()) {
      out[r.at()] = (byte) (r.source().isV4() ? 8 : 128);
    }
    return out;
  }
}
