package dev.sluice.bpf.lib;

import com.sun.jna.Pointer;
import dev.sluice.core.sys.Errno;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Reads what programs put into a map of type BPF_MAP_TYPE_RINGBUF, each sample once, in the order
 * in which room was taken for them ({@code Documentation/bpf/ringbuf.rst}). A program that finds no
 * room puts nothing in: that it counts what is lost so is for the program to do. For one thread. No
 * datapath has a ring: drops are counted, not told one by one.
 */
public final class RingBuffer implements AutoCloseable {

  private static final int GO_ON = 0;

  /** epoll_wait(2) has an int of milliseconds. */
  private static final long MOST = Integer.MAX_VALUE;

  /** Any negative number ends a round; libbpf hands it back. */
  private static final int STOP = -Errno.EINTR;

  private final Pointer ring;
  private final String map;
  private final Consumer<byte[]> samples;

  /** Referred to for as long as the library may call it. */
  private final LibBpf.Sample callback = this::take;

  private Optional<RuntimeException> failure = Optional.empty();

  private RingBuffer(BpfMap map, Consumer<byte[]> samples) {
    this.map = map.toString();
    this.samples = samples;
    this.ring =
        BpfErrno.check(
            LibBpf.ring_buffer__new(map.fd(), callback, null, null), "read the ring of BPF", map);
  }

  /**
   * Of a map, which may be closed meanwhile; {@link BpfException} if it is no ring.
   *
   * @param samples is given a copy of each. What it throws ends {@link #poll} or {@link #consume};
   *     the sample counts as read
   */
  public static RingBuffer of(BpfMap map, Consumer<byte[]> samples) {
    return new RingBuffer(map, samples);
  }

  /**
   * Reads what there is; if that is nothing, what comes next.
   *
   * @return how many samples; 0 if none has come by the timeout
   */
  public int poll(Duration timeout) {
    return result(
        LibBpf.ring_buffer__poll(ring, Math.toIntExact(Math.min(timeout.toMillis(), MOST))));
  }

  /** Reads what there is, also what programs have put in without waking anybody. */
  public int consume() {
    return result(LibBpf.ring_buffer__consume(ring));
  }

  private int result(int result) {
    if (failure.isPresent()) {
      RuntimeException e = failure.get();
      failure = Optional.empty();
      throw e;
    }
    // A signal of the process, which may be any of the virtual machine's.
    return BpfErrno.is(result, Errno.EINTR)
        ? 0
        : BpfErrno.check(result, "read the ring of BPF", map);
  }

  /** Called by the library; an exception must not go through it. */
  private int take(Pointer context, Pointer data, long size) {
    try {
      samples.accept(data.getByteArray(0, Math.toIntExact(size)));
      return GO_ON;
    } catch (RuntimeException e) {
      failure = Optional.of(e);
      return STOP;
    }
  }

  @Override
  public void close() {
    LibBpf.ring_buffer__free(ring);
  }
}
