package dev.sluice.backend.ebpf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.bpf.lib.BpfAttachment;
import dev.sluice.core.node.Node;
import dev.sluice.testkit.FrameStream;
import dev.sluice.testkit.FrameStream.Flow;
import dev.sluice.testkit.NodeExtension;
import dev.sluice.testkit.SteppedProcess;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * What runs goes on, without a lost packet, whatever becomes of us: a TCP connection, and datagrams
 * at a thousand a second, of which none is sent again.
 */
@ExtendWith(NodeExtension.class)
@Execution(ExecutionMode.SAME_THREAD)
@Timeout(120)
class ContinuityTest {

  private static final Flow DATAGRAMS = FaultBed.toB(FaultBed.OPEN);
  private static final Flow DENIED = FaultBed.toB(FaultBed.CLOSED);

  /** Larger maps, and so other programs: more pages of ports than the least room is for. */
  private static final String LARGER = FaultBed.yaml(1100);

  private interface Fault {
    void happen(Exchange exchange) throws IOException;
  }

  private static void assertNothingIsLost(FaultBed bed, Fault fault) throws IOException {
    try (Exchange exchange = new Exchange(bed);
        FrameStream stream = new FrameStream(bed.node(), List.of(DATAGRAMS, DENIED))) {
      exchange.more(50);
      fault.happen(exchange);
      exchange.more(50);
      stream.end();
      assertThat(exchange.sentAgain()).as("TCP segments sent again").isZero();
      assertThat(stream.arrived(DATAGRAMS, 0)).as("datagrams").isEqualTo(stream.next() - 1);
      assertThat(stream.arrived(DENIED, 0)).as("denied").isZero();
    }
  }

  @Test
  void anotherProcessAdoptsEverythingAsItIs(Node node) throws IOException {
    FaultBed bed = new FaultBed(node);
    try (SteppedProcess first = SteppedProcess.start(node, EbpfDatapath.class)) {
      assertThat(first.change(FaultBed.TOPOLOGY, Integer.MAX_VALUE)).isEmpty();
    }
    int link = linkAtA(bed);
    assertNothingIsLost(
        bed,
        exchange -> {
          bed.assertInForce(FaultBed.TOPOLOGY);
          assertThat(bed.apply(FaultBed.TOPOLOGY).isEmpty()).isTrue();
          exchange.more(50);
        });
    assertThat(linkAtA(bed)).isEqualTo(link);
  }

  private static int linkAtA(FaultBed bed) {
    try (BpfAttachment attachment = BpfAttachment.pinned(bed.pinAtA())) {
      return attachment.info().id();
    }
  }

  @Test
  void otherProgramsTakeOver(Node node) throws IOException {
    assertOthersTakeOver(new FaultBed(node));
  }

  @Test
  void otherFiltersTakeOver(Node node) throws IOException {
    assertOthersTakeOver(new FaultBed(node, new WithoutTcx()));
  }

  private static void assertOthersTakeOver(FaultBed bed) throws IOException {
    bed.apply(FaultBed.TOPOLOGY);
    assertThat(FaultBed.object(LARGER).version())
        .isNotEqualTo(FaultBed.object(FaultBed.TOPOLOGY).version());
    assertNothingIsLost(
        bed,
        exchange -> {
          for (int i = 0; i < 5; i++) {
            for (String yaml : List.of(LARGER, FaultBed.TOPOLOGY)) {
              assertThat(bed.apply(yaml).isEmpty()).isFalse();
              exchange.more(20);
              bed.assertInForce(yaml);
            }
          }
        });
  }

  /** Half of what it was about to do is done. */
  @Test
  void aProcessIsKilledWhileOtherProgramsTakeOver(Node node) throws IOException {
    FaultBed bed = new FaultBed(node);
    bed.apply(FaultBed.TOPOLOGY);
    assertNothingIsLost(
        bed,
        exchange -> {
          Optional<String> killed = Optional.of("");
          for (int step = 0; killed.isPresent(); step++) {
            try (SteppedProcess process = SteppedProcess.start(node, EbpfDatapath.class)) {
              killed = process.change(LARGER, step);
            }
            exchange.more(20);
            bed.apply(FaultBed.TOPOLOGY);
            bed.assertInForce(FaultBed.TOPOLOGY);
          }
        });
  }
}
