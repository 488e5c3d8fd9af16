package dev.sluice.backend.ebpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.sluice.bpf.ObjectFile;
import dev.sluice.bpf.kernel.BpfObject;
import dev.sluice.bpf.kernel.MapContent;
import dev.sluice.bpf.kernel.MapEntries;
import dev.sluice.bpf.lib.BpfMap;
import dev.sluice.bpf.lib.BpfProgram;
import dev.sluice.bpf.lib.BpfProgram.TestResult;
import dev.sluice.bpf.lib.OpenObject;
import dev.sluice.bpf.render.Bytes;
import dev.sluice.bpf.render.DenyList;
import dev.sluice.bpf.render.Layout;
import dev.sluice.core.address.Cidr;
import dev.sluice.core.address.IpAddress;
import dev.sluice.core.address.MacAddress;
import dev.sluice.core.packet.Arp;
import dev.sluice.core.packet.Ethernet;
import dev.sluice.core.packet.ExtensionHeader;
import dev.sluice.core.packet.Icmpv6;
import dev.sluice.core.packet.Ipv4;
import dev.sluice.core.packet.Ipv6;
import dev.sluice.core.packet.Layer3;
import dev.sluice.core.packet.Udp;
import dev.sluice.core.packet.Vlan;
import dev.sluice.core.policy.DropReason;
import dev.sluice.testkit.TestTopologies;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The program at uplinks: frame in, verdict out, and what is counted (BPF_PROG_TEST_RUN). */
@TestInstance(Lifecycle.PER_CLASS)
@Execution(ExecutionMode.SAME_THREAD)
class DenySourcesTest {

  /** linux/bpf.h, {@code enum xdp_action}. */
  private static final int DROPPED = 1;

  private static final int PASSED = 2;

  private static final int FUZZED = 1_000_000;

  private static final String TOPOLOGY =
      """
      apiVersion: sluice.dev/v1alpha1
      kind: Topology
      metadata: {name: denying}
      spec:
        denyFrom:
          - 203.0.113.0/24
          - 203.0.113.128/25
          - 203.0.113.255/32
          - 10.0.0.0/8
          - 2001:db8:bad::/48
          - 2001:db8:bad:8000::/49
          - fe80::/10
        networks: [{name: red, subnets: [192.168.1.0/24, "fd00:0:0:1::/64"], uplink: up0}]
        endpoints: [{name: a, netns: a, interfaces: [{network: red, name: eth0}]}]
      """;

  private static final MacAddress HERE = MacAddress.parse("02:00:00:00:00:01");
  private static final MacAddress THERE = MacAddress.parse("02:00:00:00:00:02");
  private static final IpAddress TO_V4 = IpAddress.parse("192.0.2.1");
  private static final IpAddress TO_V6 = IpAddress.parse("2001:db8::1");
  private static final Udp DATAGRAM = Udp.of(9, 9, dev.sluice.core.packet.Bytes.ofText("x"));

  private final List<Cidr> blocks = TestTopologies.read(TOPOLOGY).denyFrom();
  private OpenObject object;
  private BpfProgram program;

  @BeforeAll
  void load() {
    object = OpenObject.open("uplink", ObjectFile.read("uplink"));
    BpfObject wanted = DenyList.object(TestTopologies.read(TOPOLOGY)).orElseThrow();
    wanted.maps().forEach(m -> object.setMaxEntries(m.map(), m.maxEntries()));
    object.load();
    for (MapContent content : wanted.maps()) {
      BpfMap map = object.loadedMap(content.map());
      MapEntries entries = content.entries();
      for (int i = 0; i < entries.size(); i++) {
        map.update(
            entries.key(i).bytes(),
            content.sort() == MapContent.Sort.COUNTERS
                ? new byte[map.valueLength()]
                : entries.value(i).bytes());
      }
    }
    program = object.program("deny_sources");
  }

  @AfterAll
  void close() {
    object.close();
  }

  private static byte[] frame(Layer3 payload) {
    return new Ethernet(HERE, THERE, payload).encode();
  }

  private static Layer3 from(String source) {
    IpAddress ip = IpAddress.parse(source);
    return ip.isV4() ? Ipv4.of(ip, TO_V4, DATAGRAM) : Ipv6.of(ip, TO_V6, DATAGRAM);
  }

  private static Ipv6 discovery(Icmpv6 message, int hopLimit) {
    return Ipv6.of(IpAddress.parse("fe80::1"), TO_V6, message).withHopLimit(hopLimit);
  }

  private void denies(String block, Layer3 payload) {
    assertThat(judge(frame(payload))).as("%s", payload).contains(Cidr.parse(block));
  }

  private void passes(Layer3 payload) {
    assertThat(judge(frame(payload))).as("%s", payload).isEmpty();
  }

