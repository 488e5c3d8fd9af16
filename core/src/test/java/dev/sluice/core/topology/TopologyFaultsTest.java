package dev.sluice.core.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.core.error.InvalidTopologyException;
import dev.sluice.core.error.InvalidTopologyException.Fault;
import dev.sluice.core.error.SluiceException.Category;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each fault by itself: what replaces a part of {@link #BASE}, '§' being where the fault is. */
class TopologyFaultsTest {

  static final String BASE =
      """
      apiVersion: sluice.dev/v1alpha1
      kind: Topology
      metadata: {name: t}
      spec:
        networks:
          - {name: red, subnets: [10.0.1.0/24, "fd00:0:0:1::/64"]}
          - {name: blue, subnets: [10.0.2.0/24]}
        endpoints:
          - name: a
            netns: ns1
            interfaces: [{network: red, name: eth0}]
          - name: b
            netns: ns2
            interfaces: [{network: blue, name: eth0, addresses: [10.0.2.2]}]
      """;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // documents
        "kind: Topology | kind: §Topologie | 'Topologie' is not known; did you mean 'Topology'? give Topology",
        "sluice.dev/v1alpha1 | §sluice.dev/x | 'sluice.dev/x' is not a version that is known; give sluice.dev/v1alpha1",
        // types
        "name: a | name: §5 | '5' is a number, not a string; put it in quotes: \"5\"",
        "name: a | name: §true | 'true' is a boolean, not a string; put it in quotes",
        "name: a | name: §[a] | spec.endpoints[0].name: is a list; give a string",
        "name: a | name: §{a: b} | is a mapping; give a string",
        "name: a | name: §!!binary aGk= | has the tag 'tag:yaml.org,2002:binary'",
        "netns: ns1 | netns:§ | has no value; give a string",
        "{name: blue, | {name: blue, masquerade: §yes, | 'yes' is a string; give true or false",
        "{name: blue, | {name: blue, masquerade: §True, | 'True' is a boolean; give true or false",
        "{name: blue, | {name: blue, mtu: §\"1500\", | leave out the quotes and give a whole",
        "{name: blue, | {name: blue, mtu: §1.5e3, | '1.5e3' is a number; give a whole number",
        "{name: blue, | {name: blue, mtu: §0x5dc, | '0x5dc' is not plain decimal; give a whole",
        "{name: blue, | {name: blue, mtu: §99999999999999999999, | is out of range; give a whole",
        "subnets: [10.0.2.0/24] | subnets: §10.0.2.0/24 | is a string; give a list",
        "subnets: [10.0.2.0/24] | subnets: §[] | the list is empty; give at least one item",
        "{name: t} | §t | metadata: 't' is a string; give a mapping",
        // keys
        "{name: blue, | {name: blue, §subnet: x, | unknown key 'subnet'; did you mean 'subnets'?",
        "{name: t} | {name: t, §zzzz: 1} | unknown key 'zzzz'; valid keys: name",
        "{name: t} | {name: t, §<<: {}} | unknown key '<<'; valid keys: name",
        "{name: t} | {name: t, §name: u} | key 'name' is given again, first in line 3",
        "{name: t} | {name: t, §5: u} | a key '5' is a number; give a plain",
        "{name: t} | {name: t, §!x y: u} | a key has the tag '!x', and tags are not read",
        "kind: Topology | kind: §!x Topology | has the tag '!x', and tags are not read",
        "{name: t} | {name: t, ? §[a] : u} | a key is a list; give a plain",
        "{name: t} | §{} | metadata: key 'name' is missing; give the topology's name",
        "{name: blue, subnets: [10.0.2.0/24]} | §{name: blue} | key 'subnets' is missing; give a",
        // names
        "name: t | name: §T | 'T' is no DNS label; give 1 to 63 of a-z, 0-9 and '-'",
        "name: t | name: §a-  | 'a-' is no DNS label",
        "name: a | name: §b_ | 'b_' is no DNS label",
        "- name: b | - name: §a | endpoint 'a' is declared again, first in line 9",
        "netns: ns2 | netns: §ns1 | network namespace 'ns1' is declared again, first in line 10",
        "netns: ns2 | netns: §a/b | 'a/b' is no namespace name, as it is no file name",
        "netns: ns2 | netns: §.. | '..' is no namespace name",
        "netns: ns2 | netns: §\"a\\tb\" | 'a\\u0009b' is no namespace name",
        "netns: ns2 | netns: §\"\" | it has 0 bytes; give 1 to 255",
        "red, name: eth0 | red, name: §sixteen-letters- | it has 16 bytes; give 1 to 15",
        "red, name: eth0 | red, name: §üüüüüüüü | it has 16 bytes; give 1 to 15",
        "red, name: eth0 | red, name: §\"\" | it has 0 bytes; give 1 to 15",
        "red, name: eth0 | red, name: §a/b | leave out '/', ':', whitespace",
        "red, name: eth0 | red, name: §a:b | leave out '/', ':', whitespace",
        "red, name: eth0 | red, name: §a b | leave out '/', ':', whitespace",
        "red, name: eth0 | red, name: §à | leave out '/', ':', whitespace",
        "red, name: eth0 | red, name: §eth%d | is a pattern to the kernel",
        "red, name: eth0 | red, name: §. | '.' is no interface name",
        "red, name: eth0 | red, name: §.. | '..' is no interface name",
        "red, name: eth0 | red, name: §lo | is the loopback interface of every namespace",
        "red, name: eth0 | red, name: §all | stands for all interfaces",
        "red, name: eth0 | red, name: §default | stands for all interfaces",
        "{name: blue, | {name: blue, uplink: §lo, | is the loopback interface",
        "{name: blue, | {name: blue, uplink: §'eth*', | cannot be told to nftables",
        "{name: blue, | {name: blue, uplink: §'e\"; drop', | leave out",
        "{name: blue, | {name: blue, uplink: §'e\";drop', | cannot be told to nftables",
        "{name: blue, | {name: blue, uplink: §'e\\', | cannot be told to nftables",
        "{name: blue, | {name: blue, masquerade: §true, | there is no uplink to masquerade on",
        "red, name: eth0}] | red, name: e}, {network: blue, name: §e}] | interface 'e' is declared",
        "netns: ns1 | `labels: {a: §b c}\n      netns: ns1` | 'b c' is no label value; give at most",
        "netns: ns1 | `labels: {a: §1}\n      netns: ns1` | '1' is a number, not a string; put it",
        "netns: ns1 | `labels: {-a: §b}\n      netns: ns1` | the key '-a' is no label key",
        "netns: ns1 | `labels: {A.com/a: §b}\n      netns: ns1` | the key 'A.com/a' is no label key",
        "spec: | `spec:\n  namespaces: [{name: §x, labels: {kubernetes.io/metadata.name: y}}]` | it is always",
        // references
        "{network: red | {network: §rad | network 'rad' is not declared; did you mean 'red'?",
        "{network: red | {network: §green | 'green' is not declared; declare it in spec.networks",
        "netns: ns1 | `namespace: §x\n      netns: ns1` | policy namespace 'x' is not declared",
        // subnets
        "[10.0.2.0/24] | [§10.0.2.5/24] | has host bits set; the block is 10.0.2.0/24",
        "[10.0.2.0/24] | [§10.0.2.0] | has no prefix length; give one such as 10.0.2.0/24",
        "[10.0.2.0/24] | [§10.0.2.0/33] | has no valid prefix length; give 0 to 32",
        "[10.0.2.0/24] | [§10.0.2/24] | '10.0.2/24' is no CIDR block; give one such as",
        "[10.0.2.0/24] | [10.0.2.0/24, §10.0.1.128/25] | overlaps 10.0.1.0/24 of network 'red' in line 6",
        "[10.0.2.0/24] | [10.0.2.0/24, §10.0.2.0/24] | overlaps 10.0.2.0/24 of network 'blue'",
        "[10.0.2.0/24] | [§10.0.2.0/31] | is too small for a gateway and an endpoint",
        "[10.0.2.0/24] | [§0.0.0.0/0] | is too large for one link; give a prefix length of at",
        "[10.0.2.0/24] | [§\"fd00:2::/127\"] | is too small for a gateway and an endpoint",
        "[10.0.2.0/24] | [§\"fd00::/8\"] | is too large for one link",
        "[10.0.2.0/24] | [§127.0.1.0/24] | which is loopback; give a private block",
        "[10.0.2.0/24] | [§224.0.1.0/24] | which is multicast",
        "[10.0.2.0/24] | [§169.254.1.0/24] | which is link-local",
        "[10.0.2.0/24] | [§0.0.0.0/8] | which is \"this network\"",
        "[10.0.2.0/24] | [§250.0.0.0/8] | which is reserved",
        "[10.0.2.0/24] | [§\"fe80::/64\"] | which is link-local",
        "[10.0.2.0/24] | [§\"ff02::/64\"] | which is multicast",
        "[10.0.2.0/24] | [§\"::/64\"] | which is unspecified, loopback",
        // gateways
        "{name: blue, | {name: blue, gateway: §10.0.3.1, | outside the network's subnets; give an",
        "{name: blue, | {name: blue, gateway: §10.0.2.255, | is the broadcast address of 10.0.2.0",
        "{name: blue, | {name: blue, gateway: §10.0.2.0, | is the network address of 10.0.2.0/24",
        "{name: blue, | {name: blue, gateway: §10.0.2.0/24, | has a prefix length, which the",
        "{name: blue, | {name: blue, gateway: [10.0.2.1, §10.0.2.3], | is a second gateway of",
        "{name: blue, | {name: blue, gateway: {node: §10.9.9.9}, | outside the network's subnets",
        "{name: blue, | {name: blue, gateway: §{}, | key 'node' is missing",
        "{name: blue, | §{name: blue, parent: eth1, | no gateway for 10.0.2.0/24, and with a",
        "{name: red, | {name: red, parent: e, gateway: §10.0.1.1, | no gateway for fd00:0:0:1::/64",
        // addresses
        "[10.0.2.2] | [§10.0.3.2] | is outside network 'blue'; give an address of 10.0.2.0/24",
        "[10.0.2.2] | [§10.0.2.1] | is the gateway of 10.0.2.0/24; give another",
        "[10.0.2.2] | [§10.0.2.0] | is the network address of 10.0.2.0/24",
        "[10.0.2.2] | [§10.0.2.255] | is the broadcast address of 10.0.2.0/24",
        "[10.0.2.2] | [10.0.2.2, §10.0.2.2] | is the address of 'b' in line 14; give another",
        "[10.0.2.2] | [§10.0.2.2/24] | has a prefix length, which the subnet gives; write 10.0.2.2",
        "[10.0.2.2] | [§host] | 'host' is no IP address; give one such as 10.0.1.2",
        "red, name: eth0 | red, name: eth0, addresses: [§\"fd00:0:0:1::\"] | subnet-router anycast",
        // the rest of an interface
        "red, name: eth0 | red, name: eth0, mac: §\"01:00:00:00:00:01\" | is a multicast address",
        "red, name: eth0 | red, name: eth0, mac: §\"00:00:00:00:00:00\" | is no address of an inter",
        "red, name: eth0 | red, name: eth0, mac: §02-00 | '02-00' is no MAC address; give one such",
        "red, name: eth0 | red, name: eth0, rate: §100 | '100' is a number, not a string",
        "red, name: eth0 | red, name: eth0, rate: §1.5gbit | is no rate; give a whole number with",
        "red, name: eth0 | red, name: eth0, rate: §1bit | from 16kbit to 1000gbit",
        "red, name: eth0 | red, name: eth0, rate: §2000gbit | from 16kbit to 1000gbit",
        "red, name: eth0 | red, name: eth0, rate: §{} | limits nothing; give egress, ingress",
        "red, name: eth0 | red, name: eth0, rate: {egress: §x} | 'x' is no rate",
        // ports
        "netns: ns1 | `ports: [§{port: 80}]\n      netns: ns1` | is neither named nor published",
        "netns: ns1 | `ports: [§{name: x}]\n      netns: ns1` | key 'port' is missing; give a number",
        "netns: ns1 | `ports: [{name: x, port: §0}]\n      netns: ns1` | '0' is out of range",
        "netns: ns1 | `ports: [{name: §x--y, port: 1}]\n      netns: ns1` | 'x--y' is no port name",
        "netns: ns1 | `ports: [{name: §\"80\", port: 1}]\n      netns: ns1` | '80' is no port name",
        "netns: ns1 | `ports: [{name: x, port: 1, protocol: §tcp}]\n      netns: ns1` | give one of:",
        // mtu, enums
        "{name: red, | {name: red, mtu: §1279, | '1279' is out of range; give a whole number from 1280 to",
        "{name: red, | {name: red, mtu: §many, | give a whole number from 1280 to 65535",
        "{name: blue, | {name: blue, mtu: §67, | give a whole number from 68 to 65535",
        "{name: blue, | {name: blue, mtu: §65536, | give a whole number from 68 to 65535",
        "{name: blue, | {name: blue, ipvlan: {mode: §l4}, | 'l4' is not known; give one of: l2, l3",
        "spec: | `spec:\n  established: §drop` | give one of: revoke, keep",
        "spec: | `spec:\n  denyFrom: [§10.0.0.1]` | has no prefix length; give one such as",
        "spec: | `spec:\n  denyFrom: [§10.0.0.0/8]` | no network has one; give a network an uplink",
        "spec: | `spec:\n  datapath: §Bridge` | 'Bridge' is no DNS label",
        "spec: | `spec:\n  namespaces: [{name: x}, {name: §x}]` | policy namespace 'x' is declared",
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
  void aDeniedBlockIsOneOfItsFamilyAndThereOnce() {
    String base = BASE.replace("{name: blue,", "{name: blue, uplink: up0,");
    String denied =
        """
        spec:
          denyFrom:
            - 10.0.0.0/8
            - "2001:db8::/32"
            - 10.1.0.0/16
            - 10.0.0.0/8
            - "::ffff:0:0/96"
            - "::ffff:a00:0/104"
            - ::/0
        """;

    assertThat(faults(base.replace("spec:\n", denied)))
        .extracting(Fault::toString)
        .containsExactly(
            "t.yaml:9:7: spec.denyFrom[3]: 10.0.0.0/8 is denied again, first in line 6; leave one of"
                + " them out",
            "t.yaml:10:7: spec.denyFrom[4]: ::ffff:0:0/96 is a block of IPv4-mapped addresses,"
                + " which no packet bears; give the block of IPv4",
            "t.yaml:11:7: spec.denyFrom[5]: ::ffff:a00:0/104 is a block of IPv4-mapped addresses,"
                + " which no packet bears; give the block of IPv4");
  }

  @Test
  void noMoreBlocksAreDeniedThanWereTried() {
    String base = BASE.replace("{name: blue,", "{name: blue, uplink: up0,");
    String blocks =
        IntStream.rangeClosed(0, DenyChecks.MOST)
            .mapToObj(i -> "100.%d.%d.0/24".formatted(i / 256, i % 256))
            .collect(Collectors.joining(", "));

    assertThat(faults(base.replace("spec:\n", "spec:\n  denyFrom: [" + blocks + "]\n")))
        .singleElement()
        .satisfies(
            fault ->
                assertThat(fault.message())
                    .isEqualTo(
                        "spec.denyFrom[16384]: denyFrom has more than 16384 blocks; give larger"
                            + " ones"));
  }

  @Test
  void isOfTheUsersCategoryAndOneLineForEachFault() {
    InvalidTopologyException e = invalid(BASE.replace("name: a", "name: 5").replace("ns2", "ns1"));

    assertThat(e.category()).isEqualTo(Category.USER);
    assertThat(e)
        .hasMessage(
            "t.yaml:9:13: spec.endpoints[0].name: '5' is a number, not a string; put it in quotes:"
                + " \"5\"\n"
                + "t.yaml:13:14: spec.endpoints[1].netns: network namespace 'ns1' is declared"
                + " again, first in line 10; give another name");
  }

  @Test
  void areToldInOneGoSortedByPosition() {
    String text =
        """
        apiVersion: sluice.dev/v1
        kind: Topology
        metadata: {nam: t}
        spec:
          colour: red
          networks:
            - {name: red, subnets: [10.0.1.0/24, 10.0.1.0/25, 10.0.1], mtu: many}
          endpoints:
            - name: a
              interfaces:
                - {network: blue, name: lo, addresses: [10.0.1.1]}
                - {network: red, name: eth0, addresses: [10.0.1.1, 10.0.9.9]}
        """;

    assertThat(faults(text))
        .extracting(f -> f.line() + ":" + f.column())
        .containsExactly(
            "1:13", "3:11", "3:12", "5:3", "7:42", "7:55", "7:69", "9:7", "11:21", "11:33",
            "12:50");
  }

  @Test
  void aMissingKeyIsAtTheMappingThatLacksIt() {
    assertThat(faults(BASE.replace("kind: Topology\n", "")))
        .containsExactly(new Fault("t.yaml", 1, 1, "key 'kind' is missing; give Topology"));
    assertThat(faults(BASE.replace("      netns: ns2\n", "")))
        .containsExactly(
            new Fault(
                "t.yaml",
                12,
                7,
                "spec.endpoints[1]: key 'netns' is missing; give the name of its network"
                    + " namespace"));
  }

  @Test
  void theLaterOfTwoOverlappingSubnetsIsAtFaultEvenIfItIsTheSmaller() {
    assertThat(faults(BASE.replace("[10.0.1.0/24", "[10.0.0.0/22")))
        .extracting(Fault::toString)
        .containsExactly(
            "t.yaml:7:30: spec.networks[1].subnets[0]: 10.0.2.0/24 overlaps 10.0.0.0/22 of"
                + " network 'red' in line 6; give subnets that have no address in common");
  }

  @Test
  void nothingFollowsFromANetworkThatIsDeclaredTwice() {
    assertThat(faults(BASE.replace("blue", "red")))
        .extracting(Fault::toString)
        .containsExactly(
            "t.yaml:7:14: spec.networks[1].name: network 'red' is declared again, first in line 6;"
                + " give another name");
  }

  @Test
  void aFullSubnetIsAFaultOfTheInterfaceThatFindsNoAddress() {
    String text =
        BASE.replace("10.0.2.0/24", "10.0.2.0/30")
            .replace("name: eth0}]", "name: eth0}, {network: blue, name: eth1}]");

    assertThat(faults(text))
        .extracting(Fault::toString)
        .containsExactly(
            "t.yaml:11:48: spec.endpoints[0].interfaces[1]: no address of 10.0.2.0/30 is free, all"
                + " 2 are taken; give network 'blue' a larger subnet");
  }

  @Test
  void aMacIsUniqueInItsNetworkOnly() {
    String mac = "mac: \"02:00:00:00:00:01\"";
    String both = BASE.replace("name: eth0", "name: eth0, " + mac);
    assertThat(TopologyReader.read("t.yaml", both).endpoints()).hasSize(2);

    assertThat(faults(both.replace("network: red", "network: blue")))
        .extracting(Fault::toString)
        .containsExactly(
            "t.yaml:14:53: spec.endpoints[1].interfaces[0].mac: 02:00:00:00:00:01 is given to an"
                + " interface of this network in line 11 already; give another, or leave it out");
  }

  @Test
  void aPortIsPublishedOnceForEachProtocol() {
    String ports = "ports: [{port: 80, publish: 8080}]";
    String text =
        BASE.replace("netns: ns1", "netns: ns1\n      " + ports)
            .replace("netns: ns2", "netns: ns2\n      " + ports);

    assertThat(faults(text))
        .extracting(Fault::toString)
        .containsExactly(
            "t.yaml:15:35: spec.endpoints[1].ports[0].publish: TCP port 8080 of the node is"
                + " published again, first in line 11; give another port");
    assertThat(
            TopologyReader.read(
                    "t.yaml", text.replaceFirst("port: 80,", "port: 80, protocol: UDP,"))
                .endpoints())
        .hasSize(2);
  }

  @Test
  void aPortNameIsUniqueInItsEndpoint() {
    assertThat(
            faults(
                BASE.replace(
                    "netns: ns1",
                    "netns: ns1\n      ports: [{name: x, port: 1}, {name: x, port: 2}]")))
        .extracting(Fault::toString)
        .containsExactly(
            "t.yaml:11:42: spec.endpoints[0].ports[1].name: port 'x' is declared again, first in"
                + " line 11; give another name");
  }

  @ParameterizedTest
  @CsvSource({"''", "'# nothing'", "'---'", "'null'"})
  void aFileWithoutATopologyIsAFault(String text) {
    assertThat(faults(text))
        .extracting(Fault::toString)
        .containsExactly(
            "t.yaml:1:1: the file declares no topology; give a document of kind Topology");
  }

  @Test
  void aFileHasOneTopology() {
    assertThat(faults(BASE + "---\n" + BASE.replace("name: a", "name: A")))
        .extracting(Fault::line)
        .containsExactly(16, 24);
  }

  @Test
  void whatIsNoYamlIsOneFault() {
    assertThat(faults("a: [1\nb: }"))
        .singleElement()
        .satisfies(f -> assertThat(f.toString()).startsWith("t.yaml:2:2: not YAML: "));
    assertThat(faults("a: 1\nb: x\u0007"))
        .containsExactly(
            new Fault("t.yaml", 2, 5, "the character U+0007 may not stand in YAML; remove it"));
    // Half a pair at the end of the parser's buffer, which holds 1025 characters.
    assertThat(faults("a: \n" + "#".repeat(1020) + "\uD800"))
        .containsExactly(
            new Fault("t.yaml", 2, 1021, "the character U+D800 may not stand in YAML; remove it"));
    assertThat(faults("a: 1\nb: \"\\UFFFFFFFF\""))
        .singleElement()
        .satisfies(f -> assertThat(f.message()).contains("an escape in a string is no character"));
    assertThat(faults("a: *x"))
        .singleElement()
        .satisfies(f -> assertThat(f.message()).contains("undefined alias"));
  }

  @Test
  void limitsHoldAgainstHostileText() {
    assertThat(faults("[".repeat(100_000)))
        .containsExactly(
            new Fault("t.yaml", 1, 65, "mappings and lists are nested deeper than 64 levels"));
    assertThat(faults("x".repeat(YamlDocuments.MAX_LENGTH + 1)))
        .singleElement()
        .satisfies(f -> assertThat(f.message()).contains("more than 4194304 characters"));
    StringBuilder laughs = new StringBuilder("a0: &a0 [x]\n");
    for (int i = 1; i < 60; i++) {
      laughs.append(String.format("a%d: &a%d [*a%d, *a%d]\n", i, i, i - 1, i - 1));
    }
    assertThat(faults(laughs.toString()))
        .singleElement()
        .satisfies(f -> assertThat(f.message()).contains("aliases"));
    assertThat(faults("&a [*a]")).isNotEmpty();
    assertThat(faults("kind: Topology\nspec: &s {networks: [*s], endpoints: *s}")).isNotEmpty();
  }

  @Test
  void messagesObeyNoTerminal() {
    assertThat(faults(BASE.replace("name: a", "\"\\e[31m\\n\\u202E\": x\n      name: a")))
        .singleElement()
        .satisfies(
            f -> assertThat(f.message()).contains("unknown key '\\u001b[31m\\u000a\\u202e'"));
  }

  private static InvalidTopologyException invalid(String text) {
    return catchThrowableOfType(
        InvalidTopologyException.class, () -> TopologyReader.read("t.yaml", text));
  }

  private static List<Fault> faults(String text) {
    InvalidTopologyException e = invalid(text);
    assertThat(e).isNotNull();
    return e.faults();
  }
}
