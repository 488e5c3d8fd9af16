package dev.sluice.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.bench.TcpSockets.State;
import dev.sluice.bench.workload.Endpoints;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TcpSocketsTest {

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatListensAndWhatWasClosedFirstIsSeenInItsNamespaceAlone(boolean v6) throws Exception {
    try (TestNetwork network = new TestNetwork()) {
      Endpoints endpoints = network.vethPair(v6);
      InetSocketAddress address =
          new InetSocketAddress(endpoints.serverAddress().toInetAddress(), 443);
      try (ServerSocket listener =
          endpoints.server().call(() -> new ServerSocket(443, 1, address.getAddress()))) {
        assertThat(TcpSockets.any(endpoints.server(), 443, State.LISTEN)).isTrue();
        assertThat(TcpSockets.any(endpoints.client(), 443, State.LISTEN)).isFalse();
        assertThat(TcpSockets.any(endpoints.server(), 444, State.LISTEN)).isFalse();
        assertThat(TcpSockets.any(endpoints.server(), 443, State.TIME_WAIT)).isFalse();
        closeAtTheServerFirst(endpoints, listener, address);
      }
      assertThat(TcpSockets.any(endpoints.server(), 443, State.LISTEN)).isFalse();
      assertThat(TcpSockets.any(endpoints.server(), 443, State.TIME_WAIT)).isTrue();
    }
  }

  private static void closeAtTheServerFirst(
      Endpoints endpoints, ServerSocket listener, InetSocketAddress address) throws IOException {
    try (Socket client =
        endpoints.client().call(() -> new Socket(address.getAddress(), address.getPort()))) {
      listener.accept().close();
      assertThat(client.getInputStream().read()).isEqualTo(-1);
    }
  }
}
