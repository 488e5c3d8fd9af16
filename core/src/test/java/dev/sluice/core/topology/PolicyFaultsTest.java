package dev.sluice.core.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.core.error.InvalidTopologyException;
import dev.sluice.core.error.InvalidTopologyException.Fault;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each fault by itself: what replaces a part of {@link #BASE}, '§' being where the fault is. */
class PolicyFaultsTest {

  private static final String BASE =
      """
      apiVersion: sluice.dev/v1alpha1
      kind: Topology
      metadata: {name: t}
      spec:
        namespaces: [{name: shop}]
        networks: [{name: red, subnets: [10.0.1.0/24]}]
        endpoints: [{name: a, netns: ns1, interfaces: [{network: red, name: eth0}]}]
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: p, namespace: shop}
      spec:
        podSelector: {}
        policyTypes: [Ingress]
        ingress: [{ports: [{port: 80}], from: [{podSelector: {}}]}]
        egress: [{ports: [{port: 443}], to: [{namespaceSelector: {}}]}]
      """;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // the object
        "networking.k8s.io/v1 | §extensions/v1beta1 | 'extensions/v1beta1' is not a version that is known; give networking.k8s.io/v1",
        "kind: NetworkPolicy | kind: §NetworkPolicies | 'NetworkPolicies' is not known; did you mean 'NetworkPolicy'? give Topology or NetworkPolicy",
        "kind: NetworkPolicy | kind: §NetworkPolicyy | 'NetworkPolicyy' is not known; did you mean 'NetworkPolicy'?",
        "kind: NetworkPolicy | kind: §[a] | kind: is no word; give Topology or NetworkPolicy",
        "{name: p, | §{ | metadata: key 'name' is missing; give the policy's name, a DNS subdomain",
        "{name: p, | {name: §P, | 'P' is no DNS subdomain; give 1 to 253 of a-z, 0-9, '-' and '.'",
        "{name: p, | {name: §a..b, | 'a..b' is no DNS subdomain",
        "{name: p, | {name: §1, | '1' is a number, not a string; put it in quotes",
        "{name: p, | {name: p, §clusterName: x, | unknown key 'clusterName'; valid keys: name, namespace,",
        "namespace: shop | namespace: §shops | policy namespace 'shops' is not declared; did you mean",
        "namespace: shop | namespace: §other | 'other' is not declared; declare it in spec.namespaces",
        "namespace: shop | namespace: §a.b | 'a.b' is no DNS label",
        "podSelector: {} | `§priority: 1\n  podSelector: {}` | unknown key 'priority'; valid keys: podSelector,",
        "podSelector: {} | `§podselector: {}\n  podSelector: {}` | did you mean 'podSelector'?",
        "podSelector: {} | `podSelector:§` | spec.podSelector: has no value; give a mapping",
        "[Ingress] | [§ingress] | 'ingress' is not known; give one of: Ingress, Egress",
        "[Ingress] | [Ingress, §Ingress] | spec.policyTypes[1]: 'Ingress' is given again; keep one of",
        "[Ingress] | §Ingress | is a string; give a list",
        "ingress: [{ports: [{port: 80}], from: [{podSelector: {}}]}] | ingress:§ | has no value; give a list",
        // rules
        "[{port: 80}], from | [{port: 80}], §to | unknown key 'to'",
        "[{port: 443}], to | [{port: 443}], §from | unknown key 'from'",
        "from: [{podSelector: {}}] | from: §{podSelector: {}} | is a mapping; give a list",
        "from: [{podSelector: {}}] | from: [§a] | 'a' is a string; give a mapping",
        // ports
        "{port: 80} | {port: §0} | '0' is out of range; give a whole number from 1 to 65535",
        "{port: 80} | {port: §65536} | '65536' is out of range; give a whole number from 1 to 65535",
        "{port: 80} | {port: §8.5} | '8.5' is a number; give a whole number from 1",
        "{port: 80} | {port: §\"80\"} | '80' is a number in quotes; leave out the quotes",
        "{port: 80} | {port: §a--b} | 'a--b' is no port name; give 1 to 15 of a-z, 0-9",
        "{port: 80} | {port: §[80]} | is a list; give a whole number",
        "{port: 80} | {port: 80, endPort: §79} | endPort: 79 is below port 80; give 80 or more",
        "{port: 80} | {port: 80, endPort: §http} | 'http' is a string; give a whole number",
        "{port: 80} | {port: 80, endPort: §65536} | '65536' is out of range",
        "{port: 80} | {port: http, endPort: §80} | a named port has no range; give 'port' a number",
        "{port: 80} | {endPort: §80} | a range has no start; give 'port' too",
        "{port: 80} | {port: 80, protocol: §ICMP} | 'ICMP' is not known; give one of: TCP, UDP, SCTP",
        "{port: 80} | {port: 80, protocol: §tcp} | 'tcp' is not known; give one of: TCP, UDP, SCTP",
        "{port: 80} | {port: 80, §icmp: 1} | unknown key 'icmp'; valid keys: protocol, port, endPort",
        "{port: 443}], to: [{namespaceSelector: {}}] | {port: §https}], to: [{ipBlock: {cidr: 10.0.0.0/8}}] | spec.egress[0].ports[0].port: 'https' is a name, and in an ipBlock there is no endpoint to look it up at; give a number, or the ipBlock a rule of its own",
        "{port: 443}], to: [{namespaceSelector: {}}] | {port: §https}], to: [{podSelector: {}}, {ipBlock: {cidr: 10.0.0.0/8}}] | there is no endpoint to look it up at",
        "{port: 443}], to: [{namespaceSelector: {}}] | {port: §https}] | 'to: [{namespaceSelector: {}}]' for every endpoint",
        "{port: 443}], to: [{namespaceSelector: {}}] | {port: §https}], to: [] | 'to: [{namespaceSelector: {}}]' for every endpoint",
        "{port: 443}], to: [{namespaceSelector: {}}] | {port: https}], to: §{} | is a mapping; give a list",
        // peers
        "from: [{podSelector: {}}] | from: [§{}] | the peer is nobody; give podSelector, namespace",
        "from: [{podSelector: {}}] | from: [{podSelector: {}, ipBlock: §{cidr: 10.0.0.0/8}}] | an ipBlock goes with no selector in one peer; give each an item of its own",
        "from: [{podSelector: {}}] | from: [{ipBlock: §{}}] | key 'cidr' is missing; give a CIDR",
        "from: [{podSelector: {}}] | from: [{ipBlock: {cidr: §10.0.0.1/8}}] | has host bits set; the block is 10.0.0.0/8",
        "from: [{podSelector: {}}] | from: [{ipBlock: {cidr: §10.0.0.1}}] | has no prefix length",
        "from: [{podSelector: {}}] | from: [{ipBlock: {cidr: §\"fd00::1/64\"}}] | the block is fd00::/64",
        "from: [{podSelector: {}}] | from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16, §11.0.0.0/16]}}] | except[1]: 11.0.0.0/16 is outside 10.0.0.0/8; give a part of it",
        "from: [{podSelector: {}}] | from: [{ipBlock: {cidr: 10.0.0.0/8, except: [§\"fd00::/16\"]}}] | fd00::/16 is outside 10.0.0.0/8",
        "from: [{podSelector: {}}] | from: [{ipBlock: {cidr: 10.0.0.0/8, except: [§0.0.0.0/0]}}] | 0.0.0.0/0 is outside 10.0.0.0/8",
        "from: [{podSelector: {}}] | from: [{ipBlock: {cidr: 10.0.0.0/8, except: [§10.0.0.0/8]}}] | 10.0.0.0/8 leaves nothing of the block",
        "from: [{podSelector: {}}] | from: [{ipBlock: {cidr: 10.0.0.0/8, except: §10.1.0.0/16}}] | give a list",
        // selectors
        "podSelector: {} | `podSelector: {§matchlabels: {}}` | did you mean 'matchLabels'?",
        "podSelector: {} | `podSelector: {matchLabels: {a: §b c}}` | 'b c' is no label value",
        "podSelector: {} | `podSelector: {matchLabels: {a: §5}}` | '5' is a number, not a string",
        "podSelector: {} | `podSelector: {matchLabels: {-a: §b}}` | the key '-a' is no label key",
        "podSelector: {} | `podSelector: {matchLabels: {a: b, §a: c}}` | key 'a' is given again",
        "podSelector: {} | `podSelector: {matchExpressions: [§{operator: Exists}]}` | key 'key' is missing",
        "podSelector: {} | `podSelector: {matchExpressions: [{key: §a b, operator: Exists}]}` | 'a b' is no label key",
        "podSelector: {} | `podSelector: {matchExpressions: [{key: a, operator: §in, values: [b]}]}` | 'in' is not known; give one of: In, NotIn, Exists, DoesNotExist",
        "podSelector: {} | `podSelector: {matchExpressions: [{key: a, operator: §Gt, values: [b]}]}` | 'Gt' is not known",
        "podSelector: {} | `podSelector: {matchExpressions: [§{key: a, operator: In}]}` | In compares with nothing; give 'values'",
        "podSelector: {} | `podSelector: {matchExpressions: [{key: a, operator: NotIn, values: §[]}]}` | NotIn compares with nothing; give 'values'",
        "podSelector: {} | `podSelector: {matchExpressions: [{key: a, operator: Exists, values: §[b]}]}` | Exists compares with no value; leave 'values' out",
        "podSelector: {} | `podSelector: {matchExpressions: [{key: a, operator: DoesNotExist, values: §[b]}]}` | DoesNotExist compares with no value",
        "podSelector: {} | `podSelector: {matchExpressions: [{key: a, operator: In, values: [§a-]}]}` | 'a-' is no label value",
        "podSelector: {} | `podSelector: {matchExpressions: [{key: a, operator: In, values: §b}]}` | is a string; give a list",
        "from: [{podSelector: {}}] | from: [{namespaceSelector: {matchLabels: {a: §[]}}}] | is a list; give a string",
      })
  void isToldAloneAndWithItsPlace(String part, String replacement, String message) {
    assertThat(BASE).contains(part);
    String marked = BASE.replaceFirst(Pattern.quote(part), Matcher.quoteReplacement(replacement));
    int at = marked.indexOf('§');
    String before = marked.substring(0, at);

    assertThat(faults(marked.replace("§", "")))
        .singleElement()
        .satisfies(
            fault -> {
              assertThat(fault.message()).contains(message);
              assertThat(fault.line()).isEqualTo((int) before.lines().count());
              assertThat(fault.column()).isEqualTo(at - before.lastIndexOf('\n'));
            });
  }

  @Test
  void theBaseHasNone() {
    assertThat(TopologyReader.read("t.yaml", BASE).policies()).hasSize(1);
  }

  @Test
  void aSpecNeedsASelectorAndAPolicyASpec() {
    assertThat(faults(BASE.replace("  podSelector: {}\n", "")))
        .containsExactly(
            new Fault(
                "t.yaml",
                13,
                3,
                "spec: key 'podSelector' is missing; give a label selector; {} selects every"
                    + " endpoint of the namespace"));
    assertThat(faults(BASE.substring(0, BASE.lastIndexOf("spec:"))))
        .extracting(Fault::toString)
        .containsExactly(
            "t.yaml:9:1: key 'spec' is missing; give a mapping with podSelector and rules");
  }

  @Test
  void aPolicyIsDeclaredOnceInItsNamespaceWhereverItStands() {
    String policy =
        "kind: NetworkPolicy, apiVersion: networking.k8s.io/v1, spec: {podSelector: {}}";
    String list =
        """
        ---
        apiVersion: v1
        kind: List
        items:
          - {metadata: {name: p}, %1$s}
          - {metadata: {name: p, namespace: default}, %1$s}
          - {metadata: {name: p, namespace: shop}, %1$s}
        """
            .formatted(policy);

    assertThat(faults(BASE + list))
        .extracting(Fault::toString)
        .containsExactly(
            "t.yaml:22:23: items[1].metadata.name: policy 'default/p' is declared again, first in"
                + " line 21; give another name",
            "t.yaml:23:23: items[2].metadata.name: policy 'shop/p' is declared again, first in"
                + " line 11; give another name");
  }

  @Test
  void aListHoldsPoliciesThatSayWhatTheyAre() {
    String list =
        """
        ---
        apiVersion: v2
        kind: List
        extra: 1
        items:
          - {kind: Pod}
          - {metadata: {name: q}, spec: {podSelector: {}}}
          - 5
        ---
        {apiVersion: v1, kind: List}
        """;

    assertThat(faults(BASE + list))
        .extracting(Fault::toString)
        .containsExactly(
            "t.yaml:18:13: apiVersion: 'v2' is not a version that is known; give v1",
            "t.yaml:20:1: unknown key 'extra'; valid keys: apiVersion, kind, metadata, items",
            "t.yaml:22:12: items[0].kind: a list may hold NetworkPolicy objects only",
            "t.yaml:23:5: items[1]: key 'apiVersion' is missing; give networking.k8s.io/v1",
            "t.yaml:23:5: items[1]: key 'kind' is missing; give NetworkPolicy",
            "t.yaml:24:5: items[2]: '5' is a number; give a mapping, such as {key: value}",
            "t.yaml:26:1: key 'items' is missing; give a list of NetworkPolicy objects");
  }

  @Test
  void aTypedListIsOfTheVersionOfItsItems() {
    assertThat(faults(BASE + "---\n{apiVersion: v1, kind: NetworkPolicyList, items: []}\n"))
        .extracting(Fault::toString)
        .containsExactly(
            "t.yaml:18:14: apiVersion: 'v1' is not a version that is known; give"
                + " networking.k8s.io/v1");
  }

  @Test
  void policiesAreNoTopology() {
    assertThat(faults(BASE.substring(BASE.indexOf("---"))))
        .extracting(Fault::toString)
        .containsExactly(
            "t.yaml:1:1: the file declares no topology; give a document of kind Topology");
  }

  @Test
  void aDocumentThatHasNoKindIsTakenForNone() {
    String rest = "; give Topology or NetworkPolicy or NetworkPolicyList or List";
    String text =
        BASE.replace("namespace: shop}", "namespace: shops}")
            + """
            ---
            foo
            ---
            apiVersion: networking.k8s.io/v1
            metadata: {name: q}
            spec: {podSelector: {}}
            """;

    assertThat(faults(text))
        .extracting(Fault::toString)
        .containsExactly(
            "t.yaml:11:32: metadata.namespace: policy namespace 'shops' is not declared; did you"
                + " mean 'shop'?",
            "t.yaml:18:1: the document has no kind" + rest,
            "t.yaml:20:1: the document has no kind" + rest);
    assertThat(faults("foo"))
        .extracting(Fault::toString)
        .containsExactly("t.yaml:1:1: the document has no kind" + rest);
  }

  @Test
  void namespacesAreThoseOfTheFirstOfTwoTopologies() {
    assertThat(
            faults(
                BASE + "---\n" + BASE.substring(0, BASE.indexOf("---")).replace("shop", "other")))
        .extracting(Fault::message)
        .containsExactly("a second Topology, the first is in line 1; keep one of them in a file");
  }

  @Test
  void areToldInOneGoWithThoseOfTheTopology() {
    String text =
        BASE.replace("name: a", "name: A")
            .replace("port: 80", "port: 0")
            .replace("namespace: shop", "namespace: x")
            .replace("{namespaceSelector: {}}", "{}");

    assertThat(faults(text)).extracting(Fault::line).containsExactly(7, 11, 15, 16);
  }

  @Test
  void nothingIsSaidOfNamespacesWhereOneCouldNotBeRead() {
    assertThat(faults(BASE.replace("[{name: shop}]", "[{name: Shop}]")))
        .extracting(Fault::line)
        .containsExactly(5);
  }

  private static List<Fault> faults(String text) {
    InvalidTopologyException e =
        catchThrowableOfType(
            InvalidTopologyException.class, () -> TopologyReader.read("t.yaml", text));
    assertThat(e).isNotNull();
    return e.faults();
  }
}