  /** The block that the frame was dropped for and counted by; empty if it passed, uncounted. */
  private Optional<Cidr> judge(byte[] frame) {
    List<Long> before = counts();
    TestResult result = program.testRun(frame, new byte[0], 1);
    assertThat(result.frame()).as("the frame afterwards").isEqualTo(frame);
    List<Long> after = counts();
    List<Cidr> counted = new ArrayList<>();
    for (int i = 0; i < blocks.size(); i++) {
      if (!before.get(i).equals(after.get(i))) {
        assertThat(after.get(i)).isEqualTo(before.get(i) + 1);
        counted.add(blocks.get(i));
      }
    }
    long dropped = after.get(blocks.size()) - before.get(blocks.size());
    assertThat(result.verdict()).isEqualTo(counted.isEmpty() ? PASSED : DROPPED);
    assertThat(counted).hasSize((int) dropped);
    return counted.stream().findFirst();
  }

  /** Of each block, and of the reason. */
  private List<Long> counts() {
    List<Long> out = new ArrayList<>();
    BpfMap denied = object.loadedMap("denied");
    blocks.forEach(block -> out.add(packets(denied, Bytes.u64Of(DenyList.id(block)).bytes())));
    out.add(
        packets(object.loadedMap("drops"), Bytes.u32Of(DropReason.DENIED_SOURCE.number()).bytes()));
    return out;
  }

  private static long packets(BpfMap map, byte[] key) {
    ByteBuffer counts =
        ByteBuffer.wrap(map.lookup(key).orElseThrow()).order(ByteOrder.nativeOrder());
    long sum = 0;
    for (int at = 0; at < counts.capacity(); at += Layout.COUNT.size()) {
      sum += counts.getLong(at + Layout.COUNT.offset("packets", Long.BYTES));
    }
    return sum;
  }

  @Test
  @Tag("kernels")
  void theMostSpecificBlockCounts() {
    denies("203.0.113.0/24", from("203.0.113.0"));
    denies("203.0.113.0/24", from("203.0.113.127"));
    denies("203.0.113.128/25", from("203.0.113.128"));
    denies("203.0.113.255/32", from("203.0.113.255"));
    denies("10.0.0.0/8", from("10.255.255.255"));
    denies("2001:db8:bad::/48", from("2001:db8:bad::1"));
    denies("2001:db8:bad:8000::/49", from("2001:db8:bad:ffff::1"));
    passes(from("203.0.112.255"));
    passes(from("203.0.114.0"));
    passes(from("11.0.0.0"));
    passes(from("2001:db8:bae::"));
    passes(from("::ffff:10.0.0.1"));
  }

  /** What is denied is a source. */
  @Test
  @Tag("kernels")
  void whatGoesThereIsNotConcerned() {
    passes(Ipv4.of(TO_V4, IpAddress.parse("10.0.0.1"), DATAGRAM));
    passes(Ipv6.of(TO_V6, IpAddress.parse("2001:db8:bad::1"), DATAGRAM));
    passes(Arp.request(THERE, IpAddress.parse("10.0.0.1"), TO_V4));
  }

  @Test
  @Tag("kernels")
  void tagsDoNotHideIt() {
    for (int type : new int[] {Vlan.CUSTOMER, Vlan.SERVICE}) {
      Vlan one = new Vlan(type, 5, from("10.0.0.1"));
      denies("10.0.0.0/8", one);
      denies("10.0.0.0/8", new Vlan(Vlan.SERVICE, 0, one));
      denies("2001:db8:bad::/48", new Vlan(type, 4095, from("2001:db8:bad::1")));
      passes(new Vlan(type, 5, from("11.0.0.1")));
      passes(new Vlan(Vlan.SERVICE, 0, new Vlan(type, 5, from("11.0.0.1"))));
    }
  }

  /** Of those with VLAN 0 the stack takes off any number, and then has the packet. */
  @Test
  void withMoreThanTwoTagsNothingPasses() {
    for (int type : new int[] {Vlan.CUSTOMER, Vlan.SERVICE}) {
      for (String source : List.of("10.0.0.1", "11.0.0.1", "2001:db8::1")) {
        Layer3 tagged = new Vlan(type, 0, new Vlan(type, 0, from(source)));
        for (int tags = 3; tags <= 20; tags++) {
          tagged = new Vlan(type, 0, tagged);
          long before = counts().get(blocks.size());
          assertThat(program.testRun(frame(tagged), new byte[0], 1).verdict())
              .as("%d tags, from %s", tags, source)
              .isEqualTo(DROPPED);
          assertThat(counts().get(blocks.size())).isEqualTo(before + 1);
        }
      }
    }
  }

  @Test
  @Tag("kernels")
  void discoveryPasses() {
    IpAddress target = IpAddress.parse("fe80::2");
    for (Icmpv6 message :
        List.of(
            Icmpv6.solicitation(target, THERE),
            Icmpv6.advertisement(target, THERE),
            Icmpv6.routerSolicitation(),
            Icmpv6.routerAdvertisement(1800))) {
      passes(discovery(message, 255));
      passes(new Vlan(Vlan.CUSTOMER, 1, discovery(message, 255)));
      denies("fe80::/10", discovery(message, 254));
      denies(
          "fe80::/10",
          discovery(message, 255).withExtensions(new ExtensionHeader.Fragment(0, false, 1)));
    }
    denies("fe80::/10", discovery(Icmpv6.redirect(target, TO_V6), 255));
    denies(
        "fe80::/10", discovery(Icmpv6.echoRequest(1, 1, dev.sluice.core.packet.Bytes.EMPTY), 255));
  }

