package dev.sluice.cli.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

class MetricsServerTest {

  private final HttpClient client = HttpClient.newHttpClient();

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void servesOneRegistryAtOnePathUntilClosed() throws Exception {
    URI metrics;
    try (MetricsServer server =
        MetricsServer.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
      metrics = URI.create(server.url());
      server.registry().counter("sluice.test.things").increment(3);
      HttpResponse<String> scraped = send(HttpRequest.newBuilder(metrics));
      assertThat(scraped.statusCode()).isEqualTo(200);
      assertThat(scraped.headers().firstValue("Content-Type").orElseThrow())
          .startsWith("text/plain; version=0.0.4");
      assertThat(scraped.body()).contains("sluice_test_things_total 3.0", "process_uptime_seconds");
      assertThat(send(HttpRequest.newBuilder(metrics.resolve("/metrics/x"))).statusCode())
          .isEqualTo(404);
      HttpRequest.Builder post = HttpRequest.newBuilder(metrics).POST(BodyPublishers.ofString("x"));
      assertThat(send(post).statusCode()).isEqualTo(405);
    }
    URI closed = metrics;
    assertThatThrownBy(() -> send(HttpRequest.newBuilder(closed)))
        .isInstanceOf(ConnectException.class);
  }
}
