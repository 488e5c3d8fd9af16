package dev.sluice.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.error.SluiceException;
import dev.sluice.core.error.SluiceException.Category;
import dev.sluice.core.topology.TopologyReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

class PairTest {

  /** Two endpoints of one network, and one of another. */
  private static final String ENDPOINTS =
      """
      apiVersion: sluice.dev/v1alpha1
      kind: Topology
      metadata: {name: t}
      spec:
        networks:
          - {name: red, subnets: [10.0.1.0/24]}
          - {name: blue, subnets: [10.0.2.0/24]}
        endpoints:
          - {name: a, netns: a, labels: {app: a}, interfaces: [{network: red, name: eth0}]}
          - {name: b, netns: b, labels: {app: b}, interfaces: [{network: red, name: eth0}]}
          - {name: c, netns: c, labels: {app: c}, interfaces: [{network: blue, name: eth0}]}
      """;

  /** Isolates {@code app} for ingress, but for {@code rules}. */
  private static String policy(String app, String rules) {
    return """
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: only-%1$s}
      spec:
        podSelector: {matchLabels: {app: %1$s}}
        ingress: [%2$s]
      """
        .formatted(app, rules);
  }

  private static String chosen(String source) {
    Pair pair = Pair.of(TopologyReader.read("t.yaml", source));
    return "%s %s %d".formatted(pair.client().name(), pair.server().name(), pair.tcpPort());
  }

  @Test
  void withoutPoliciesTheFirstInDifferentNetworksAtAnyPort() {
    assertThat(chosen(ENDPOINTS)).isEqualTo("a c 0");
  }

  @Test
  void thatPairAlsoWherePolicyAllowsItOnePortAlone() {
    assertThat(chosen(ENDPOINTS + policy("c", "{ports: [{port: 443}]}"))).isEqualTo("a c 443");
  }

  @Test
  void anotherOneWherePolicyDeniesIt() {
    assertThat(chosen(ENDPOINTS + policy("c", ""))).isEqualTo("c a 20000");
    assertThat(chosen(ENDPOINTS + policy("c", "") + policy("a", ""))).isEqualTo("c b 20000");
    String onlyNear =
        policy("c", "")
            + policy("b", "")
            + policy("a", "{from: [{podSelector: {matchLabels: {app: b}}}]}");
    assertThat(chosen(ENDPOINTS + onlyNear)).isEqualTo("b a 20000");
  }

  @Test
  void theExampleGoesFromWebToAppAtItsNamedPort() throws IOException {
    String source = Files.readString(Path.of("../examples/three-tier-policy.yaml"));
    assertThat(chosen(source)).isEqualTo("web-1 app-1 8080");
  }

  @Test
  void whereNoneMayConnectItSaysWhoIsolatesAndWhatIsNeeded() {
    assertThatThrownBy(
            () -> chosen(ENDPOINTS + policy("a", "") + policy("b", "") + policy("c", "")))
        .hasMessage(
            "t: policy lets no endpoint connect to another by TCP, at any port: there is nothing to"
                + " measure. compare needs a client and a server with a TCP port that the client's"
                + " egress and the server's ingress both allow. From a to c, for one: c ingress is"
                + " isolated by default/only-c")
        .asInstanceOf(InstanceOfAssertFactories.type(SluiceException.class))
        .extracting(SluiceException::category)
        .isEqualTo(Category.USER);
  }
}
