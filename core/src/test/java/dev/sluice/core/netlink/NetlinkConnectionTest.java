package dev.sluice.core.netlink;

import static dev.sluice.core.netlink.FakeKernel.ack;
import static dev.sluice.core.netlink.FakeKernel.bytes;
import static dev.sluice.core.netlink.FakeKernel.done;
import static dev.sluice.core.netlink.FakeKernel.kernel;
import static dev.sluice.core.netlink.FakeKernel.part;
import static dev.sluice.core.netlink.FakeKernel.sentBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.netlink.FakeKernel.Event;
import dev.sluice.core.netlink.FakeKernel.Failure;
import dev.sluice.core.netlink.codec.AttributeNames;
import dev.sluice.core.netlink.codec.AttributeWriter;
import dev.sluice.core.netlink.codec.ByteView;
import dev.sluice.core.netlink.codec.NetlinkDecodeException;
import dev.sluice.core.netlink.codec.NetlinkMessage;
import dev.sluice.core.sys.Errno;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class NetlinkConnectionTest {

  private static final Request.Layout LAYOUT =
      new Request.Layout(4, AttributeNames.of("TEST_", "ONE", "TWO"));

  private final List<String> observed = new ArrayList<>();

  private final NetlinkObserver observer =
      new NetlinkObserver() {
        @Override
        public void sent(Request request) {
          observed.add("sent " + request);
        }

        @Override
        public void refused(Request request, NetlinkException error) {
          observed.add("refused " + error.errno().name());
        }

        @Override
        public void dumpInterrupted(Request request) {
          observed.add("interrupted");
        }
      };

  private static Request request(String object) {
    byte[] payload = new AttributeWriter().header32(0).u32(1, 7).u32(2, 8).toBytes();
    return new Request(16, 0, ByteView.of(payload), LAYOUT, true, "test", object);
  }

  private static Request large(int size) {
    return new Request(16, 0, ByteView.of(new byte[size]), LAYOUT, true, "test", "large");
  }

  private NetlinkConnection connection(Function<List<NetlinkMessage>, List<Event>> kernel) {
    return new NetlinkConnection(new FakeKernel(kernel), observer);
  }

  private static int sequence(List<NetlinkMessage> sent) {
    return sent.get(0).sequence();
  }

  private static List<Integer> values(List<NetlinkMessage> messages) {
    return messages.stream().map(m -> m.payload().i32(0)).toList();
  }

  @Test
  void aDumpMayComeInManyDatagrams() {
    NetlinkConnection connection =
        connection(
            sent -> {
              int seq = sequence(sent);
              assertThat(sent.get(0).flags())
                  .isEqualTo(NetlinkMessage.F_REQUEST | NetlinkMessage.F_DUMP);
              return List.of(
                  kernel(part(seq, 2, 1), part(seq, 2, 2)), kernel(part(seq, 2, 3), done(seq, 2)));
            });
    assertThat(values(connection.dump(request("a")))).containsExactly(1, 2, 3);
    assertThat(values(connection.dump(request("a")))).containsExactly(1, 2, 3);
    assertThat(observed).containsExactly("sent test a", "sent test a");
  }

  @Test
  void strangersAndStaleAnswersAreReadOver() {
    NetlinkConnection connection =
        connection(
            sent -> {
              int seq = sequence(sent);
              return List.of(
                  sentBy(4711, part(seq, 2, 99), done(seq, 2)),
                  kernel(part(seq - 1, 2, 98), done(seq - 1, 2), part(seq + 1, 2, 97)),
                  kernel(part(seq, 2, 1), done(seq, 2)));
            });
    assertThat(values(connection.dump(request("a")))).containsExactly(1);
  }

  @Test
  void onlySoManyStrangersAreReadOver() {
    NetlinkConnection connection =
        connection(sent -> Collections.nCopies(5000, sentBy(4711, ack(sequence(sent), 0))));
    assertThatThrownBy(() -> connection.dump(request("a")))
        .isInstanceOf(NetlinkDecodeException.class)
        .hasMessageContaining("none that answers it");
    NetlinkConnection babbling =
        connection(sent -> Collections.nCopies(5000, kernel(part(sequence(sent), 0, 1))));
    assertThatThrownBy(() -> babbling.executeAll(List.of(request("a"))))
        .isInstanceOf(NetlinkDecodeException.class);
    assertThatThrownBy(() -> babbling.get(request("a"))).isInstanceOf(NetlinkDecodeException.class);
  }

  @Test
  void anInterruptedDumpStartsAgain() {
    List<Integer> attempts = new ArrayList<>();
    NetlinkConnection connection =
        connection(
            sent -> {
              int seq = sequence(sent);
              attempts.add(seq);
              int flags = attempts.size() < 3 ? 2 | NetlinkMessage.F_DUMP_INTR : 2;
              return List.of(kernel(part(seq, flags, attempts.size()), done(seq, 2)));
            });
    assertThat(values(connection.dump(request("a")))).containsExactly(3);
    assertThat(attempts).doesNotHaveDuplicates().hasSize(3);
    assertThat(observed.stream().filter("interrupted"::equals)).hasSize(2);
  }

  @Test
  void aDumpThatIsAlwaysInterruptedEnds() {
    NetlinkConnection connection =
        connection(sent -> List.of(kernel(done(sequence(sent), 2 | NetlinkMessage.F_DUMP_INTR))));
    assertThatThrownBy(() -> connection.dump(request("a")))
        .isInstanceOf(DumpInterruptedException.class)
        .hasMessage("test a: changed during each of 16 dumps");
  }

  @Test
  void lostAnswersAreAnErrorOfTheirOwn() {
    NetlinkConnection connection = connection(sent -> List.of(new Failure(Errno.ENOBUFS)));
    assertThatThrownBy(() -> connection.dump(request("a")))
        .isInstanceOf(NetlinkOverrunException.class);
    assertThatThrownBy(() -> connection.execute(List.of(request("a"))))
        .isInstanceOf(NetlinkOverrunException.class);
    NetlinkConnection overrun =
        connection(
            sent ->
                List.of(
                    kernel(
                        new NetlinkMessage(
                            NetlinkMessage.OVERRUN, 0, 0, 0, ByteView.of(new byte[0])))));
    assertThatThrownBy(() -> overrun.dump(request("a")))
        .isInstanceOf(NetlinkOverrunException.class);
  }

  @Test
  void silenceEndsInATimeoutThatNamesTheFirstRequestWithoutAnswer() {
    NetlinkConnection connection = connection(sent -> List.of(kernel(ack(sequence(sent), 0))));
    assertThatThrownBy(() -> connection.execute(List.of(request("a"), request("b"))))
        .isInstanceOf(NetlinkTimeoutException.class)
        .hasMessage("test b: no answer from the kernel");
    assertThatThrownBy(() -> connection(sent -> List.of()).get(request("a")))
        .isInstanceOf(NetlinkTimeoutException.class);
  }

  @Test
  void truncatedMessagesAreTypedErrors() {
    byte[] cut = new byte[20];
    cut[0] = 100;
    assertThatThrownBy(() -> connection(sent -> List.of(bytes(cut))).dump(request("a")))
        .isInstanceOf(NetlinkDecodeException.class)
        .hasMessage("message of 100 bytes at 0 of a datagram of 20 bytes");
    assertThatThrownBy(
            () -> connection(sent -> List.of(bytes((byte) 1, (byte) 2))).dump(request("a")))
        .isInstanceOf(NetlinkDecodeException.class)
        .hasMessage("message header at 0 of a datagram of 2 bytes");
  }

  @Test
  void aGetAnswersNoneWhereTheKernelSaysSo() {
    for (int errno : new int[] {Errno.ENODEV, Errno.ENOENT, Errno.ESRCH}) {
      assertThat(connection(sent -> List.of(kernel(ack(sequence(sent), errno)))).get(request("a")))
          .isEmpty();
    }
    assertThat(
            connection(
                    sent ->
                        List.of(kernel(part(sequence(sent), 0, 5)), kernel(ack(sequence(sent), 0))))
                .get(request("a"))
                .orElseThrow()
                .payload()
                .i32(0))
        .isEqualTo(5);
    assertThatThrownBy(
            () ->
                connection(sent -> List.of(kernel(ack(sequence(sent), Errno.EPERM))))
                    .get(request("a")))
        .isInstanceOf(NetlinkException.class)
        .hasMessage("test a: EPERM (Operation not permitted)");
  }

  @Test
  void failuresComeInTheOrderOfTheRequests() {
    NetlinkConnection connection =
        connection(
            sent ->
                List.of(
                    kernel(ack(sent.get(2).sequence(), Errno.EPERM)),
                    kernel(ack(sent.get(0).sequence(), Errno.EEXIST)),
                    kernel(ack(sent.get(1).sequence(), 0))));
    BatchResult result = connection.execute(List.of(request("a"), request("b"), request("c")));
    assertThat(result.failures()).extracting(BatchResult.Failure::index).containsExactly(0, 2);
    assertThatThrownBy(result::orThrow)
        .hasMessage("test a: EEXIST (File exists)")
        .hasSuppressedException(result.failures().get(1).error());
    assertThat(observed)
        .containsExactly(
            "sent test a", "sent test b", "sent test c", "refused EPERM", "refused EEXIST");
  }

  @Test
  void batchesAreBoundedInBytesAndInRequests() {
    FakeKernel kernel =
        new FakeKernel(
            sent -> sent.stream().map(message -> kernel(ack(message.sequence(), 0))).toList());
    NetlinkConnection connection = new NetlinkConnection(kernel, NetlinkObserver.NONE);
    connection.executeAll(List.of());
    assertThat(kernel.sizes).isEmpty();
    connection.executeAll(Collections.nCopies(300, request("a")));
    assertThat(kernel.sizes).hasSize(3);
    kernel.sizes.clear();
    connection.executeAll(List.of(large(20_000), large(20_000), large(40_000), large(100)));
    assertThat(kernel.sizes).containsExactly(20_016, 20_016, 40_016, 116);
  }

  @Test
  void theAttributeThatTheKernelPointsAtIsNamed() {
    // Header 16, family header 4, attribute ONE 8: attribute TWO starts at 28.
    assertThat(refusal(new AttributeWriter().string(1, "wrong").u32(2, 28)))
        .hasMessage("test a: EINVAL (Invalid argument): kernel says \"wrong\" (at TEST_TWO)");
    assertThat(refusal(new AttributeWriter().u32(5, 2)))
        .hasMessage("test a: EINVAL (Invalid argument) (TEST_TWO is missing)");
    assertThat(refusal(new AttributeWriter().u32(5, 9).u32(6, 20)))
        .hasMessage("test a: EINVAL (Invalid argument) (in TEST_ONE attribute 9 is missing)");
    assertThat(refusal(new AttributeWriter().u32(2, 9999)))
        .hasMessage("test a: EINVAL (Invalid argument)");
  }

  private NetlinkException refusal(AttributeWriter extendedAck) {
    NetlinkConnection connection =
        connection(
            sent -> {
              int seq = sequence(sent);
              AttributeWriter error = new AttributeWriter().header32(-Errno.EINVAL);
              error.header32(16).header32(0).header32(seq).header32(0);
              byte[] head = error.toBytes();
              byte[] tail = extendedAck.toBytes();
              byte[] all = Arrays.copyOf(head, head.length + tail.length);
              System.arraycopy(tail, 0, all, head.length, tail.length);
              return List.of(
                  kernel(
                      new NetlinkMessage(
                          NetlinkMessage.ERROR,
                          NetlinkMessage.F_CAPPED | NetlinkMessage.F_ACK_TLVS,
                          seq,
                          0,
                          ByteView.of(all))));
            });
    return connection.execute(List.of(request("a"))).failures().get(0).error();
  }

  @Test
  void aTransactionIsOneDatagramOfWhichTheMiddleIsAcknowledged() {
    NetlinkConnection connection =
        connection(
            sent -> {
              assertThat(sent).hasSize(4);
              assertThat(sent.get(0).flags()).isEqualTo(NetlinkMessage.F_REQUEST);
              assertThat(sent.get(1).flags())
                  .isEqualTo(NetlinkMessage.F_REQUEST | NetlinkMessage.F_ACK);
              assertThat(sent.get(3).flags()).isEqualTo(NetlinkMessage.F_REQUEST);
              int seq = sequence(sent);
              return List.of(
                  kernel(ack(seq + 2, 0)), kernel(ack(seq + 1, 0)), kernel(ack(seq + 3, 0)));
            });
    List<Request> requests = List.of(request("a"), request("b"));
    assertThat(connection.transact(request("begin"), requests, request("end"))).isEmpty();
    assertThat(connection.transact(request("begin"), requests, request("end"))).isEmpty();
  }

  @Test
  void aTransactionTellsWhatWasRefused() {
    NetlinkConnection connection =
        connection(
            sent ->
                List.of(kernel(ack(sequence(sent) + 1, 0), ack(sequence(sent) + 2, Errno.ENOENT))));
    assertThat(
            connection.transact(
                request("begin"), List.of(request("a"), request("b")), request("end")))
        .singleElement()
        .satisfies(error -> assertThat(error).hasMessageContaining("test b"));
  }

  @Test
  void aTransactionThatIsNotBegunIsRefusedAsAWhole() {
    NetlinkConnection connection =
        connection(sent -> List.of(kernel(ack(sequence(sent), Errno.EPERM))));
    assertThat(
            connection.transact(
                request("begin"), List.of(request("a"), request("b")), request("end")))
        .singleElement()
        .satisfies(error -> assertThat(error).hasMessageContaining("test begin"));
  }
}
