package dev.sluice.backend.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.address.IpAddress;
import dev.sluice.core.address.MacAddress;
import dev.sluice.core.kernel.Bridge;
import dev.sluice.core.kernel.KernelObject;
import dev.sluice.core.kernel.VethPair;
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
import dev.sluice.core.sys.Received;
import dev.sluice.core.sys.SyscallException;
import dev.sluice.testkit.TestTopologies;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Frames that endpoints send from inside, a thousand a second on each flow, from before their
 * interfaces are there until after they are gone; and whether any of them ever comes in at another
 * endpoint. The namespaces are made here and adopted by whatever is applied.
 */
final class DeniedFlows implements AutoCloseable {

  /** The port of what is denied; what is sent to {@link #OPEN} shows that it could be seen. */
  static final int CLOSED = 9;

  static final int OPEN = 7;

  private static final long PERIOD = TimeUnit.MILLISECONDS.toNanos(1);
  private static final int ETH_P_ALL = 3;
  private static final int MARK = 12;
  private static final int MORE = 60;
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(20);
  private static final long MAGIC = 0x0de9_1ed0_f10e_5000L;

  /** From one endpoint to another, in one family. */
  private record Flow(String from, String to, boolean v6, int port) {}

  private final Node node;
  private final List<KernelObject> objects;
  private final List<Flow> flows = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private final Map<RawSocket, String> receivers = new LinkedHashMap<>();
  private volatile boolean going = true;
  private final AtomicInteger openSeen = new AtomicInteger();
  private final Map<String, AtomicInteger> turns =
      Map.of("a", new AtomicInteger(), "c", new AtomicInteger());
  private volatile Optional<String> leak = Optional.empty();

  /** {@code yaml}: the topology with all endpoints, for their MACs. */
  DeniedFlows(Node node, String yaml) {
    this.node = node;
    this.objects = List.copyOf(TestTopologies.render(Bed.DATAPATH, yaml).objects());
    node.prepare();
    for (String name : List.of("a", "b", "c")) {
      Bed.on(node).node("touch %1$s && unshare --net=%1$s true".formatted(node.published(name)));
    }
    for (boolean v6 : new boolean[] {false, true}) {
      flows.add(new Flow("a", "b", v6, CLOSED));
      flows.add(new Flow("a", "c", v6, CLOSED));
      flows.add(new Flow("c", "a", v6, CLOSED));
      flows.add(new Flow("a", "b", v6, OPEN));
    }
    for (String name : List.of("a", "b", "c")) {
      receivers.put(in(name, () -> RawSocket.packet(0, ETH_P_ALL)), name);
    }
    start(this::receive);
    start(() -> send("a"));
    start(() -> send("c"));
  }

  private void start(Runnable work) {
    Thread thread = new Thread(work, "denied flows");
    threads.add(thread);
    thread.start();
  }

  private interface Opening<T> {
    T open();
  }

  private <T> T in(String name, Opening<T> opening) {
    try (Netns netns = Netns.open(node.published(name))) {
      return netns.call(opening::open);
    }
  }

  private void send(String from) {
    List<Flow> own = flows.stream().filter(f -> f.from.equals(from)).toList();
    try (RawSocket socket = in(from, () -> RawSocket.packet(0, ETH_P_ALL));
        RouteSocket route = in(from, RouteSocket::open)) {
      Optional<Integer> link = Optional.empty();
      long next = System.nanoTime();
      for (int number = 0; going; number++) {
        if (link.isEmpty()) {
          link = route.link("eth0").map(LinkMessage::index);
        }
        try {
          for (Flow flow : own) {
            if (link.isPresent()) {
              socket.sendTo(frame(flow, number).encode(), link.get());
            }
          }
        } catch (SyscallException e) {
          // Down, or gone; another one may come.
          link = Optional.empty();
        }
        turns.get(from).incrementAndGet();
        next += PERIOD;
        LockSupport.parkNanos(next - System.nanoTime());
      }
    }
  }

