package dev.sluice.backend.ebpf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.bpf.kernel.BpfObject;
import dev.sluice.bpf.kind.PinnedMaps;
import dev.sluice.bpf.lib.BpfMap;
import dev.sluice.bpf.lib.BpfMap.Element;
import dev.sluice.bpf.render.Bytes;
import dev.sluice.core.address.IpAddress;
import dev.sluice.core.node.Node;
import dev.sluice.core.packet.Ethernet;
import dev.sluice.core.packet.Icmp;
import dev.sluice.core.packet.Ipv4;
import dev.sluice.testkit.NodeExtension;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Slots that are written while the programs look at them. Of a hash map's element that is replaced
 * the kernel makes the next key's at once, whoever still reads it: what is read then is partly
 * another endpoint's.
 */
@ExtendWith(NodeExtension.class)
@Execution(ExecutionMode.SAME_THREAD)
@Timeout(120)
class SlotRewriteTest {

  private static final int ROUNDS = 40;
  private static final int RUNS = 100_000;
  private static final int ROWS = 20;
  private static final int OTHERS = 100;

  /** Nobody may be sent anything by a, and c may do anything. */
  private static final String TOPOLOGY =
      """
      apiVersion: sluice.dev/v1alpha1
      kind: Topology
      metadata: {name: slots}
      spec:
        networks: [{name: red, subnets: [10.0.1.0/24]}]
        endpoints:
          - name: a
            netns: a
            labels: {app: a}
            interfaces: [{network: red, name: eth0, addresses: [10.0.1.2]}]
          - {name: b, netns: b, interfaces: [{network: red, name: eth0, addresses: [10.0.1.3]}]}
          - {name: c, netns: c, interfaces: [{network: red, name: eth0, addresses: [10.0.1.4]}]}
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: nobody}
      spec: {podSelector: {matchLabels: {app: a}}, policyTypes: [Egress]}
      """;

  private static BpfObject object(ProgramBed bed) {
    return new EbpfDatapath()
        .render(bed.desired()).objects().stream()
            .filter(BpfObject.class::isInstance)
            .map(BpfObject.class::cast)
            .findFirst()
            .orElseThrow();
  }

  /** Who is looked for neighbours by is looked up each time. */
  private static byte[] echo(ProgramBed bed) {
    return new Ethernet(
            ProgramBed.mac(bed.desired(), "b", "eth0"),
            ProgramBed.mac(bed.desired(), "a", "eth0"),
            Ipv4.of(
                IpAddress.parse("10.0.1.2"),
                IpAddress.parse("10.0.1.3"),
                Icmp.echoRequest(1, 1, dev.sluice.core.packet.Bytes.EMPTY)))
        .encode();
  }

  /** What passes is remembered there, and passes from then on. */
  private static long openings(Node node, ProgramBed bed) {
    return new EbpfDatapath()
        .rooms(node, bed.desired().topology().name()).stream()
            .filter(room -> room.map().equals("openings"))
            .findFirst()
            .orElseThrow()
            .entries();
  }

  private static boolean isOpen(Element slot) {
    ByteBuffer value = ByteBuffer.wrap(slot.value());
    return value.getLong(8) == 0 && value.getLong(16) == 0;
  }

  @Test
  void whatIsDeniedIsNotJudgedByAnothersSlot(Node node) throws Exception {
    try (ProgramBed bed = new ProgramBed(node, TOPOLOGY);
        BpfMap slots = PinnedMaps.listed(node, object(bed), "slots").orElseThrow()) {
      AtomicBoolean more = new AtomicBoolean(true);
      FutureTask<Void> writing = new FutureTask<>(() -> rewrite(slots, more), null);
      Thread writer = new Thread(writing, "slots");
      writer.setDaemon(true);
      writer.start();
      byte[] frame = echo(bed);
      byte[] context = bed.contextOf("a", "eth0");
      for (int i = 0; i < ROUNDS; i++) {
        bed.inNode(() -> bed.fromEndpoint().testRun(frame, context, RUNS));
        assertThat(openings(node, bed)).as("passed by %d packets", (i + 1) * RUNS).isZero();
      }
      more.set(false);
      writing.get();
    }
  }

  /**
   * The slot of who is denied as it is, and then, in the place that it had and in others, many like
   * that of who is not.
   */
  private static void rewrite(BpfMap slots, AtomicBoolean more) {
    List<Element> all = slots.dump();
    Element denied = all.stream().filter(slot -> !isOpen(slot)).findFirst().orElseThrow();
    Element open = all.stream().filter(SlotRewriteTest::isOpen).findFirst().orElseThrow();
    ByteArrayOutputStream keys = new ByteArrayOutputStream();
    ByteArrayOutputStream values = new ByteArrayOutputStream();
    for (int i = 0; i < ROWS; i++) {
      keys.writeBytes(denied.key());
      values.writeBytes(denied.value());
      for (int other = 1; other <= OTHERS; other++) {
        keys.writeBytes(Bytes.u32Of(other).bytes());
        values.writeBytes(open.value());
      }
    }
    while (more.get()) {
      slots.updateAll(keys.toByteArray(), values.toByteArray());
    }
  }
}
