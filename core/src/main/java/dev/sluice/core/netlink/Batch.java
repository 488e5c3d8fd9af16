package dev.sluice.core.netlink;

import dev.sluice.core.netlink.codec.NetlinkMessage;
import java.nio.ByteBuffer;
import java.util.List;

/** Consecutive requests that go out in one datagram, under consecutive sequence numbers. */
record Batch(List<Request> requests, int firstIndex, int firstSequence) {

  /** A datagram's size; one request that is larger still goes alone. */
  static final int MAX_BYTES = 32 * 1024;

  /**
   * Bounds the answers that wait unread: the kernel answers all before send returns, each answer
   * takes up to 1.3 KiB of the receive buffer, and without privilege that is 208 KiB.
   */
  static final int MAX_REQUESTS = 128;

  /** The longest batch that starts at {@code from}. */
  static Batch next(List<Request> all, int from, int firstSequence) {
    int bytes = size(all.get(from));
    int to = from + 1;
    while (to < all.size() && to - from < MAX_REQUESTS && bytes + size(all.get(to)) <= MAX_BYTES) {
      bytes += size(all.get(to));
      to++;
    }
    return new Batch(all.subList(from, to), from, firstSequence);
  }

  private static int size(Request request) {
    return NetlinkMessage.align(NetlinkMessage.HEADER + request.payload().length());
  }

  ByteBuffer encode() {
    ByteBuffer out = ByteBuffer.allocate(requests.stream().mapToInt(Batch::size).sum());
    for (int i = 0; i < requests.size(); i++) {
      Request each = requests.get(i);
      int flags = each.flags() | NetlinkMessage.F_REQUEST | NetlinkMessage.F_ACK;
      out.put(
          new NetlinkMessage(each.type(), flags, firstSequence + i, 0, each.payload()).toBytes());
    }
    return out.flip();
  }

  /** The place in this batch of the request that a sequence number belongs to; -1: of none. */
  int indexOf(int sequence) {
    int index = sequence - firstSequence;
    return index >= 0 && index < requests.size() ? index : -1;
  }
}