  private Ethernet frame(Flow flow, int number) {
    Bytes mark =
        Bytes.of(
            ByteBuffer.allocate(MARK).putLong(MAGIC + flows.indexOf(flow)).putInt(number).array());
    Udp datagram = Udp.of(flow.port, flow.port, mark);
    IpAddress from = address(flow.from, flow.v6);
    IpAddress to = address(flow.to, flow.v6);
    Layer3 packet = flow.v6 ? Ipv6.of(from, to, datagram) : Ipv4.of(from, to, datagram);
    boolean routed = flow.from.equals("c") || flow.to.equals("c");
    MacAddress next = routed ? gateway(flow.from.equals("c") ? "blue" : "red") : mac(flow.to);
    return new Ethernet(next, mac(flow.from), packet);
  }

  private static IpAddress address(String endpoint, boolean v6) {
    String v4 = endpoint.equals("a") ? "10.0.1.2" : endpoint.equals("b") ? "10.0.1.3" : "10.0.2.2";
    return IpAddress.parse(v6 ? v4.replaceAll("10.0.(.).(.)", "fd00:0:0:$1::$2") : v4);
  }

  private MacAddress mac(String endpoint) {
    return objects.stream()
        .filter(o -> o instanceof VethPair v && v.alias().contains("/" + endpoint + "/"))
        .map(o -> ((VethPair) o).far().mac())
        .findFirst()
        .orElseThrow();
  }

  private MacAddress gateway(String network) {
    return objects.stream()
        .filter(o -> o instanceof Bridge b && b.alias().endsWith("/" + network))
        .map(o -> ((Bridge) o).mac())
        .findFirst()
        .orElseThrow();
  }

  private void receive() {
    RawSocketGroup group = new RawSocketGroup(List.copyOf(receivers.keySet()));
    while (going) {
      for (RawSocket socket : group.readable(Duration.ofMillis(20))) {
        socket
            .receive(Duration.ZERO)
            .filter(DeniedFlows::isIncoming)
            .ifPresent(received -> note(receivers.get(socket), received.data()));
      }
    }
  }

  private static boolean isIncoming(Received received) {
    return !(received.source() instanceof Received.Link from
        && from.packetType() == Received.Link.OUTGOING);
  }

  /** An error of the node that quotes a packet comes back to whom it is from. */
  private void note(String place, byte[] data) {
    if (data.length < MARK) {
      return;
    }
    ByteBuffer mark = ByteBuffer.wrap(data, data.length - MARK, MARK);
    long index = mark.getLong() - MAGIC;
    if (index >= 0 && index < flows.size() && !flows.get((int) index).from.equals(place)) {
      Flow flow = flows.get((int) index);
      if (flow.port == OPEN) {
        openSeen.incrementAndGet();
      } else {
        leak =
            leak.or(() -> Optional.of("%s at %s, packet %d".formatted(flow, place, mark.getInt())));
      }
    }
  }

  /** Goes on for some packets more of every flow, and fails if any has ever got through. */
  void assertDenied(String when) {
    Map<String, Integer> before = new LinkedHashMap<>();
    turns.forEach((from, count) -> before.put(from, count.get()));
    await(() -> before.keySet().stream().allMatch(f -> turns.get(f).get() > before.get(f) + MORE));
    assertThat(leak).as("passed, %s", when).isEmpty();
    threads.forEach(t -> assertThat(t.isAlive()).as("still sending and watching").isTrue());
  }

  /** Waits until what is allowed arrives: what is denied would be seen too. */
  void assertAllowedIsSeen() {
    int before = openSeen.get();
    await(() -> openSeen.get() > before + MORE);
  }

  private static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE;
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("still waiting").isLessThan(deadline);
      LockSupport.parkNanos(PERIOD);
    }
  }

  @Override
  public void close() {
    going = false;
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
    receivers.keySet().forEach(RawSocket::close);
  }
}
