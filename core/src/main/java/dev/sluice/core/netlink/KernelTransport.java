package dev.sluice.core.netlink;

import dev.sluice.core.sys.NetlinkSocket;
import dev.sluice.core.sys.SyscallException;
import java.nio.ByteBuffer;
import java.time.Duration;

/** The kernel itself: a socket with extended acks and strict checking (Linux 4.20). */
final class KernelTransport implements Transport {

  private static final int SOL_NETLINK = 270;
  private static final int NETLINK_CAP_ACK = 10;
  private static final int NETLINK_EXT_ACK = 11;
  private static final int NETLINK_GET_STRICT_CHK = 12;
  private static final int RECEIVE_BUFFER = 4 << 20;

  private final NetlinkSocket socket;

  private KernelTransport(NetlinkSocket socket) {
    this.socket = socket;
  }

  static KernelTransport open(int family, Duration timeout) {
    NetlinkSocket socket = NetlinkSocket.open(family);
    try {
      socket.setOption(SOL_NETLINK, NETLINK_CAP_ACK, 1);
      socket.setOption(SOL_NETLINK, NETLINK_EXT_ACK, 1);
      socket.setOption(SOL_NETLINK, NETLINK_GET_STRICT_CHK, 1);
      socket.receiveBuffer(RECEIVE_BUFFER);
      socket.receiveTimeout(timeout);
      return new KernelTransport(socket);
    } catch (SyscallException e) {
      socket.close();
      throw e;
    }
  }

  @Override
  public void send(ByteBuffer datagram) {
    socket.send(datagram);
  }

  @Override
  public int receive(ByteBuffer into) {
    return socket.receive(into);
  }

  @Override
  public void close() {
    socket.close();
  }
}
