package dev.sluice.core.netlink;

import dev.sluice.core.netlink.codec.ByteView;
import dev.sluice.core.netlink.codec.NetlinkMessage;
import dev.sluice.core.sys.Errno;
import dev.sluice.core.sys.SyscallException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Function;

/** A kernel that is a function: each datagram sent gives the events that are then received. */
final class FakeKernel implements Transport {

  /** Something to receive: bytes of a sender, or the failure of the call. */
  sealed interface Event {}

  record Datagram(int sender, ByteView bytes) implements Event {}

  record Failure(int errno) implements Event {}

  private final Function<List<NetlinkMessage>, List<Event>> answer;
  private final Queue<Event> events = new ArrayDeque<>();
  final List<Integer> sizes = new ArrayList<>();

  FakeKernel(Function<List<NetlinkMessage>, List<Event>> answer) {
    this.answer = answer;
  }

  @Override
  public void send(ByteBuffer datagram) {
    byte[] bytes = new byte[datagram.remaining()];
    datagram.get(bytes);
    sizes.add(bytes.length);
    events.addAll(answer.apply(NetlinkMessage.parse(ByteView.of(bytes))));
  }

  @Override
  public int receive(ByteBuffer into) {
    Event next = events.isEmpty() ? new Failure(Errno.EAGAIN) : events.remove();
    if (next instanceof Failure failure) {
      throw new SyscallException("receive from", "fake kernel", Errno.of(failure.errno()));
    }
    Datagram datagram = (Datagram) next;
    into.clear().put(datagram.bytes().toByteArray()).flip();
    return datagram.sender();
  }

  @Override
  public void close() {
    events.clear();
  }

  static Event kernel(NetlinkMessage... messages) {
    return sentBy(0, messages);
  }

  static Event sentBy(int sender, NetlinkMessage... messages) {
    ByteBuffer out = ByteBuffer.allocate(65536);
    for (NetlinkMessage message : messages) {
      out.put(message.toBytes());
    }
    byte[] bytes = new byte[out.position()];
    out.flip().get(bytes);
    return new Datagram(sender, ByteView.of(bytes));
  }

  static Event bytes(byte... bytes) {
    return new Datagram(0, ByteView.of(bytes));
  }

  /** An answer of a family's type. */
  static NetlinkMessage part(int sequence, int flags, int value) {
    return new NetlinkMessage(16, flags, sequence, 0, ByteView.of(ints(value)));
  }

  static NetlinkMessage done(int sequence, int flags) {
    return new NetlinkMessage(NetlinkMessage.DONE, flags, sequence, 0, ByteView.of(ints(0)));
  }

  /** An ACK, or with a positive errno a refusal; capped. */
  static NetlinkMessage ack(int sequence, int errno) {
    return new NetlinkMessage(
        NetlinkMessage.ERROR,
        NetlinkMessage.F_CAPPED,
        sequence,
        0,
        ByteView.of(ints(-errno, 16, 0, sequence, 0)));
  }

  static byte[] ints(int... values) {
    byte[] out = new byte[values.length * Integer.BYTES];
    ByteBuffer.wrap(out).order(ByteOrder.nativeOrder()).asIntBuffer().put(values);
    return out;
  }
}
