package dev.sluice.bpf.lib;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.bpf.ObjectFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A real program tells of each packet that it is run on. */
@Timeout(60)
class RingBufferTest {

  private static final int MARK = 0x5302;
  private static final Duration SOON = Duration.ofSeconds(10);

  /** A page of the ring has so many events of 16 bytes with their headers of 8. */
  private static final int ROOM = 4096 / 24;

  private record Event(long number, int length, int mark) {
    static Event of(byte[] sample) {
      assertThat(sample).hasSize(16);
      ByteBuffer in = ByteBuffer.wrap(sample).order(ByteOrder.nativeOrder());
      return new Event(in.getLong(), in.getInt(), in.getInt());
    }
  }

  private final List<Event> events = new ArrayList<>();
  private OpenObject object;

  @BeforeEach
  void load() {
    object = OpenObject.open("events", ObjectFile.read("events"));
    object.load();
  }

  @AfterEach
  void close() {
    object.close();
  }

  private RingBuffer ring() {
    return RingBuffer.of(object.loadedMap("events"), sample -> events.add(Event.of(sample)));
  }

  private void packets(int count) {
    byte[] context = new SkbContext(MARK, 0, 0, 0, 0).bytes();
    for (int i = 0; i < count; i++) {
      object.program("tell").testRun(new byte[60 + i % 100], context, 1);
    }
  }

  /** Over all CPUs. */
  private long counted(int key) {
    ByteBuffer counts =
        ByteBuffer.wrap(
                object
                    .loadedMap("counts")
                    .lookup(
                        ByteBuffer.allocate(4).order(ByteOrder.nativeOrder()).putInt(key).array())
                    .orElseThrow())
            .order(ByteOrder.nativeOrder());
    return LongStream.generate(counts::getLong).limit(counts.capacity() / Long.BYTES).sum();
  }

  @Test
  void eachSampleIsReadOnceAndInOrder() {
    try (RingBuffer ring = ring()) {
      assertThat(ring.poll(Duration.ZERO)).isZero();
      packets(3);
      assertThat(ring.poll(SOON)).isEqualTo(3);
      packets(2);
      assertThat(ring.consume()).isEqualTo(2);
      assertThat(ring.consume()).isZero();
    }
    assertThat(events).extracting(Event::length).containsExactly(60, 61, 62, 60, 61);
    assertThat(events).extracting(Event::mark).containsOnly(MARK);
  }

  @Test
  void whoWaitsIsWokenBySomethingThatComes() throws InterruptedException {
    try (RingBuffer ring = ring()) {
      CountDownLatch waiting = new CountDownLatch(1);
      Thread other =
          new Thread(
              () -> {
                try {
                  waiting.await();
                  packets(1);
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
              });
      other.start();
      waiting.countDown();
      assertThat(ring.poll(SOON)).isEqualTo(1);
      other.join();
    }
  }

  /** Nothing is overwritten: what there is no room for is not put in, and counted. */
  @Test
  void whatIsLostIsCounted() {
    try (RingBuffer ring = ring()) {
      packets(1000);
      int read = ring.consume();
      assertThat(read).isEqualTo(ROOM);
      assertThat(counted(0)).isEqualTo(ROOM);
      assertThat(counted(1)).isEqualTo(1000 - ROOM);
      packets(1);
      assertThat(ring.poll(SOON)).isEqualTo(1);
      assertThat(counted(1)).isEqualTo(1000 - ROOM);
    }
  }

  @Test
  void whatTheReaderThrowsComesBackAndTheRestIsReadLater() {
    List<Integer> seen = new ArrayList<>();
    try (RingBuffer ring =
        RingBuffer.of(
            object.loadedMap("events"),
            sample -> {
              seen.add(Event.of(sample).length());
              if (seen.size() == 2) {
                throw new IllegalStateException("enough");
              }
            })) {
      packets(4);
      assertThatThrownBy(() -> ring.poll(SOON))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("enough");
      assertThat(seen).containsExactly(60, 61);
      assertThat(ring.consume()).isEqualTo(2);
    }
    assertThat(seen).containsExactly(60, 61, 62, 63);
  }

  @Test
  void aMapOfAnotherTypeIsRefused() {
    assertThatThrownBy(() -> RingBuffer.of(object.loadedMap("counts"), sample -> {}))
        .isInstanceOf(BpfException.class)
        .hasMessageContaining("read the ring of BPF map counts")
        .hasMessageContaining("EINVAL");
  }
}
