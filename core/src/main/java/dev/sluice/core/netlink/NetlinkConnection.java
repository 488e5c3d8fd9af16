package dev.sluice.core.netlink;

import dev.sluice.core.netlink.codec.ErrorMessage;
import dev.sluice.core.netlink.codec.NetlinkMessage;
import dev.sluice.core.sys.Errno;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * A netlink socket of one namespace: that of the thread that opened it. It may then be used from
 * any thread; calls exclude one another. Every request is acknowledged, and a refusal comes with
 * the kernel's explanation.
 *
 * <p>After a {@link dev.sluice.core.netlink.codec.NetlinkDecodeException}, {@link
 * NetlinkOverrunException} or {@link NetlinkTimeoutException} answers may be lost: observe anew.
 */
public final class NetlinkConnection implements AutoCloseable {

  private static final int ERROR = NetlinkMessage.ERROR;
  private static final int DONE = NetlinkMessage.DONE;
  private static final int NETLINK_ROUTE = 0;
  private static final int DUMP_ATTEMPTS = 16;
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final Transport transport;
  private final NetlinkObserver observer;
  private final Answers answers;
  private int sequence;

  /** A connection over any transport; closes it in the end. */
  public NetlinkConnection(Transport transport, NetlinkObserver observer) {
    this.transport = transport;
    this.observer = observer;
    this.answers = new Answers(transport);
  }

  /** Connects to rtnetlink in the calling thread's namespace. */
  public static NetlinkConnection open() {
    return open(NetlinkObserver.NONE);
  }

  /** As {@link #open()}, with someone told of what is sent and refused. */
  public static NetlinkConnection open(NetlinkObserver observer) {
    return open(NETLINK_ROUTE, observer);
  }

  /** As {@link #open(NetlinkObserver)}, of another family than rtnetlink: netlink(7). */
  public static NetlinkConnection open(int family, NetlinkObserver observer) {
    return new NetlinkConnection(KernelTransport.open(family, TIMEOUT), observer);
  }

  /**
   * All objects that {@code request} asks for, as one consistent picture: a dump during which they
   * changed is thrown away and starts again.
   *
   * @throws DumpInterruptedException they changed each time
   * @throws NetlinkException the kernel refused
   */
  public synchronized List<NetlinkMessage> dump(Request request) {
    for (int attempt = 0; attempt < DUMP_ATTEMPTS; attempt++) {
      Optional<List<NetlinkMessage>> messages = dumpOnce(request);
      if (messages.isPresent()) {
        return messages.get();
      }
      observer.dumpInterrupted(request);
    }
    throw new DumpInterruptedException(request, DUMP_ATTEMPTS);
  }

  /** Empty if the dump was interrupted; it is read to its end even then. */
  private Optional<List<NetlinkMessage>> dumpOnce(Request request) {
    int mine = send(request, NetlinkMessage.F_DUMP);
    List<NetlinkMessage> messages = new ArrayList<>();
    boolean interrupted = false;
    while (true) {
      NetlinkMessage message = answers.next(request, seq -> seq == mine);
      interrupted |= message.has(NetlinkMessage.F_DUMP_INTR);
      switch (message.type()) {
        case ERROR -> {
          throwIfRefused(request, ErrorMessage.parseError(message));
          answers.stray(request);
        }
        case DONE -> {
          throwIfRefused(request, ErrorMessage.parseDone(message));
          return interrupted ? Optional.empty() : Optional.of(messages);
        }
        default -> messages.add(message);
      }
    }
  }

  /**
   * The one object that {@code request} asks for; empty if the kernel says that there is none
   * (ENODEV, ENOENT, ESRCH).
   */
  public synchronized Optional<NetlinkMessage> get(Request request) {
    int mine = send(request, NetlinkMessage.F_ACK);
    Optional<NetlinkMessage> found = Optional.empty();
    while (true) {
      NetlinkMessage message = answers.next(request, seq -> seq == mine);
      if (message.type() == ERROR) {
        ErrorMessage end = ErrorMessage.parseError(message);
        if (end.error() == Errno.ENODEV
            || end.error() == Errno.ENOENT
            || end.error() == Errno.ESRCH) {
          return Optional.empty();
        }
        throwIfRefused(request, end);
        return found;
      }
      if (found.isPresent()) {
        answers.stray(request);
      }
      found = Optional.of(message);
    }
  }

