package dev.sluice.backend.ebpf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.bpf.lib.BpfAttachment;
import dev.sluice.bpf.lib.BpfMap;
import dev.sluice.bpf.lib.BpfMap.Element;
import dev.sluice.core.kernel.Key;
import dev.sluice.core.node.Node;
import dev.sluice.core.reconcile.Plan;
import dev.sluice.core.reconcile.Topologies.Status;
import dev.sluice.testkit.FrameStream;
import dev.sluice.testkit.FrameStream.Flow;
import dev.sluice.testkit.NodeExtension;
import dev.sluice.testkit.NodeSnapshot;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What somebody changes by hand of programs and maps is seen, and mended by another apply. */
@ExtendWith(NodeExtension.class)
@Timeout(60)
class EbpfDriftTest {

  private static final Flow ALLOWED = FaultBed.toB(FaultBed.OPEN);
  private static final Flow DENIED = FaultBed.toB(FaultBed.CLOSED);

  /** Values that are ours: everything but counters. */
  private static void spoil(FaultBed bed, String name) {
    try (BpfMap map = bed.listed(name)) {
      Element first = map.dump().get(0);
      byte[] other = first.value();
      other[other.length - 1] ^= 0x55;
      map.update(first.key(), other);
    }
  }

  private static void empty(FaultBed bed, String name) {
    try (BpfMap map = bed.listed(name)) {
      map.deleteAll(map.elements().keys());
      assertThat(map.dump()).isEmpty();
    }
  }

  private static void add(FaultBed bed, String name) {
    try (BpfMap map = bed.listed(name)) {
      Element first = map.dump().get(0);
      byte[] other = first.key();
      // Behind the prefix length of a trie; in every prefix.
      other[other.length > Integer.BYTES ? Integer.BYTES : 0] ^= 0x55;
      map.update(other, first.value());
    }
  }

  /** As in {@code struct slot}: behind the link and the endpoint, by direction. */
  private static void openEverything(FaultBed bed) {
    try (BpfMap slots = bed.listed("slots")) {
      for (Element slot : slots.dump()) {
        byte[] open = slot.value();
        Arrays.fill(open, 8, 24, (byte) 0);
        slots.update(slot.key(), open);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "slots",
        "links",
        "hosts",
        "gateways",
        "gateway_links",
        "peers",
        "ports",
        "configuration"
      })
  void aValueIsChanged(String map, Node node) throws IOException {
    FaultBed bed = new FaultBed(node);
    bed.apply(FaultBed.TOPOLOGY);
    spoil(bed, map);
    assertMended(bed);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"slots", "links", "hosts", "gateways", "gateway_links", "peers", "ports", "rules"})
  void everythingIsDeleted(String map, Node node) throws IOException {
    FaultBed bed = new FaultBed(node);
    bed.apply(FaultBed.TOPOLOGY);
    empty(bed, map);
    assertMended(bed);
  }

  @ParameterizedTest
  @ValueSource(strings = {"slots", "links", "hosts", "gateways", "gateway_links", "peers", "ports"})
  void somethingIsAdded(String map, Node node) throws IOException {
    FaultBed bed = new FaultBed(node);
    bed.apply(FaultBed.TOPOLOGY);
    add(bed, map);
    assertMended(bed);
  }

  /** To the kernel these are one prefix; the bits beyond it are as they were last given. */
  @Test
  void aPrefixIsWrittenOtherwiseAndMeansSomethingElse(Node node) throws IOException {
    FaultBed bed = new FaultBed(node);
    bed.apply(FaultBed.TOPOLOGY);
    try (BpfMap map = bed.listed("peers")) {
      for (Element element : map.dump()) {
        byte[] key = element.key();
        byte[] rule = element.value();
        key[key.length - 1] ^= 0x55;
        rule[0] ^= 0x55;
        map.update(key, rule);
      }
      assertThat(map.dump()).hasSize(FaultBed.entries("peers").size());
    }
    assertMended(bed);
  }

