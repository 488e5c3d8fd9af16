package dev.sluice.bench.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.address.IpAddress;
import dev.sluice.core.error.SluiceException;
import dev.sluice.core.error.SluiceException.Category;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who is let in, and what is read of a stranger. */
@Timeout(20)
class HandshakeTest {

  private static final String TOKEN = "0123456789abcdef";
  private static final String VERSION = "sluice 1";

  private SocketChannel there;
  private Line peer;
  private Line client;

  @BeforeEach
  void connect() throws IOException {
    try (ServerSocketChannel listener = ServerSocketChannel.open()) {
      listener.bind(new InetSocketAddress(IpAddress.parse("127.0.0.1").toInetAddress(), 0));
      there = SocketChannel.open(listener.getLocalAddress());
      client = new Line(there);
      peer = new Line(listener.accept());
    }
  }

  @AfterEach
  void close() throws IOException {
    client.close();
    peer.close();
  }

  /** What the peer makes of a client: empty if it is let in, else why not. */
  private CompletableFuture<String> accept(String token, String version) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            Handshake.accept(peer, token, version);
            return "";
          } catch (IOException e) {
            return e.getMessage();
          }
        });
  }

  private void introduce() throws IOException {
    Handshake.introduce(client, TOKEN, VERSION, "there");
  }

  @Test
  void whoHasTheTokenIsLetIn() throws Exception {
    CompletableFuture<String> accepted = accept(TOKEN, VERSION);
    introduce();
    assertThat(accepted.get()).isEmpty();
  }

  @Test
  void whoHasNotIsRefused() throws Exception {
    CompletableFuture<String> accepted = accept("fedcba9876543210", VERSION);
    assertThatThrownBy(this::introduce)
        .isInstanceOf(SluiceException.class)
        .hasMessageContaining("wrong token")
        .extracting(e -> ((SluiceException) e).category())
        .isEqualTo(Category.PERMISSION);
    assertThat(accepted.get()).isEqualTo("wrong token");
  }

  @Test
  void whatOnlyRepeatsIsNoPeer() throws Exception {
    CompletableFuture<Void> impostor =
        CompletableFuture.runAsync(
            () -> {
              try {
                peer.send(new Handshake.Greeting(VERSION, "00", ""));
                Handshake.Introduction said =
                    peer.receive(Handshake.Introduction.class, 1024, Duration.ofSeconds(5));
                peer.send(new Handshake.Welcome(said.proof(), ""));
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
            });
    assertThatThrownBy(this::introduce).hasMessageContaining("does not know the token");
    impostor.get();
  }

  @Test
  void whoWouldHaveToWaitIsSentAway() throws IOException {
    Handshake.refuse(peer, VERSION);
    assertThatThrownBy(this::introduce)
        .isInstanceOf(SluiceException.class)
        .hasMessageContaining("serves another comparison")
        .extracting(e -> ((SluiceException) e).category())
        .isEqualTo(Category.TRANSIENT);
  }

  @Test
  void anotherVersionIsNamed() {
    CompletableFuture<String> accepted = accept(TOKEN, "sluice 2");
    assertThatThrownBy(this::introduce)
        .hasMessageContaining("it is sluice 2, this is sluice 1")
        .extracting(e -> ((SluiceException) e).category())
        .isEqualTo(Category.ENVIRONMENT);
    assertThat(accepted).isNotCompletedExceptionally();
  }

  @Test
  void aLongMessageIsNotRead() throws IOException {
    there.write(ByteBuffer.allocate(4).putInt(1 << 30).flip());
    assertThatThrownBy(() -> peer.receive(Request.class, Line.LARGEST, Duration.ofSeconds(5)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("at most 1048576");
  }

  @Test
  void byteAfterByteBuysNoTime() throws Exception {
    there.write(ByteBuffer.allocate(4).putInt(1000).flip());
    CompletableFuture<Void> dripping =
        CompletableFuture.runAsync(
            () -> {
              try {
                for (int i = 0; i < 20; i++) {
                  there.write(ByteBuffer.allocate(1));
                  Thread.sleep(50);
                }
              } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    long start = System.nanoTime();
    assertThatThrownBy(() -> peer.receive(Request.class, Line.LARGEST, Duration.ofMillis(300)))
        .isInstanceOf(SocketTimeoutException.class);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(900));
    dripping.get();
  }

  @Test
  void onlyWhatARequestCanBeIsOne() throws Exception {
    for (String text :
        new String[] {
          "{\"op\":\"exec\",\"command\":\"id\"}",
          "{\"op\":\"up\",\"candidate\":\"ebpf\"}",
          "{\"op\":\"serve\",\"workload\":null,\"address\":\"::\",\"port\":1,\"millis\":1}",
          "[]",
          "no JSON"
        }) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      there.write(ByteBuffer.allocate(4 + bytes.length).putInt(bytes.length).put(bytes).flip());
      assertThatThrownBy(() -> peer.receive(Request.class, Line.LARGEST, Duration.ofSeconds(5)))
          .as(text)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("no form that is known");
    }
    client.send(new Request.Down());
    assertThat(peer.receive(Request.class, Line.LARGEST, Duration.ofSeconds(5)))
        .isEqualTo(new Request.Down());
  }
}
