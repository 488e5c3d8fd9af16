package dev.sluice.cli;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.command.ExitStatus;
import dev.sluice.core.node.Node;
import dev.sluice.core.node.NodeLock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What only a process of its own shows: privileges, signals, and meters while it runs. */
@Timeout(120)
class ProcessTest {

  /** No capability, though files are read as root's: the build may be where only root can look. */
  private static final List<String> POWERLESS =
      List.of("setpriv", "--inh-caps=-all", "--bounding-set=-all");

  private static final int CROWD = 200;

  @TempDir private Path directory;

  private String file() throws IOException {
    return Files.writeString(directory.resolve("pair.yaml"), TestTopology.YAML).toString();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "plan -",
        "apply -",
        "status",
        "check x",
        "policy x",
        "verdict x a b icmp",
        "destroy x",
        "doctor",
        "compare -"
      })
  void notPermittedIs77BeforeAnythingIsTouched(String line) throws Exception {
    try (LabNode node = new LabNode()) {
      boolean noNode = line.startsWith("compare");
      String[] args = (noNode ? line : line + " --node-netns " + node.name()).split(" ", -1);
      try (Child child = new Child(POWERLESS, args)) {
        assertThat(child.awaitLine("nothing was touched")).startsWith("sluice: " + args[0]);
        assertThat(child.await()).isEqualTo(ExitStatus.NOT_PERMITTED);
      }
      assertThat(Path.of("/run/sluice/netns-" + node.name())).doesNotExist();
      assertThat(Path.of("/var/lib/sluice/netns-" + node.name())).doesNotExist();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "datapaths,0",
    "validate -,65",
    "verdict - a b icmp,65",
    "--help,0",
    "completion bash,0",
    "--version,0"
  })
  void whatNeedsNoRootWorksWithout(String line, int status) throws Exception {
    try (Child child = new Child(POWERLESS, line.split(" ", -1))) {
      assertThat(child.await()).isEqualTo(status);
    }
  }

  /** Libraries cost time to load, so the version is told where there are none. */
  @Test
  void theVersionNeedsNoLibrary() throws Exception {
    Path classes = Path.of(Main.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    assertThat(LabNode.shell(Child.JAVA + " -cp " + classes + " dev.sluice.cli.Main --version"))
        .startsWith("sluice ");
  }

  /**
   * Whoever reads only the first lines of a pipe wants no more; a disk that is full is a failure.
   */
  @ParameterizedTest
  @ValueSource(strings = {"--version", "datapaths"})
  void whetherOutputGotOutIsToldByTheStatus(String args) {
    String program =
        "%s -XX:TieredStopAtLevel=1 -cp '%s' %s %s"
            .formatted(
                Child.JAVA, System.getProperty("java.class.path"), Main.class.getName(), args);
    assertThat(LabNode.shell(program + " >/dev/full; echo $?"))
        .isEqualTo("sluice: standard output could not be written\n1\n");
    assertThat(LabNode.shell("{ " + program + "; echo $? >&2; } | true")).isEqualTo("141\n");
  }

  /** An apply that waits for its node's lock: the longest that one can be caught at. */
  @ParameterizedTest
  @CsvSource({"INT,130", "TERM,143"})
  void aSignalEndsAWaitAndChangesNothing(String signal, int status) throws Exception {
    try (LabNode lab = new LabNode();
        Node node = Node.inNetns(lab.name())) {
      NodeLock lock = NodeLock.take(node, Duration.ofSeconds(1), text -> {});
      try (lock;
          Child child = new Child(List.of(), "apply", file(), "--node-netns", lab.name())) {
        child.awaitLine("waiting");
        child.signal(signal);
        child.awaitLine("interrupted");
        assertThat(child.await()).isEqualTo(status);
      }
      assertThat(lab.run("status").expect(ExitStatus.DONE).out()).startsWith("No topology");
      assertThat(lab.witness("ip -o link show type bridge")).isEmpty();
    }
  }

  @Test
  void aChangeThatIsUnderWayIsBroughtToItsEnd() throws Exception {
    try (LabNode lab = new LabNode();
        Child child = new Child(List.of(), "apply", crowd(), "--node-netns", lab.name())) {
      while (lab.witness("ip -o link show type bridge").isEmpty()) {
        Thread.sleep(1);
      }
      child.signal("INT");
      child.awaitLine("brought to its end");
      assertThat(child.await()).isEqualTo(ExitStatus.INTERRUPTED);
      assertThat(lab.run("status").expect(ExitStatus.DONE).out())
          .containsPattern("pair +bridge +applied +" + CROWD + " +\\d+ +0\n");
    }
  }

  /** One that expects denials takes more than a second; it is not to be probed to its end. */
  @Test
  void aSignalEndsACheck() throws Exception {
    String file =
        Files.writeString(directory.resolve("policy.yaml"), PolicyTopology.YAML).toString();
    try (LabNode lab = new LabNode()) {
      lab.run("apply", file).expect(ExitStatus.DONE);
      try (Child child = new Child(List.of(), "check", "pair", "-v", "--node-netns", lab.name())) {
        child.awaitLine("probing pair");
        child.signal("INT");
        assertThat(child.rest()).contains("sluice: interrupted\n");
        assertThat(child.await()).isEqualTo(ExitStatus.INTERRUPTED);
      }
    }
  }

  /** A topology that takes a while. */
  private String crowd() throws IOException {
    StringBuilder yaml =
        new StringBuilder(TestTopology.YAML.lines().limit(5).collect(joining("\n")));
    yaml.append("\n  networks: [{name: red, subnets: [10.1.0.0/16]}]\n  endpoints:\n");
    for (int i = 0; i < CROWD; i++) {
      yaml.append(
          "    - {name: e%d, netns: e%d, interfaces: [{network: red, name: eth0}]}%n"
              .formatted(i, i));
    }
    return Files.writeString(directory.resolve("crowd.yaml"), yaml).toString();
  }

  @Test
  void verboseLogsStagesStepsAndTimes() throws Exception {
    try (LabNode lab = new LabNode();
        Child child = new Child(List.of(), "apply", file(), "-v", "--node-netns", lab.name())) {
      assertThat(child.rest())
          .containsPattern("DEBUG .*apply on bridge begins\n")
          .containsPattern("DEBUG .*create namespace left\n")
          .containsPattern("DEBUG .*creating namespaces \\(2\\)\n")
          .containsPattern("DEBUG .*apply on bridge ended after \\d+ ms\n")
          .endsWith(" s\n");
      assertThat(child.await()).isEqualTo(ExitStatus.DONE);
    }
  }

  @Test
  void metersAreServedWhileACommandRuns() throws Exception {
    try (LabNode lab = new LabNode();
        Node node = Node.inNetns(lab.name())) {
      NodeLock lock = NodeLock.take(node, Duration.ofSeconds(1), text -> {});
      try (lock;
          Child child =
              new Child(
                  List.of(),
                  "apply",
                  file(),
                  "--node-netns",
                  lab.name(),
                  "--metrics-listen",
                  "127.0.0.1:0")) {
        String url = child.awaitLine("metrics: ").substring("metrics: ".length());
        child.awaitLine("waiting");
        HttpResponse<String> scraped =
            HttpClient.newHttpClient()
                .send(
                    HttpRequest.newBuilder(URI.create(url)).build(),
                    HttpResponse.BodyHandlers.ofString());
        assertThat(scraped.statusCode()).isEqualTo(200);
        assertThat(scraped.body())
            .contains("sluice_reconcile_steps_total{operation=\"create\"} 0.0", "jvm_memory_used");
        lock.close();
        assertThat(child.await()).isEqualTo(ExitStatus.DONE);
      }
    }
  }

  /** Meters come one by one: packets may be there and bytes not yet, or the other way round. */
  private static final List<String> METERED =
      List.of(
          "sluice_drop_bytes_total{datapath=\"bridge\",reason=\"spoofed-ip\"}",
          "sluice_drop_packets_total{datapath=\"bridge\",reason=\"policy\"}",
          "sluice_drop_packets_total{datapath=\"bridge\",reason=\"spoofed-ip\"}");

  /** A check that expects denials takes more than a second, in which drops can be read. */
  @Test
  void dropsAreMeteredDuringACheck() throws Exception {
    String file =
        Files.writeString(directory.resolve("policy.yaml"), PolicyTopology.YAML).toString();
    try (LabNode lab = new LabNode()) {
      lab.run("apply", file).expect(ExitStatus.DONE);
      lab.run("check", "pair").expect(ExitStatus.DONE);
      try (Child child =
          new Child(
              List.of(),
              "check",
              "pair",
              "--node-netns",
              lab.name(),
              "--metrics-listen",
              "127.0.0.1:0")) {
        String url = child.awaitLine("metrics: ").substring("metrics: ".length());
        HttpRequest scrape = HttpRequest.newBuilder(URI.create(url)).build();
        String body;
        do {
          body =
              HttpClient.newHttpClient().send(scrape, HttpResponse.BodyHandlers.ofString()).body();
        } while (!METERED.stream().allMatch(body::contains));
        // What the check before was denied.
        assertThat(body)
            .containsPattern(
                "sluice_drop_packets_total\\{datapath=\"bridge\",reason=\"policy\"} [1-9]")
            .contains("sluice_drop_packets_total{datapath=\"bridge\",reason=\"spoofed-ip\"} 0.0");
        assertThat(child.await()).isEqualTo(ExitStatus.DONE);
      }
    }
  }

  @Test
  void aPortThatIsTakenIsToldBeforeAnythingIsTouched() throws Exception {
    try (LabNode lab = new LabNode();
        ServerSocket taken = new ServerSocket()) {
      taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      Outcome outcome =
          lab.run("apply", file(), "--metrics-listen", "127.0.0.1:" + taken.getLocalPort());
      assertThat(outcome.expect(ExitStatus.FAILED).err()).contains("cannot serve metrics at");
      assertThat(Path.of("/run/sluice/netns-" + lab.name())).doesNotExist();
    }
  }
}
