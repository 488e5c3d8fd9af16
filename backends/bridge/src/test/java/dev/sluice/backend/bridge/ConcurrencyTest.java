package dev.sluice.backend.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.node.Node;
import dev.sluice.core.reconcile.Progress;
import dev.sluice.testkit.NodeExtension;
import dev.sluice.testkit.NodeSnapshot;
import dev.sluice.testkit.SteppedProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** One change of a node at a time; whoever comes second waits, and finds the whole of the first. */
@ExtendWith(NodeExtension.class)
class ConcurrencyTest {

  @Test
  void theSecondOfTwoThreadsWaitsForTheFirst(Node node) throws InterruptedException {
    CountDownLatch inTheMiddle = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    Bed first =
        Bed.on(
            node,
            new Progress() {
              @Override
              public void stage(String what, int count) {
                inTheMiddle.countDown();
                await(goOn);
              }

              @Override
              public void note(String text) {}
            });
    Queue<String> told = new ConcurrentLinkedQueue<>();
    Bed second =
        Bed.on(
            node,
            new Progress() {
              @Override
              public void stage(String what, int count) {}

              @Override
              public void note(String text) {
                told.add(text);
                goOn.countDown();
              }
            });
    CompletableFuture<Void> running = CompletableFuture.runAsync(first::apply);
    inTheMiddle.await();
    second.apply(Bed.without("c"));
    running.join();
    assertThat(told).singleElement().asString().contains("is changing node", "waiting");
    second.assertWhole(Bed.without("c"));
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void threadsThatApplyAndDestroyAtOnceLeaveNoMixture(Node node) {
    NodeSnapshot before = NodeSnapshot.of(node);
    Bed bed = Bed.on(node);
    List<String> versions = List.of(Bed.TOPOLOGY, Bed.without("c"), Bed.without("b"));
    List<CompletableFuture<Void>> running =
        versions.stream().map(v -> CompletableFuture.runAsync(() -> bed.apply(v))).toList();
    running.forEach(CompletableFuture::join);
    assertThat(versions)
        .filteredOn(v -> bed.topologies().plan(Bed.declared(v)).isEmpty())
        .hasSize(1);
    bed.destroy();
    before.assertUnchanged(node);
  }

  @Test
  void soDoProcesses(Node node) {
    NodeSnapshot before = NodeSnapshot.of(node);
    Bed bed = Bed.on(node);
    List<String> versions = List.of(Bed.TOPOLOGY, Bed.without("c"));
    List<CompletableFuture<Boolean>> running =
        versions.stream().map(v -> CompletableFuture.supplyAsync(() -> isDone(node, v))).toList();
    assertThat(running).allMatch(CompletableFuture::join);
    assertThat(versions)
        .filteredOn(v -> bed.topologies().plan(Bed.declared(v)).isEmpty())
        .hasSize(1);
    bed.destroy();
    before.assertUnchanged(node);
  }

  /** Applies it in another process, which stands still nowhere. */
  private static boolean isDone(Node node, String yaml) {
    try (SteppedProcess process = SteppedProcess.start(node, Bed.DATAPATH.getClass())) {
      return process.change(yaml, SteppedProcess.NEVER).isEmpty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
