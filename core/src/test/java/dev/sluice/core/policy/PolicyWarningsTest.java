package dev.sluice.core.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyWarningsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // whom a policy selects
        "x: podSelector: {matchLabels: {app: aa}} | policy x/p0 selects no endpoint (podSelector app=aa)",
        "y: podSelector: {matchLabels: {app: a}} | policy y/p0 selects no endpoint (podSelector app=a)",
        "default: podSelector: {} | policy default/p0 selects no endpoint (none is in namespace default)",
        "x: podSelector: {matchExpressions: [{key: app, operator: In, values: [e, f]}, {key: app, operator: NotIn, values: [a]}, {key: app, operator: Exists}, {key: old, operator: DoesNotExist}]} | policy x/p0 selects no endpoint (podSelector app in (e,f),app notin (a),app,!old)",
        // whose rules nobody is meant by
        "x: podSelector: {}, ingress: [{}, {from: [{podSelector: {matchLabels: {app: z}}}]}] | policy x/p0 ingress[1] matches no endpoint (podSelector app=z)",
        "x: podSelector: {}, egress: [{to: [{namespaceSelector: {matchLabels: {team: y}}}]}] | policy x/p0 egress[0] matches no endpoint (namespaceSelector team=y)",
        "x: podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {app: z}}}, {namespaceSelector: {}, podSelector: {matchLabels: {app: d}}}], ports: [{port: nope}]}] | policy x/p0 ingress[0] matches no endpoint (podSelector app=z or namespaceSelector {} and podSelector app=d)",
        // names of ports, at the destination
        "x: podSelector: {}, ingress: [{ports: [{port: 80}, {port: htpp}]}] | policy x/p0 ingress[0]: no endpoint that it leads to has a TCP port named htpp",
        "x: podSelector: {}, ingress: [{ports: [{port: dns}]}] | policy x/p0 ingress[0]: no endpoint that it leads to has a TCP port named dns",
        "x: podSelector: {matchLabels: {app: a}}, ingress: [{ports: [{port: dns, protocol: UDP}]}] | policy x/p0 ingress[0]: no endpoint that it leads to has a UDP port named dns",
        "x: podSelector: {}, egress: [{to: [{podSelector: {matchLabels: {app: c}}}], ports: [{port: http}]}] | policy x/p0 egress[0]: no endpoint that it leads to has a TCP port named http",
      })
  void isToldOfWhatHasNoEffect(String policy, String warning) {
    assertThat(PolicyWarnings.of(PolicyLab.topology(policy))).containsExactly(warning);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "x: podSelector: {}",
        "x: podSelector: {matchLabels: {app: a}}, ingress: [{}]",
        "x: podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {app: z}}}, {podSelector: {}}]}]",
        "x: podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 192.0.2.0/24}}]}]",
        "x: podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {app: z}}}, {ipBlock: {cidr: 192.0.2.0/24}}]}]",
        "x: podSelector: {}, ingress: [{ports: [{port: dns, protocol: UDP}]}]",
        "x: podSelector: {}, policyTypes: [Ingress], egress: [{to: [{podSelector: {matchLabels: {app: z}}}]}]",
        "x: podSelector: {}, egress: [{to: [{namespaceSelector: {}}], ports: [{port: dns, protocol: UDP}]}]",
      })
  void sparesWhatHasSome(String policy) {
    assertThat(PolicyWarnings.of(PolicyLab.topology(policy))).isEmpty();
  }

  @Test
  void comesInTheOrderOfTheFileAndOnce() {
    assertThat(
            PolicyWarnings.of(
                PolicyLab.topology(
                    "y: podSelector: {matchLabels: {app: a}}",
                    "x: podSelector: {}, ingress: [{ports: [{port: q}, {port: q}]}]")))
        .containsExactly(
            "policy y/p0 selects no endpoint (podSelector app=a)",
            "policy x/p1 ingress[0]: no endpoint that it leads to has a TCP port named q");
  }
}
