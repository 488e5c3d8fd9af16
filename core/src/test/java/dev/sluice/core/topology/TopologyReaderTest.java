package dev.sluice.core.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.address.Cidr;
import dev.sluice.core.address.IpAddress;
import dev.sluice.core.address.MacAddress;
import dev.sluice.core.topology.Topology.Endpoint;
import dev.sluice.core.topology.Topology.Established;
import dev.sluice.core.topology.Topology.Interface;
import dev.sluice.core.topology.Topology.IpvlanMode;
import dev.sluice.core.topology.Topology.Network;
import dev.sluice.core.topology.Topology.PolicyNamespace;
import dev.sluice.core.topology.Topology.Port;
import dev.sluice.core.topology.Topology.Protocol;
import dev.sluice.core.topology.Topology.Rate;
import dev.sluice.core.topology.Topology.Subnet;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TopologyReaderTest {

  private static final Path RESOURCES = Path.of("src/test/resources/dev/sluice/core/topology");

  @Test
  void fillsInTheDefaultsOfTheSmallestTopology() {
    Topology topology = read(Path.of("../examples/two-subnets.yaml"));

    assertThat(topology)
        .isEqualTo(
            new Topology(
                "two-subnets",
                "bridge",
                List.of(
                    new PolicyNamespace(
                        "default", Map.of("kubernetes.io/metadata.name", "default"))),
                List.of(
                    network("red", onNode("10.0.1.0/24", "10.0.1.1"), "fd00:0:0:1::"),
                    network("blue", onNode("10.0.2.0/24", "10.0.2.1"), "fd00:0:0:2::")),
                List.of(
                    endpoint("client", "ns1", "red", "10.0.1.2", "fd00:0:0:1::2"),
                    endpoint("server", "ns2", "blue", "10.0.2.2", "fd00:0:0:2::2")),
                List.of(),
                Established.REVOKE,
                List.of()));
  }

  @Test
  void readsEveryKey() {
    Topology topology = read(RESOURCES.resolve("valid/everything.yaml"));

    assertThat(topology.datapath()).isEqualTo("ipvlan");
    assertThat(topology.established()).isEqualTo(Established.KEEP);
    assertThat(topology.denyFrom())
        .containsExactly(
            Cidr.parse("203.0.113.0/24"), Cidr.parse("2001:db8:bad::/48"), Cidr.any(true));
    assertThat(topology.namespaces())
        .containsExactly(
            new PolicyNamespace(
                "shop",
                Map.of(
                    "team", "blue",
                    "example.com/tier", "1",
                    "kubernetes.io/metadata.name", "shop")),
            new PolicyNamespace("default", Map.of("kubernetes.io/metadata.name", "default")));
    assertThat(topology.networks())
        .containsExactly(
            new Network(
                "red",
                List.of(
                    onNode("10.0.1.0/24", "10.0.1.254"),
                    onNode("fd00:0:0:1::/64", "fd00:0:0:1::fe")),
                9000,
                true,
                Optional.of("eth9"),
                Optional.empty(),
                Optional.empty()),
            new Network(
                "wire",
                List.of(
                    new Subnet(Cidr.parse("192.0.2.0/24"), IpAddress.parse("192.0.2.1"), false)),
                1500,
                false,
                Optional.empty(),
                Optional.of("enp1s0"),
                Optional.of(IpvlanMode.L3S)),
            new Network(
                "shared",
                List.of(
                    onNode("198.51.100.0/24", "198.51.100.7"),
                    onNode("2001:db8::/64", "2001:db8::7")),
                1500,
                false,
                Optional.empty(),
                Optional.of("enp2s0"),
                Optional.empty()));
    Endpoint client = topology.endpoints().get(0);
    assertThat(client.namespace()).isEqualTo("shop");
    assertThat(client.labels()).isEqualTo(Map.of("app", "client", "empty", ""));
    assertThat(client.interfaces().get(0))
        .isEqualTo(
            new Interface(
                "red",
                "eth0",
                Optional.of(MacAddress.parse("02:00:00:00:00:01")),
                List.of(IpAddress.parse("10.0.1.2")),
                Optional.of(new Rate(Optional.of(100_000_000L), Optional.of(100_000_000L)))));
    assertThat(client.interfaces().get(1).rate())
        .contains(new Rate(Optional.of(1_000_000_000L), Optional.of(500_000L)));
    assertThat(client.ports())
        .containsExactly(
            new Port(Optional.of("http"), 80, Protocol.TCP, Optional.of(8080)),
            new Port(Optional.empty(), 53, Protocol.UDP, Optional.of(8080)),
            new Port(Optional.of("sig-1"), 2905, Protocol.SCTP, Optional.empty()));
  }

  @Test
  void allocatesOneAddressOfEachSubnetWhereNoneIsGivenAndAddsNoneWhereOneIs() {
    Topology topology = read(RESOURCES.resolve("valid/everything.yaml"));

    List<Interface> interfaces = topology.endpoints().get(0).interfaces();
    assertThat(interfaces.get(0).addresses()).containsExactly(IpAddress.parse("10.0.1.2"));
    assertThat(interfaces.get(1).addresses())
        .satisfiesExactly(
            v4 -> assertThat(Cidr.parse("10.0.1.0/24").contains(v4)).isTrue(),
            v6 -> assertThat(Cidr.parse("fd00:0:0:1::/64").contains(v6)).isTrue());
    assertThat(read(RESOURCES.resolve("valid/everything.yaml"))).isEqualTo(topology);
  }

  @Test
  void allocatesTheSameAddressesInEveryRelease() {
    Topology topology = read(Path.of("../examples/three-tier.yaml"));

    assertThat(topology.endpoints().get(2).interfaces().get(0).addresses())
        .containsExactly(IpAddress.parse("10.10.2.209"), IpAddress.parse("fd00:0:10:2::a447:2f53"));
  }

  @Test
  void readsTheReferencePagesExampleAndThePageHasEveryKey() {
    String page = Corpus.text(Path.of("../docs/topology.md"));
    String fence = "```yaml\n";
    int start = page.indexOf(fence) + fence.length();
    String example = page.substring(start, page.indexOf("```", start));
    int policy = page.indexOf(fence, start) + fence.length();
    String both = example + page.substring(policy, page.indexOf("```", policy));

    assertThat(TopologyReader.read("docs", example).name()).isEqualTo("shop");
    assertThat(TopologyReader.read("docs", both).policies()).hasSize(1);
    assertThat(Shape.ALL)
        .flatExtracting(Shape::names)
        .allSatisfy(
            key -> assertThat(page).containsPattern("`(\\w+\\.)?" + key + "[`.]|\\b" + key + ":"));
  }

  /**
   * Its two halves may be the last of what the YAML parser reads at once and the first after it.
   */
  @Test
  void readsACharacterBeyondTheFirstPlaneWhereverItStands() {
    String text = Corpus.text(Path.of("../examples/two-subnets.yaml"));
    for (int before = 0; before < 1100; before++) {
      String comment = "#" + " ".repeat(before) + "\uD83D\uDE00\n";
      assertThat(TopologyReader.read("t.yaml", comment + text).endpoints()).hasSize(2);
    }
  }

  private static Topology read(Path file) {
    return TopologyReader.read(file.toString(), Corpus.text(file));
  }

  private static Subnet onNode(String cidr, String gateway) {
    return new Subnet(Cidr.parse(cidr), IpAddress.parse(gateway), true);
  }

  private static Network network(String name, Subnet v4, String v6) {
    return new Network(
        name,
        List.of(v4, onNode(v6 + "/64", v6 + "1")),
        1500,
        false,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private static Endpoint endpoint(
      String name, String netns, String network, String v4, String v6) {
    return new Endpoint(
        name,
        netns,
        "default",
        Map.of("app", name),
        List.of(
            new Interface(
                network,
                "eth0",
                Optional.empty(),
                List.of(IpAddress.parse(v4), IpAddress.parse(v6)),
                Optional.empty())),
        List.of());
  }
}