  @Test
  @Tag("kernels")
  void everyFragmentBearsTheSource() {
    Udp large = Udp.of(9, 9, dev.sluice.core.packet.Bytes.of(new byte[3000]));
    for (Layer3 fragment : Ipv4.of(IpAddress.parse("10.0.0.1"), TO_V4, large).fragments(1280, 7)) {
      denies("10.0.0.0/8", fragment);
    }
    for (Layer3 fragment :
        Ipv6.of(IpAddress.parse("2001:db8:bad::1"), TO_V6, large).fragments(1280, 7)) {
      denies("2001:db8:bad::/48", fragment);
    }
  }

  /** Frames that are cut off, and such as no one sends, against what is read of them here. */
  @Test
  void randomFramesAreJudgedBySourceAlone() {
    long seed = Long.getLong("sluice.fuzz.seed", System.nanoTime());
    Random random = new Random(seed);
    int denied = 0;
    for (int i = 0; i < FUZZED; i++) {
      byte[] frame = random(random);
      TestResult result = program.testRun(frame, new byte[0], 1);
      boolean dropped = hasMoreTags(frame) || expected(frame).isPresent();
      if (result.verdict() != (dropped ? DROPPED : PASSED)) {
        fail(
            "frame %d of -Dsluice.fuzz.seed=%d: a verdict of %d on %s"
                .formatted(i, seed, result.verdict(), Arrays.toString(frame)));
      }
      denied += dropped ? 1 : 0;
    }
    assertThat(denied).isBetween(FUZZED / 10, FUZZED * 9 / 10);
  }

  private static final List<String> SOURCES =
      List.of(
          "203.0.113.9", "203.0.114.9", "10.9.9.9", "2001:db8:bad::9", "2001:db8::9", "fe80::9");

  private static byte[] random(Random random) {
    IpAddress source = IpAddress.parse(SOURCES.get(random.nextInt(SOURCES.size())));
    Layer3 payload =
        source.isV4()
            ? Ipv4.of(source, TO_V4, DATAGRAM)
            : random.nextBoolean()
                ? Ipv6.of(source, TO_V6, DATAGRAM)
                : Ipv6.of(source, TO_V6, Icmpv6.solicitation(TO_V6, THERE))
                    .withHopLimit(254 + random.nextInt(2));
    for (int tags = random.nextInt(4); tags > 0; tags--) {
      payload = new Vlan(random.nextBoolean() ? Vlan.CUSTOMER : Vlan.SERVICE, tags, payload);
    }
    byte[] frame = frame(payload);
    if (random.nextInt(4) == 0) {
      frame = Arrays.copyOf(frame, 14 + random.nextInt(frame.length - 13));
    }
    for (int changes = random.nextInt(3); changes > 0; changes--) {
      frame[12 + random.nextInt(frame.length - 12)] = (byte) random.nextInt(256);
    }
    return frame;
  }

  /** Than are looked behind. */
  private static boolean hasMoreTags(byte[] frame) {
    ByteBuffer in = ByteBuffer.wrap(frame);
    int tags = 0;
    while (frame.length >= 14 + 4 * tags && isTag(in.getShort(12 + 4 * tags) & 0xffff)) {
      tags++;
    }
    return tags > 2;
  }

  private static boolean isTag(int type) {
    return type == Vlan.CUSTOMER || type == Vlan.SERVICE;
  }

  private Optional<Cidr> expected(byte[] frame) {
    ByteBuffer in = ByteBuffer.wrap(frame);
    int at = 14;
    int type = in.getShort(12) & 0xffff;
    for (int tags = 0; tags < 2 && isTag(type); tags++) {
      if (frame.length < at + 4) {
        return Optional.empty();
      }
      type = in.getShort(at + 2) & 0xffff;
      at += 4;
    }
    int source = at + (type == Ipv4.ETHER_TYPE ? 12 : 8);
    int length = type == Ipv4.ETHER_TYPE ? 4 : 16;
    boolean whole = frame.length >= at + (type == Ipv4.ETHER_TYPE ? 20 : 40);
    if ((type != Ipv4.ETHER_TYPE && type != Ipv6.ETHER_TYPE) || !whole) {
      return Optional.empty();
    }
    if (type == Ipv6.ETHER_TYPE
        && frame[at + 6] == Icmpv6.PROTOCOL
        && (frame[at + 7] & 0xff) == 255
        && frame.length > at + 40
        && (frame[at + 40] & 0xff) >= Icmpv6.ROUTER_SOLICITATION
        && (frame[at + 40] & 0xff) <= Icmpv6.NEIGHBOUR_ADVERTISEMENT) {
      return Optional.empty();
    }
    IpAddress ip = IpAddress.of(Arrays.copyOfRange(frame, source, source + length));
    return blocks.stream()
        .filter(block -> block.contains(ip))
        .max(Comparator.comparingInt(Cidr::prefix));
  }
}
