package dev.sluice.testkit;

import dev.sluice.core.address.IpAddress;
import dev.sluice.core.address.MacAddress;
import dev.sluice.core.netlink.route.LinkMessage;
import dev.sluice.core.netlink.route.RouteSocket;
import dev.sluice.core.node.Node;
import dev.sluice.core.packet.Bytes;
import dev.sluice.core.packet.Ethernet;
import dev.sluice.core.packet.Ipv4;
import dev.sluice.core.packet.Ipv6;
import dev.sluice.core.packet.Layer3;
import dev.sluice.core.packet.Udp;
import dev.sluice.core.sys.Netns;
import dev.sluice.core.sys.RawSocket;
import dev.sluice.core.sys.RawSocketGroup;
import dev.sluice.core.sys.SyscallException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;

/**
 * Numbered datagrams, a good thousand a second of each flow unless the machine is too busy, between
 * namespaces that are there all the time, whatever becomes of the links in them; and which of them
 * get there. They are sent and seen by packet sockets: the moment an interface is up, with no need
 * of addresses, routes or neighbours.
 */
public final class FrameStream implements AutoCloseable {

  /**
   * From the eth0 of a namespace to another one.
   *
   * @param via the MAC address that the sender's frames have to go to
   */
  public record Flow(
      String from,
      MacAddress mac,
      IpAddress source,
      String to,
      MacAddress via,
      IpAddress target,
      int port) {

    @Override
    public String toString() {
      return "from %s to port %d of %s, IPv%d".formatted(from, port, to, source.isV4() ? 4 : 6);
    }

    private byte[] frame(int id, int number) {
      byte[] content =
          ByteBuffer.allocate(CONTENT).putLong(MAGIC).putInt(id).putInt(number).array();
      Udp udp = Udp.of(40_000 + id, port, Bytes.of(content));
      Layer3 packet = source.isV4() ? Ipv4.of(source, target, udp) : Ipv6.of(source, target, udp);
      return new Ethernet(via, mac, packet).encode();
    }
  }

  private static final long PERIOD = 900_000;
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final Duration LAST = Duration.ofMillis(300);
  private static final long PAUSE = 500_000;
  private static final int ETH_P_ALL = 3;
  private static final int SOL_SOCKET = 1;
  private static final int SO_RCVBUFFORCE = 33;
  private static final int BUFFER = 8 << 20;

  /** Behind the UDP header: this, the flow's number, the packet's number. */
  private static final long MAGIC = 0x51c3_6b17_4a11_0c8dL;

  private static final int CONTENT = Long.BYTES + 2 * Integer.BYTES;

  private final List<Flow> flows;
  private final Map<String, Outlet> outlets = new LinkedHashMap<>();
  private final Map<RawSocket, String> receivers = new LinkedHashMap<>();
  private final List<BitSet> arrived = new ArrayList<>();
  private final FutureTask<Void> sending = new FutureTask<>(this::send, null);
  private final FutureTask<Void> receiving = new FutureTask<>(this::receive, null);
  private volatile boolean more = true;
  private volatile boolean open = true;
  private volatile int sent;

  /** Begins to send and to watch. */
  public FrameStream(Node node, List<Flow> flows) {
    this.flows = List.copyOf(flows);
    for (Flow flow : flows) {
      arrived.add(new BitSet());
      outlets.computeIfAbsent(flow.from, from -> in(node, from, Outlet::new));
      if (!receivers.containsValue(flow.to)) {
        RawSocket socket = in(node, flow.to, () -> RawSocket.packet(0, ETH_P_ALL));
        socket.setOption(SOL_SOCKET, SO_RCVBUFFORCE, BUFFER);
        receivers.put(socket, flow.to);
      }
    }
    start(receiving, "frame receiver");
    start(sending, "frame sender");
  }

  private static void start(Runnable work, String name) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  private static <T> T in(Node node, String name, Callable<T> task) {
    try (Netns netns = Netns.open(node.published(name))) {
      return netns.call(task);
    }
  }

  /** The eth0 of a namespace, whichever link that is at the moment; often there is none. */
  private static final class Outlet implements AutoCloseable {
    private final RawSocket socket = RawSocket.packet(0, 0);
    private final RouteSocket route = RouteSocket.open();
    private int ifindex;

    void find() {
      if (ifindex == 0) {
        ifindex = route.link("eth0").map(LinkMessage::index).orElse(0);
      }
    }

    void send(byte[] frame) {
      if (ifindex != 0) {
        try {
          socket.sendTo(frame, ifindex);
        } catch (SyscallException e) {
          // It is down, or gone.
          ifindex = 0;
        }
      }
    }

    @Override
    public void close() {
      socket.close();
      route.close();
    }
  }

  private void send() {
    long next = System.nanoTime();
    for (int number = 0; more; number++) {
      outlets.values().forEach(Outlet::find);
      for (int i = 0; i < flows.size(); i++) {
        Flow flow = flows.get(i);
        outlets.get(flow.from).send(flow.frame(i, number));
      }
      sent = number + 1;
      next += PERIOD;
      LockSupport.parkNanos(next - System.nanoTime());
    }
  }

  private void receive() {
    RawSocketGroup group = new RawSocketGroup(List.copyOf(receivers.keySet()));
    while (open) {
      for (RawSocket socket : group.readable(Duration.ofMillis(20))) {
        socket.receive(Duration.ZERO).ifPresent(frame -> note(receivers.get(socket), frame.data()));
      }
    }
  }

  private void note(String place, byte[] data) {
    if (data.length >= CONTENT) {
      ByteBuffer content = ByteBuffer.wrap(data, data.length - CONTENT, CONTENT);
      if (content.getLong() == MAGIC) {
        int id = content.getInt();
        // A bridge floods what it does not know the port of.
        if (flows.get(id).to.equals(place)) {
          synchronized (arrived) {
            arrived.get(id).set(content.getInt());
          }
        }
      }
    }
  }

  /** The number of a packet of each flow of which nothing has been sent yet. */
  public int next() {
    return sent + 1;
  }

  /** Waits until so many more of each flow have been sent, as far as there is a link to send by. */
  public void more(int packets) {
    int until = next() + packets;
    while (sent < until) {
      if (sending.isDone()) {
        await(sending);
      }
      LockSupport.parkNanos(PAUSE);
    }
  }

  /** How many of a flow have arrived, from packet {@code from} on. */
  public int arrived(Flow flow, int from) {
    BitSet all = arrived.get(flows.indexOf(flow));
    synchronized (arrived) {
      return all.get(from, Math.max(from, all.length())).cardinality();
    }
  }

  /** Whether something of a flow arrives, of packet {@code from} or a later one. */
  public boolean arrives(Flow flow, int from) {
    long deadline = System.nanoTime() + SOON.toNanos();
    while (arrived(flow, from) == 0) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      more(1);
    }
    return true;
  }

  /** Ends it, and waits for the last ones. */
  public void end() {
    more = false;
    await(sending);
    LockSupport.parkNanos(LAST.toNanos());
    open = false;
    await(receiving);
  }

  private static void await(FutureTask<Void> work) {
    try {
      work.get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    end();
    outlets.values().forEach(Outlet::close);
    receivers.keySet().forEach(RawSocket::close);
  }
}
