package dev.sluice.backend.ebpf;

import dev.sluice.core.address.IpAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A frame of IP as the most credulous of receivers could read it: lengths and checksums are not
 * looked at, and ports are wherever the headers say. Shares no code with the programs, nor with
 * core.packet, which refuses what is malformed.
 *
 * @param first whether it is the first of several fragments
 * @param later whether it is a fragment, and not the first
 * @param fragmentId what its fragments have in common, beside addresses
 * @param at where the transport header begins, from the frame's first byte on
 * @param sourcePort of TCP, UDP and SCTP, or the identifier of an echo request; -1: there is none
 * @param destinationPort alike, or the identifier of an echo reply
 * @param type of ICMP or ICMPv6; -1: it is neither, or a later fragment
 */
record Reading(
    IpAddress source,
    IpAddress destination,
    int protocol,
    boolean first,
    boolean later,
    long fragmentId,
    int at,
    int sourcePort,
    int destinationPort,
    int type,
    int tcpFlags) {

  static final int TCP = 6;
  static final int UDP = 17;
  static final int SCTP = 132;

  private static final int ETHERNET = 14;

  /** Empty where there is no such packet, or it ends before its ports. */
  static Optional<Reading> of(byte[] frame) {
    try {
      int type = u16(frame, 12);
      return type == 0x0800
          ? Optional.of(v4(frame, ETHERNET))
          : type == 0x86dd ? Optional.of(v6(frame, ETHERNET)) : Optional.empty();
    } catch (IndexOutOfBoundsException e) {
      return Optional.empty();
    }
  }

  /** The packet that an ICMP error quotes. */
  Optional<Reading> quoted(byte[] frame) {
    try {
      return Optional.of(source.isV4() ? v4(frame, at + 8) : v6(frame, at + 8));
    } catch (IndexOutOfBoundsException e) {
      return Optional.empty();
    }
  }

  private static Reading v4(byte[] frame, int ip) {
    int fragment = u16(frame, ip + 6);
    int protocol = u8(frame, ip + 9);
    boolean later = (fragment & 0x1fff) != 0;
    return transport(
        frame,
        address(frame, ip + 12, 4),
        address(frame, ip + 16, 4),
        protocol,
        !later && (fragment & 0x2000) != 0,
        later,
        (long) u16(frame, ip + 4) << 8 | protocol,
        ip + (u8(frame, ip) & 15) * 4);
  }

  private static Reading v6(byte[] frame, int ip) {
    int protocol = u8(frame, ip + 6);
    int at = ip + 40;
    boolean first = false;
    boolean later = false;
    long id = 0;
    while (!later && isExtension(protocol)) {
      int next = u8(frame, at);
      int length = (u8(frame, at + 1) + 1) * 8;
      if (protocol == 51) {
        length = (u8(frame, at + 1) + 2) * 4;
      } else if (protocol == 44) {
        length = 8;
        int fragment = u16(frame, at + 2);
        later = fragment >> 3 != 0;
        first |= !later && (fragment & 1) != 0;
        id = ByteBuffer.wrap(frame).getInt(at + 4);
      }
      protocol = next;
      at += length;
    }
    return transport(
        frame,
        address(frame, ip + 8, 16),
        address(frame, ip + 24, 16),
        protocol,
        first,
        later,
        id,
        at);
  }

  private static boolean isExtension(int header) {
    return header == 0 || header == 43 || header == 44 || header == 51 || header == 60;
  }

  private static Reading transport(
      byte[] frame,
      IpAddress source,
      IpAddress destination,
      int protocol,
      boolean first,
      boolean later,
      long id,
      int at) {
    int from = -1;
    int to = -1;
    int type = -1;
    int flags = 0;
    if (!later && (protocol == TCP || protocol == UDP || protocol == SCTP)) {
      from = u16(frame, at);
      to = u16(frame, at + 2);
      flags = protocol == TCP && at + 13 < frame.length ? u8(frame, at + 13) : 0;
    } else if (!later && protocol == (source.isV4() ? 1 : 58)) {
      type = u8(frame, at);
      if (type == (source.isV4() ? 8 : 128)) {
        from = u16(frame, at + 4);
      } else if (type == (source.isV4() ? 0 : 129)) {
        to = u16(frame, at + 4);
      }
    }
    return new Reading(source, destination, protocol, first, later, id, at, from, to, type, flags);
  }

  /** Whether it tells of another packet (RFC 792, RFC 4443). */
  boolean isError() {
    return source.isV4()
        ? type == 3 || type == 4 || type == 11 || type == 12
        : type >= 0 && type < 128;
  }

  boolean isEcho() {
    return type >= 0 && (sourcePort >= 0 || destinationPort >= 0);
  }

  boolean hasPorts() {
    return type < 0 && sourcePort >= 0;
  }

  /** What it is judged by. */
  OptionalInt port() {
    return hasPorts() ? OptionalInt.of(destinationPort) : OptionalInt.empty();
  }

  private static IpAddress address(byte[] frame, int at, int length) {
    if (at + length > frame.length) {
      throw new IndexOutOfBoundsException(at);
    }
    return IpAddress.of(Arrays.copyOfRange(frame, at, at + length));
  }

  static int u8(byte[] frame, int at) {
    return frame[at] & 0xff;
  }

  static int u16(byte[] frame, int at) {
    return u8(frame, at) << 8 | u8(frame, at + 1);
  }
}
