package dev.sluice.core.sys;

import dev.sluice.core.address.IpAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** The C layouts of socket addresses: ip(7), ipv6(7), packet(7), netlink(7). */
final class SocketAddresses {

  /** Room for any of them (struct sockaddr_storage). */
  static final int MAX = 128;

  private static final int SOCKADDR_IN = 16;
  private static final int SOCKADDR_IN6 = 28;
  private static final int SOCKADDR_LL = 20;
  private static final int SOCKADDR_NL = 12;

  private SocketAddresses() {}

  /** struct sockaddr_in or sockaddr_in6, port 0, no scope. */
  static byte[] ip(IpAddress address) {
    byte[] out = new byte[address.isV4() ? SOCKADDR_IN : SOCKADDR_IN6];
    ByteBuffer fields = wrap(out);
    if (address.isV4()) {
      fields.putShort((short) Libc.AF_INET).putShort((short) 0).put(address.bytes());
    } else {
      fields.putShort((short) Libc.AF_INET6).putShort((short) 0).putInt(0);
      fields.put(address.bytes()).putInt(0);
    }
    return out;
  }

  /** struct sockaddr_ll of an interface and an EtherType. */
  static byte[] link(int ifindex, int etherType) {
    byte[] out = new byte[SOCKADDR_LL];
    wrap(out)
        .putShort((short) Libc.AF_PACKET)
        .put((byte) (etherType >> 8))
        .put((byte) etherType)
        .putInt(ifindex);
    return out;
  }

  /** struct sockaddr_nl; port 0 is the kernel, or when binding: one that the kernel chooses. */
  static byte[] netlink(int port) {
    byte[] out = new byte[SOCKADDR_NL];
    wrap(out).putShort((short) Libc.AF_NETLINK).putShort((short) 0).putInt(port);
    return out;
  }

  static int netlinkPort(byte[] address) {
    return wrap(address).getInt(4);
  }

  /** The source that recvfrom(2) wrote for a raw or packet socket. */
  static Received.Source source(byte[] address) {
    ByteBuffer in = wrap(address);
    return switch (in.getShort(0)) {
      case Libc.AF_INET -> new Received.Ip(IpAddress.of(Arrays.copyOfRange(address, 4, 8)));
      case Libc.AF_INET6 -> new Received.Ip(IpAddress.of(Arrays.copyOfRange(address, 8, 24)));
      default ->
          new Received.Link(
              in.getInt(4), ((address[2] & 0xff) << 8) | (address[3] & 0xff), address[10] & 0xff);
    };
  }

  private static ByteBuffer wrap(byte[] address) {
    return ByteBuffer.wrap(address).order(ByteOrder.nativeOrder());
  }
}
