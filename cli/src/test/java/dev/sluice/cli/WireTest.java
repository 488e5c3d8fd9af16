package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sluice.cli.command.ExitStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A comparison between two nodes that a veth pair joins, each commanded by a process of its own.
 */
@Timeout(120)
class WireTest {

  private static final String FILE = "../examples/on-a-wire.yaml";
  private static final String PARENT = "up0";
  private static final String TOKEN = "a-token-of-a-test";

  private final LabNode near = new LabNode();
  private final LabNode far = new LabNode();
  private final List<AutoCloseable> open = new ArrayList<>();

  @TempDir private Path directory;

  @BeforeEach
  void joined() {
    LabNode.shell(
        """
        set -e
        ip -n %1$s link add up0 type veth peer name up0 netns %2$s
        ip -n %1$s addr add 192.0.2.1/24 dev up0
        ip -n %2$s addr add 192.0.2.2/24 dev up0
        ip -n %1$s link set up0 up
        ip -n %2$s link set up0 up
        """
            .formatted(near.name(), far.name()));
  }

  @AfterEach
  void gone() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
    near.close();
    far.close();
  }

  /** A peer on the other node, and where it listens. */
  private record Peer(Child child, String address) {}

  private Peer peer() throws IOException {
    Child child =
        new Child(
            List.of(),
            "peer",
            "--listen",
            "192.0.2.2:0",
            "--parent",
            PARENT,
            "--token",
            TOKEN,
            "--node-netns",
            far.name());
    open.add(child);
    String line = child.awaitLine("--peer ");
    return new Peer(child, line.replaceAll(".*--peer (\\S+) .*", "$1"));
  }

  private static String[] compare(String peer, String... more) {
    List<String> all =
        new ArrayList<>(List.of("compare", FILE, "--peer", peer, "--parent", PARENT, "--quick"));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  /** What there is on a node beside its end of the wire, and what is attached to that. */
  private static String left(LabNode node) {
    String links = node.witness("ip -o link").lines().filter(l -> !l.contains("up0")).toList() + "";
    return links
        + node.witness("tc filter show dev up0 ingress")
        + LabNode.shell("ls " + node.names() + " 2>/dev/null || true");
  }

  @Test
  void measuresEachDatapathAtBothEnds() throws Exception {
    LabNode.shell("ip -n %s link set up0 mtu 1600".formatted(far.name()));
    String[] before = {left(near), left(far)};
    Peer peer = peer();
    Path out = directory.resolve("results");
    Outcome outcome =
        near.run(
                compare(
                    peer.address,
                    "--token",
                    TOKEN,
                    "--rounds",
                    "6",
                    "--slice",
                    "100ms",
                    "--out",
                    out + ""))
            .expect(ExitStatus.DONE);
    assertThat(outcome.err()).contains("bridge is left out: spec.networks[0].parent");
    assertThat(outcome.out())
        .containsPattern("tcp-rr, cross-cpu")
        .containsPattern("\nmacvlan +[0-9.]+")
        .contains("ratio to raw, median of 6 rounds; A/A noise floor");
    JsonNode results = new JsonMapper().readTree(Files.readString(out.resolve("results.json")));
    assertThat(results.at("/wire/peer/kernel").asText())
        .isEqualTo(results.at("/environment/kernel").asText());
    assertThat(results.at("/wire/ends"))
        .extracting(e -> e.get("here").asText() + " " + e.get("there").asText())
        .containsExactly("ebpf ebpf", "macvlan macvlan", "raw raw", "raw-again raw-again");
    assertThat(results.at("/wire/device/mtu").asInt()).isEqualTo(1500);
    assertThat(results.at("/wire/peerDevice/mtu").asInt()).isEqualTo(1600);
    for (String device : List.of("device", "peerDevice")) {
      assertThat(results.at("/wire/" + device + "/offloads"))
          .extracting(JsonNode::asText)
          .contains("tx-scatter-gather");
    }
    assertThat(results.at("/leftOut"))
        .extracting(l -> l.get("workload").asText() + ": " + l.get("why").asText())
        .contains("udp-rr: policy lets db send web no UDP, at any port");
    assertThat(results.at("/subject/client").asText()).isEqualTo("db 10.0.3.11");
    assertThat(results.at("/subject/server").asText()).isEqualTo("web 10.0.3.10");
    for (String workload : List.of("tcp-rr", "tcp-crr", "tcp-stream")) {
      JsonNode macvlan = result(results, "macvlan", workload);
      assertThat(macvlan.at("/p50").asDouble()).isPositive();
      assertThat(macvlan.at("/figures")).hasSize(6);
      assertThat(macvlan.at("/ratio/to").asText()).isEqualTo("raw");
      assertThat(macvlan.at("/ratio/interval/low").asDouble()).isPositive();
      assertThat(result(results, "raw-again", workload).at("/noiseFloor").isNumber()).isTrue();
    }
    assertThat(left(near)).isEqualTo(before[0]);
    peer.child.signal("INT");
    assertThat(peer.child.await()).isEqualTo(ExitStatus.INTERRUPTED);
    assertThat(left(far)).isEqualTo(before[1]);
  }

  private static JsonNode result(JsonNode results, String candidate, String workload) {
    return StreamSupport.stream(results.path("results").spliterator(), false)
        .filter(r -> r.path("candidate").asText().equals(candidate))
        .filter(r -> r.path("workload").asText().equals(workload))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void whatIsWrongIsToldBeforeAnythingIsBroughtUp() throws Exception {
    String before = left(near);
    String nobody = "192.0.2.2:9";
    assertThat(near.run(compare(nobody, "--token", TOKEN)).expect(ExitStatus.FAILED).err())
        .contains("no peer at 192.0.2.2 port 9");
    assertThat(near.run(compare(nobody)).expect(ExitStatus.USAGE).err()).contains("--token");
    near.run("compare", FILE, "--peer", nobody).expect(ExitStatus.USAGE);
    near.run(compare(nobody, "--precision", "1%")).expect(ExitStatus.USAGE);
    String peer = peer().address;
    assertThat(
            near.run(compare(peer, "--token", "another-token-of-a-test"))
                .expect(ExitStatus.NOT_PERMITTED)
                .err())
        .contains("wrong token");
    assertThat(
            near.run("compare", FILE, "--peer", peer, "--parent", "gone0", "--token", TOKEN)
                .expect(ExitStatus.BAD_INPUT)
                .err())
        .contains("there is no interface gone0");
    assertThat(
            near.run(compare(peer, "--token", TOKEN, "--datapaths", "bridge"))
                .expect(ExitStatus.LACKING)
                .err())
        .contains("bridge cannot be compared over this wire: spec.networks[0].parent");
    assertThat(left(near)).isEqualTo(before);
  }

  @Test
  void aPeerListensAtOneAddressThatItHas() {
    String[] wrong = {"0.0.0.0:0", "[::]:0", "192.0.2.9:0"};
    int[] status = {ExitStatus.USAGE, ExitStatus.USAGE, ExitStatus.FAILED};
    for (int i = 0; i < wrong.length; i++) {
      assertThat(far.run("peer", "--listen", wrong[i], "--parent", PARENT).expect(status[i]).err())
          .contains("--listen");
    }
    far.run("peer", "--listen", "192.0.2.2:0").expect(ExitStatus.USAGE);
    far.run("peer", "--listen", "192.0.2.2:0", "--parent", "gone0").expect(ExitStatus.BAD_INPUT);
    far.run("peer", "--listen", "192.0.2.2:0", "--parent", PARENT, "--token", "short")
        .expect(ExitStatus.USAGE);
  }

  private static void awaitStored(LabNode node, String topology) throws InterruptedException {
    String directory = "/var/lib/sluice/netns-" + node.name();
    while (!LabNode.shell("ls -R " + directory + " 2>/dev/null || true").contains(topology)) {
      Thread.sleep(10);
    }
  }

  /** With few rounds, most of which take to bring all up and down: many seconds nevertheless. */
  private Child compareInAProcessOfItsOwn(String peer) throws IOException {
    List<String> all = new ArrayList<>(List.of(compare(peer, "--token", TOKEN, "--rounds", "2")));
    all.addAll(List.of("--datapaths", "macvlan", "--node-netns", near.name()));
    Child child = new Child(List.of(), all.toArray(String[]::new));
    open.add(child);
    return child;
  }

  @Test
  void whoComesWhileAnotherIsServedIsToldSo() throws Exception {
    Peer peer = peer();
    assertThat(
            far.run("peer", "--listen", "192.0.2.2:0", "--parent", PARENT, "--token", TOKEN)
                .expect(ExitStatus.FAILED)
                .err())
        .contains("process " + peer.child.pid() + " compares over a wire as sluice-peer on node");
    Child first = compareInAProcessOfItsOwn(peer.address);
    awaitStored(far, "sluice-peer");
    assertThat(near.run(compare(peer.address, "--token", TOKEN)).expect(ExitStatus.FAILED).err())
        .contains("the peer at 192.0.2.2")
        .contains("serves another comparison");
    assertThat(first.await()).as("the first goes on: %s", first.rest()).isZero();
  }

  /** The least that the option takes; and a topology that leaves UDP a port. */
  @Test
  void theShortestSlicesAreMeasuredToo() throws Exception {
    Path file = directory.resolve("open.yaml");
    String example = Files.readString(Path.of(FILE));
    Files.writeString(file, example.substring(0, example.indexOf("---")));
    Path out = directory.resolve("results");
    Peer peer = peer();
    near.run(
            "compare",
            file + "",
            "--peer",
            peer.address,
            "--parent",
            PARENT,
            "--token",
            TOKEN,
            "--rounds",
            "2",
            "--slice",
            "1ms",
            "--datapaths",
            "macvlan",
            "--out",
            out + "")
        .expect(ExitStatus.DONE);
    JsonNode results = new JsonMapper().readTree(Files.readString(out.resolve("results.json")));
    for (String workload : List.of("tcp-rr", "tcp-crr", "udp-rr", "tcp-stream")) {
      assertThat(result(results, "macvlan", workload).at("/p50").asDouble()).isPositive();
    }
    near.run(compare(peer.address, "--token", TOKEN, "--slice", "61s")).expect(ExitStatus.USAGE);
  }

  @Test
  void whoeverIsKilledNothingStays() throws Exception {
    String[] before = {left(near), left(far)};
    Peer first = peer();
    Child compare = compareInAProcessOfItsOwn(first.address);
    awaitStored(far, "sluice-peer");
    first.child.signal("KILL");
    assertThat(compare.rest()).containsAnyOf("the peer at 192.0.2.2", "the traffic broke off");
    assertThat(compare.await()).isEqualTo(ExitStatus.FAILED);
    assertThat(left(near)).isEqualTo(before[0]);

    Peer second = peer();
    assertThat(left(far)).as("taken down by the next peer").isEqualTo(before[1]);
    Child killed = compareInAProcessOfItsOwn(second.address);
    awaitStored(near, "sluice-compare");
    killed.signal("KILL");
    second.child.awaitLine("is gone");
    assertThat(left(far)).isEqualTo(before[1]);
    near.run(compare(second.address, "--token", TOKEN, "--datapaths", "bridge"))
        .expect(ExitStatus.LACKING);
    assertThat(left(near)).as("taken down by the next comparison").isEqualTo(before[0]);
  }
}
