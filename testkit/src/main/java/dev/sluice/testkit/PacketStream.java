package dev.sluice.testkit;

import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.node.Node;
import dev.sluice.core.packet.Bytes;
import dev.sluice.core.packet.Udp;
import dev.sluice.core.sys.RawSocket;
import dev.sluice.core.sys.RawSocketGroup;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Numbered datagrams on several flows to one endpoint of a {@link PolicyBed}, one of each flow a
 * period, while something else is done; and which of them get there.
 */
final class PacketStream implements AutoCloseable {

  /** From an endpoint, in one family. */
  record Flow(String from, boolean v6) {}

  /** A thousand a second. */
  static final Duration STEADY = Duration.ofMillis(1);

  /** As many as one thread can send. */
  static final Duration BUSY = Duration.ZERO;

  /**
   * What a busy stream shares with all that runs on its CPU, in whatever namespace: of what waits
   * there behind a thousand packets the kernel drops (net.core.netdev_max_backlog). A lock of
   * JUnit's: who counts what is lost has none beside him who sends as much as he can.
   */
  static final String BACKLOG = "net.core.netdev_max_backlog";

  private static final Duration PAUSE = Duration.ofMillis(1);
  private static final Duration QUIET = Duration.ofMillis(150);
  private static final Duration LAST = Duration.ofMillis(300);
  private static final int SOL_SOCKET = 1;
  private static final int SO_RCVBUFFORCE = 33;
  private static final int BUFFER = 8 << 20;

  /** Behind the UDP header: this, the flow's number, the packet's number. */
  private static final long MAGIC = 0x51c3_57ee_4a11_0c8dL;

  private final String to;
  private final int port;
  private final long period;
  private final List<Flow> flows;
  private final List<RawSocket> senders = new ArrayList<>();
  private final List<RawSocket> receivers = new ArrayList<>();
  private final List<BitSet> arrived = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final Thread sender;
  private final Thread receiver;
  private volatile boolean sending = true;
  private volatile boolean receiving = true;
  private volatile int sent;
  private volatile long lastArrival = System.nanoTime();

  PacketStream(Node node, String to, int port, Duration period, List<Flow> flows) {
    this.period = period.toNanos();
    this.to = to;
    this.port = port;
    this.flows = List.copyOf(flows);
    for (Flow flow : flows) {
      NetnsRef from = PolicyBed.netns(flow.from);
      senders.add(Shell.call(node, from, () -> RawSocket.ip(flow.v6, Udp.PROTOCOL, true)));
      arrived.add(new BitSet());
    }
    for (boolean v6 : new boolean[] {false, true}) {
      RawSocket socket =
          Shell.call(node, PolicyBed.netns(to), () -> RawSocket.ip(v6, Udp.PROTOCOL, true));
      socket.setOption(SOL_SOCKET, SO_RCVBUFFORCE, BUFFER);
      receivers.add(socket);
    }
    this.receiver = new Thread(this::receive, "stream receiver");
    this.sender = new Thread(this::send, "stream sender");
    receiver.start();
    sender.start();
  }

  private void send() {
    long next = System.nanoTime();
    for (int number = 0; sending; number++) {
      for (int i = 0; i < flows.size(); i++) {
        Flow flow = flows.get(i);
        Bytes content =
            Bytes.of(
                ByteBuffer.allocate(Long.BYTES + 2 * Integer.BYTES)
                    .putLong(MAGIC)
                    .putInt(i)
                    .putInt(number)
                    .array());
        byte[] packet =
            PolicyBed.packet(flow.from, to, flow.v6, Udp.of(40_000 + i, port, content)).encode();
        senders.get(i).sendTo(packet, PolicyBed.address(to, flow.v6));
      }
      sent = number + 1;
      next += period;
      LockSupport.parkNanos(next - System.nanoTime());
    }
  }

  private void receive() {
    RawSocketGroup group = new RawSocketGroup(receivers);
    boolean more = true;
    while (receiving || more) {
      List<RawSocket> readable = group.readable(Duration.ofMillis(20));
      more = !readable.isEmpty();
      for (RawSocket socket : readable) {
        socket.receive(Duration.ZERO).ifPresent(packet -> note(packet.data()));
      }
    }
  }

  private void note(byte[] data) {
    int length = Long.BYTES + 2 * Integer.BYTES;
    if (data.length >= length) {
      ByteBuffer content = ByteBuffer.wrap(data, data.length - length, length);
      if (content.getLong() == MAGIC) {
        lastArrival = System.nanoTime();
        arrived.get(content.getInt()).set(content.getInt());
      }
    }
  }

  /** What is done from now on, to be told with what is lost. */
  void note(String what) {
    notes.add("%s from packet %d on".formatted(what, sent));
  }

  /** Waits until so many more of each flow have been sent. */
  void more(int packets) {
    int until = sent + packets;
    while (sent < until) {
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  /** Whether nothing arrives any more, though it is still sent; what was under way may. */
  boolean isDenied(Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (System.nanoTime() < deadline) {
      more(1);
      if (System.nanoTime() - lastArrival > QUIET.toNanos()) {
        return true;
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
    return false;
  }

  /** Whether something arrives that is sent from now on. */
  boolean isAllowed(Duration patience) {
    long now = System.nanoTime();
    while (System.nanoTime() < now + patience.toNanos()) {
      if (lastArrival > now) {
        return true;
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
    return false;
  }

  /** Stops, waits for the last ones, and tells what of each flow did not arrive. */
  List<String> lost() {
    stop();
    List<String> out = new ArrayList<>();
    for (int i = 0; i < flows.size(); i++) {
      BitSet lost = new BitSet();
      lost.set(0, sent);
      lost.andNot(arrived.get(i));
      if (!lost.isEmpty()) {
        out.add("%s: of %d packets %s".formatted(flows.get(i), sent, lost));
      }
    }
    if (!out.isEmpty()) {
      out.addAll(notes);
    }
    return out;
  }

  private void stop() {
    sending = false;
    join(sender);
    LockSupport.parkNanos(LAST.toNanos());
    receiving = false;
    join(receiver);
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    stop();
    senders.forEach(RawSocket::close);
    receivers.forEach(RawSocket::close);
  }
}
