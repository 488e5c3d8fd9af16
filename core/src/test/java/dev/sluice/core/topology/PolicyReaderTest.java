package dev.sluice.core.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.address.Cidr;
import dev.sluice.core.topology.NetworkPolicy.Direction;
import dev.sluice.core.topology.NetworkPolicy.LabelSelector;
import dev.sluice.core.topology.NetworkPolicy.Operator;
import dev.sluice.core.topology.NetworkPolicy.Peer.Block;
import dev.sluice.core.topology.NetworkPolicy.Peer.Selected;
import dev.sluice.core.topology.NetworkPolicy.PortMatch.Named;
import dev.sluice.core.topology.NetworkPolicy.PortMatch.Range;
import dev.sluice.core.topology.NetworkPolicy.Requirement;
import dev.sluice.core.topology.NetworkPolicy.Rule;
import dev.sluice.core.topology.Topology.Protocol;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyReaderTest {

  private static final LabelSelector ALL = new LabelSelector(List.of());

  private static final List<NetworkPolicy> POLICIES = read();

  @Test
  void areThereInTheOrderOfTheFile() {
    assertThat(POLICIES)
        .extracting(p -> p.namespace() + "/" + p.name())
        .containsExactly(
            "shop/deny", "shop/everything.of-the.language", "default/printed", "default/typed");
  }

  @Test
  void readsEveryKey() {
    assertThat(POLICIES.get(1))
        .isEqualTo(
            new NetworkPolicy(
                "shop",
                "everything.of-the.language",
                new LabelSelector(
                    List.of(
                        new Requirement("app", Operator.IN, List.of("a")),
                        new Requirement("example.com/tier", Operator.IN, List.of("")),
                        new Requirement("app", Operator.IN, List.of("a", "b")),
                        new Requirement("app", Operator.NOT_IN, List.of("c")),
                        new Requirement("app", Operator.EXISTS, List.of()),
                        new Requirement("old", Operator.DOES_NOT_EXIST, List.of()))),
                Set.of(Direction.INGRESS, Direction.EGRESS),
                List.of(
                    new Rule(List.of(), List.of()),
                    new Rule(List.of(), List.of()),
                    new Rule(
                        List.of(
                            new Selected(Optional.empty(), Optional.of(is("app", "b"))),
                            new Selected(Optional.of(ALL), Optional.empty()),
                            new Selected(Optional.of(is("team", "blue")), Optional.of(ALL)),
                            new Block(
                                Cidr.parse("10.0.0.0/8"),
                                List.of(Cidr.parse("10.1.0.0/16"), Cidr.parse("10.2.0.0/16"))),
                            new Block(Cidr.any(false), List.of())),
                        List.of(
                            new Range(Protocol.TCP, 0, 65535),
                            new Range(Protocol.TCP, 80, 80),
                            new Named(Protocol.TCP, "http"),
                            new Range(Protocol.UDP, 0, 65535),
                            new Range(Protocol.SCTP, 1, 65535),
                            new Range(Protocol.TCP, 80, 80)))),
                List.of(
                    new Rule(
                        List.of(new Selected(Optional.empty(), Optional.of(ALL))),
                        List.of(new Named(Protocol.UDP, "dns-1"))),
                    new Rule(List.of(new Block(Cidr.any(true), List.of())), List.of()))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "podSelector: {} | INGRESS",
        "podSelector: {}, egress: [] | INGRESS",
        "podSelector: {}, egress: [{}] | INGRESS,EGRESS",
        "podSelector: {}, policyTypes: [], egress: [{}] | INGRESS,EGRESS",
        "podSelector: {}, policyTypes: [Egress] | EGRESS",
        "podSelector: {}, policyTypes: [Ingress], egress: [{}] | INGRESS",
        "podSelector: {}, policyTypes: [Egress, Ingress] | INGRESS,EGRESS",
      })
  void fillsInTheTypesAsRuleTwoHasThem(String spec, String types) {
    String topology =
        """
        {apiVersion: sluice.dev/v1alpha1, kind: Topology, metadata: {name: t}, spec: {
          networks: [{name: red, subnets: [10.0.1.0/24]}],
          endpoints: [{name: a, netns: ns1, interfaces: [{network: red, name: eth0}]}]}}
        ---
        {apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p}, spec: {%s}}
        """
            .formatted(spec);

    assertThat(TopologyReader.read("t.yaml", topology).policies().get(0).types())
        .extracting(Direction::name)
        .containsExactly(types.split(",", -1));
  }

  private static LabelSelector is(String key, String value) {
    return new LabelSelector(List.of(new Requirement(key, Operator.IN, List.of(value))));
  }

  private static List<NetworkPolicy> read() {
    Path file = Path.of("src/test/resources/dev/sluice/core/topology/valid/policies.yaml");
    return TopologyReader.read(file.toString(), Corpus.text(file)).policies();
  }
}
