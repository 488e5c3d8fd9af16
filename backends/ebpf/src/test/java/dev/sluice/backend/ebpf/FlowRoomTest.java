package dev.sluice.backend.ebpf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.bpf.lib.BpfMap;
import dev.sluice.bpf.render.Layout;
import dev.sluice.core.address.MacAddress;
import dev.sluice.core.datapath.Counted;
import dev.sluice.core.netlink.route.RouteSocket;
import dev.sluice.core.node.Node;
import dev.sluice.core.packet.Ethernet;
import dev.sluice.core.packet.Ipv4;
import dev.sluice.core.packet.Tcp;
import dev.sluice.core.policy.DropReason;
import dev.sluice.core.reconcile.Counts;
import dev.sluice.core.reconcile.Room;
import dev.sluice.core.sys.RawSocket;
import dev.sluice.testkit.NodeExtension;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.DatagramChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What becomes of flows when there is no room for more. Policy lets b answer a only within a flow:
 * one that is forgotten is denied. Something else is configured each time before a flow is tried,
 * so that what the programs remember of its way is of no use and the flow itself is looked up.
 */
@ExtendWith(NodeExtension.class)
@Timeout(120)
class FlowRoomTest {

  private static final int FLOOD = 50_000;
  private static final int TIMEOUT = Layout.FLOW.offset("timeout", Integer.BYTES);
  private static final InetSocketAddress SERVER =
      new InetSocketAddress(FaultBed.B.toInetAddress(), FaultBed.OPEN);

  @Test
  void aFloodOfOpeningsLeavesEstablishedFlowsAlone(Node node) throws IOException {
    FaultBed bed = new FaultBed(node);
    bed.apply(FaultBed.TOPOLOGY);
    try (Exchange exchange = new Exchange(bed);
        DatagramChannel client = bed.in("a", DatagramChannel::open);
        DatagramChannel server = bed.in("b", () -> DatagramChannel.open().bind(SERVER))) {
      exchange.more(20);
      // An opening: it may be answered as long as it is known.
      client.send(ByteBuffer.allocate(1), SERVER);
      InetSocketAddress asker = (InetSocketAddress) server.receive(ByteBuffer.allocate(1));
      assertThat(room(bed, "openings").entries()).isBetween(1L, 20L);
      flood(bed, exchange);
      // Those that found no room the first time push out others.
      flood(bed, exchange);
      assertThat(room(bed, "openings").pressure()).isBetween(0.5, 1.0);
      assertThat(room(bed, "established").pressure()).isLessThan(0.01);
      bed.apply(FaultBed.yaml(2));
      exchange.more(20);
      assertThat(exchange.sentAgain()).as("TCP segments sent again").isZero();
      server.send(ByteBuffer.allocate(1), asker);
      // Answered after that one, by a flow that is known.
      exchange.more(20);
      client.configureBlocking(false);
      assertThat(client.receive(ByteBuffer.allocate(1))).as("the flood came so far").isNull();
    }
  }

  /**
   * To a port that is open, where nobody listens: each begins a flow. Now and then something else
   * has to come through, for a busy kernel drops what waits behind a thousand packets.
   */
  private static void flood(FaultBed bed, Exchange exchange) throws IOException {
    try (RawSocket socket = bed.in("a", () -> RawSocket.packet(0, 0));
        RouteSocket route = bed.in("a", RouteSocket::open)) {
      int link = route.link("eth0").orElseThrow().index();
      MacAddress from = FaultBed.mac("a");
      MacAddress to = FaultBed.mac("b");
      for (int i = 0; i < FLOOD; i++) {
        if (i % 500 == 0) {
          exchange.more(1);
        }
        Tcp syn = Tcp.syn(10_000 + i, FaultBed.ALSO_OPEN, i);
        socket.sendTo(new Ethernet(to, from, Ipv4.of(FaultBed.A, FaultBed.B, syn)).encode(), link);
      }
    }
  }