  private enum Damage {
    DETACHED {
      @Override
      void happen(FaultBed bed) {
        try (BpfAttachment attachment = BpfAttachment.pinned(bed.pinAtA())) {
          attachment.detach();
        }
      }
    },
    LINK_UNPINNED {
      @Override
      void happen(FaultBed bed) throws IOException {
        Files.delete(bed.pinAtA());
      }
    },
    PROGRAM_UNPINNED {
      @Override
      void happen(FaultBed bed) throws IOException {
        Files.delete(bed.version().resolve("prog-from_endpoint"));
      }
    },
    MAP_UNPINNED {
      @Override
      void happen(FaultBed bed) throws IOException {
        Files.delete(bed.version().resolve("map-peers"));
      }
    },
    POLICY_SWITCHED_OFF {
      @Override
      void happen(FaultBed bed) {
        openEverything(bed);
      }
    };

    abstract void happen(FaultBed bed) throws IOException;
  }

  @ParameterizedTest
  @EnumSource
  void anythingElseIsDone(Damage damage, Node node) throws IOException {
    FaultBed bed = new FaultBed(node);
    NodeSnapshot before = NodeSnapshot.of(node);
    bed.apply(FaultBed.TOPOLOGY);
    damage.happen(bed);
    assertMended(bed);
    bed.topologies().destroy(FaultBed.NAME);
    before.assertUnchanged(node);
  }

  /** It is pinned again, and what is in it goes on. */
  @ParameterizedTest
  @ValueSource(strings = {"established", "openings", "fragments", "drops", "secret"})
  void liveStateIsUnpinned(String map, Node node) throws IOException {
    FaultBed bed = new FaultBed(node);
    bed.apply(FaultBed.TOPOLOGY);
    int id = id(bed, map);
    try (Exchange exchange = new Exchange(bed)) {
      exchange.more(5);
      Files.delete(bed.pins().resolve("live/map-" + map));
      assertMended(bed);
      exchange.more(5);
      assertThat(exchange.sentAgain()).isZero();
    }
    assertThat(id(bed, map)).isEqualTo(id);
  }

  private static int id(FaultBed bed, String map) {
    try (BpfMap live = bed.live(map)) {
      return live.id();
    }
  }

  /** Nobody knows what was let in while somebody else had changed something. */
  @Test
  void aFlowThatGotInMeanwhileIsJudgedAgain(Node node) throws IOException {
    FaultBed bed = new FaultBed(node);
    bed.apply(FaultBed.TOPOLOGY);
    InetSocketAddress denied = new InetSocketAddress("10.0.1.3", FaultBed.CLOSED);
    InetSocketAddress allowed = new InetSocketAddress("10.0.1.3", FaultBed.OPEN);
    try (DatagramChannel closed = bed.in("b", DatagramChannel::open).bind(denied);
        DatagramChannel open = bed.in("b", DatagramChannel::open).bind(allowed);
        DatagramChannel sender = bed.in("a", DatagramChannel::open)) {
      openEverything(bed);
      sender.send(ByteBuffer.allocate(1), denied);
      closed.receive(ByteBuffer.allocate(1));
      bed.apply(FaultBed.TOPOLOGY);
      sender.send(ByteBuffer.allocate(1), denied);
      sender.send(ByteBuffer.allocate(1), allowed);
      open.receive(ByteBuffer.allocate(1));
      closed.configureBlocking(false);
      assertThat(closed.receive(ByteBuffer.allocate(1))).isNull();
    }
    assertThat(bed.plan(FaultBed.TOPOLOGY).steps()).isEmpty();
  }

  private static List<Key> keys(Plan plan) {
    return plan.steps().stream().map(step -> step.object().key()).toList();
  }

  private static void assertMended(FaultBed bed) throws IOException {
    List<Key> planned = keys(bed.plan(FaultBed.TOPOLOGY));
    assertThat(planned).isNotEmpty();
    assertThat(bed.topologies().status()).extracting(Status::drift).allMatch(drift -> drift > 0);
    assertThat(keys(bed.apply(FaultBed.TOPOLOGY))).as("as planned").isEqualTo(planned);
    bed.assertInForce(FaultBed.TOPOLOGY);
    try (Exchange exchange = new Exchange(bed);
        FrameStream stream = new FrameStream(bed.node(), List.of(ALLOWED, DENIED))) {
      exchange.more(5);
      stream.more(20);
      assertThat(stream.arrives(ALLOWED, stream.next())).isTrue();
      assertThat(stream.arrived(DENIED, 0)).isZero();
    }
  }
}