  /**
   * Sends all requests, many in one system call, and waits for all answers. A refused one does not
   * stop those after it.
   */
  public synchronized BatchResult execute(List<Request> requests) {
    List<BatchResult.Failure> failures = new ArrayList<>();
    int done = 0;
    while (done < requests.size()) {
      Batch batch = Batch.next(requests, done, sequence + 1);
      sequence += batch.requests().size();
      failures.addAll(execute(batch));
      done += batch.requests().size();
    }
    return new BatchResult(failures);
  }

  private List<BatchResult.Failure> execute(Batch batch) {
    answers.reset();
    observer.sending(batch.requests());
    transport.send(batch.encode());
    NetlinkException[] errors = new NetlinkException[batch.requests().size()];
    boolean[] answered = new boolean[errors.length];
    int open = errors.length;
    int oldest = 0;
    while (open > 0) {
      while (answered[oldest]) {
        oldest++;
      }
      NetlinkMessage message =
          answers.next(batch.requests().get(oldest), seq -> batch.indexOf(seq) >= 0);
      int index = batch.indexOf(message.sequence());
      if (message.type() != ERROR || answered[index]) {
        answers.stray(batch.requests().get(index));
        continue;
      }
      answered[index] = true;
      open--;
      ErrorMessage end = ErrorMessage.parseError(message);
      if (end.error() != 0) {
        errors[index] = refused(batch.requests().get(index), end);
      }
    }
    List<BatchResult.Failure> failures = new ArrayList<>();
    for (int i = 0; i < errors.length; i++) {
      if (errors[i] != null) {
        failures.add(new BatchResult.Failure(batch.firstIndex() + i, errors[i]));
      }
    }
    return failures;
  }

  /**
   * Sends {@code requests} in one datagram, between two messages that are not acknowledged, as
   * nfnetlink has it: all are carried out, or none.
   *
   * @return why none were; empty if all were
   */
  public synchronized List<NetlinkException> transact(
      Request begin, List<Request> requests, Request end) {
    answers.reset();
    requests.forEach(observer::sent);
    int first = sequence + 1;
    Batch batch = new Batch(requests, 0, first + 1);
    sequence = first + requests.size() + 1;
    ByteBuffer body = batch.encode();
    ByteBuffer opening = unacknowledged(begin, first);
    ByteBuffer closing = unacknowledged(end, sequence);
    ByteBuffer all =
        ByteBuffer.allocate(opening.remaining() + body.remaining() + closing.remaining());
    transport.send(all.put(opening).put(body).put(closing).flip());
    List<NetlinkException> errors = new ArrayList<>();
    BitSet open = new BitSet();
    open.set(0, requests.size());
    while (!open.isEmpty()) {
      NetlinkMessage message =
          answers.next(
              requests.get(open.nextSetBit(0)), seq -> seq == first || batch.indexOf(seq) >= 0);
      int index = batch.indexOf(message.sequence());
      if (message.type() != ERROR || (index >= 0 && !open.get(index))) {
        answers.stray(begin);
        continue;
      }
      ErrorMessage answer = ErrorMessage.parseError(message);
      if (answer.error() != 0) {
        errors.add(refused(index < 0 ? begin : requests.get(index), answer));
      }
      if (index < 0) {
        // Then nobody looks at the rest.
        return errors;
      }
      open.clear(index);
    }
    return errors;
  }

  private static ByteBuffer unacknowledged(Request request, int sequence) {
    int flags = request.flags() | NetlinkMessage.F_REQUEST;
    return ByteBuffer.wrap(
        new NetlinkMessage(request.type(), flags, sequence, 0, request.payload()).toBytes());
  }

  /** As {@link #execute}; throws the first failure, with the others suppressed in it. */
  public void executeAll(List<Request> requests) {
    execute(requests).orThrow();
  }

  private int send(Request request, int flags) {
    answers.reset();
    sequence++;
    observer.sending(List.of(request));
    transport.send(
        ByteBuffer.wrap(
            new NetlinkMessage(
                    request.type(),
                    request.flags() | NetlinkMessage.F_REQUEST | flags,
                    sequence,
                    0,
                    request.payload())
                .toBytes()));
    return sequence;
  }

  private void throwIfRefused(Request request, ErrorMessage end) {
    if (end.error() != 0) {
      throw refused(request, end);
    }
  }

  private NetlinkException refused(Request request, ErrorMessage end) {
    NetlinkException error = new NetlinkException(request, end);
    observer.refused(request, error);
    return error;
  }

  @Override
  public synchronized void close() {
    transport.close();
  }
}