  @Test
  void withoutRoomThoseEstablishedGoOnAndNewOnesGetNoFartherThanTheirAnswer(Node node)
      throws IOException {
    FaultBed bed = new FaultBed(node);
    bed.apply(FaultBed.TOPOLOGY);
    try (Exchange before = new Exchange(bed);
        DatagramChannel client = bed.in("a", DatagramChannel::open);
        DatagramChannel server = bed.in("b", () -> DatagramChannel.open().bind(SERVER))) {
      before.more(20);
      byte[] others = fill(bed, Integer.MAX_VALUE);
      bed.apply(FaultBed.yaml(2));
      before.more(20);
      Room established = room(bed, "established");
      assertThat(established.pressure()).isEqualTo(1);
      assertThat(established.room()).isEqualTo(established.entries()).isEqualTo(65_536);

      client.send(ByteBuffer.wrap(new byte[] {1}), SERVER);
      InetSocketAddress asker = (InetSocketAddress) server.receive(ByteBuffer.allocate(1));
      server.send(ByteBuffer.allocate(1), asker);
      client.receive(ByteBuffer.allocate(1));
      assertThat(dropped(bed)).as("told only of flows that found no room").isZero();
      client.send(ByteBuffer.wrap(new byte[] {2}), SERVER);
      before.more(20);
      assertThat(dropped(bed)).isEqualTo(1);

      try (BpfMap flows = bed.live("established")) {
        flows.deleteAll(others);
      }
      client.send(ByteBuffer.wrap(new byte[] {3}), SERVER);
      ByteBuffer received = ByteBuffer.allocate(1);
      server.receive(received);
      assertThat(received.get(0)).as("the second datagram was dropped").isEqualTo((byte) 3);
      assertThat(room(bed, "established").entries()).as("established").isEqualTo(2);
      before.more(20);
      assertThat(before.sentAgain()).isZero();
    }
  }

  /** What has been silent for its time makes room, though nobody has collected it till then. */
  @Test
  void thoseThatAreOverMakeRoom(Node node) throws IOException {
    FaultBed bed = new FaultBed(node);
    bed.apply(FaultBed.TOPOLOGY);
    try (Exchange before = new Exchange(bed)) {
      before.more(20);
      fill(bed, 0);
      assertThat(room(bed, "established").entries()).isEqualTo(1);
      bed.apply(FaultBed.yaml(2));
      before.more(20);
      try (Exchange later = new Exchange(bed)) {
        later.more(20);
        bed.apply(FaultBed.yaml(3));
        later.more(20);
        before.more(20);
        assertThat(room(bed, "established").entries()).isEqualTo(2);
        assertThat(later.sentAgain() + before.sentAgain()).isZero();
        assertThat(dropped(bed)).isZero();
      }
    }
  }

  /**
   * With flows of nobody that live for so many ticks since the machine began; returns their keys.
   */
  private static byte[] fill(FaultBed bed, int timeout) {
    try (BpfMap established = bed.live("established")) {
      int room = established.shape().maxEntries() - established.dump().size();
      int keySize = established.shape().keySize();
      ByteBuffer keys = ByteBuffer.allocate(room * keySize);
      ByteBuffer values = ByteBuffer.allocate(room * established.valueLength());
      values.order(ByteOrder.nativeOrder());
      for (int i = 0; i < room; i++) {
        keys.putInt(i * keySize, i);
        values.putInt(i * established.valueLength() + TIMEOUT, timeout);
      }
      established.updateAll(keys.array(), values.array());
      assertThat(established.dump()).hasSize(established.shape().maxEntries());
      return keys.array();
    }
  }

  private static long dropped(FaultBed bed) {
    Counts counts = bed.topologies().counts(FaultBed.NAME).orElseThrow();
    return counts.of(new Counted.Dropped(DropReason.FLOWS_FULL)).packets();
  }

  /** As the product reads it. */
  private static Room room(FaultBed bed, String map) {
    return bed.topologies().rooms(FaultBed.NAME).stream()
        .filter(room -> room.map().equals(map))
        .findFirst()
        .orElseThrow();
  }
}
