package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.command.ExitStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the commands tell of a node where policies are enforced. */
class PolicyCommandsTest {

  @TempDir private Path directory;

  private final LabNode node = new LabNode();

  @BeforeEach
  void apply() throws IOException {
    node.run("apply", file("pair.yaml", PolicyTopology.YAML)).expect(ExitStatus.DONE);
  }

  @AfterEach
  void removeNode() throws IOException {
    node.close();
  }

  private String file(String name, String yaml) throws IOException {
    return Files.writeString(directory.resolve(name), yaml).toString();
  }

  /** Runs a shell command in an endpoint's namespace; whether it succeeds is the command's say. */
  private void in(String netns, String command) {
    LabNode.shell("nsenter --net=" + node.names().resolve(netns) + " " + command);
  }

  @Test
  void whatPassedAndWhatDidNotIsCounted() {
    // Refused by the endpoint, as nobody listens there: the packet has come through.
    in("left", "bash -c '! echo > /dev/tcp/10.0.2.2/80' 2>/dev/null");
    in("left", "bash -c 'echo > /dev/udp/10.0.2.2/54'");
    in("left", "bash -c 'echo > /dev/udp/fd00:0:0:2::2/54'");
    in("right", "sh -c '! ping -n -c 1 -W 1 10.0.1.2' >/dev/null");

    Outcome shown = node.run("policy", "pair").expect(ExitStatus.DONE);
    assertThat(shown.err()).isEmpty();
    assertThat(shown.out())
        .containsPattern("client +ingress +default deny: default/deny +everybody +all +1 +84\n")
        .containsPattern("client, server +egress +not isolated +everybody +all\n")
        .containsPattern(
            "server +ingress +default/web ingress\\[0\\] +client +tcp/80, udp/53 +1 +60\n")
        .containsPattern(
            "server +ingress +default/web ingress\\[1\\] +10.0.1.0/24 except 10.0.1.128/25"
                + " +tcp/9000-9009 +0 +0\n")
        .containsPattern(
            "server +ingress +default deny: default/deny, default/web +else +all +2 +78\n")
        .containsPattern("\nDROPPED +PACKETS +BYTES\n")
        .containsPattern("\nspoofed-ip +0 +0\n");
  }

  @Test
  void ofOneEndpointOnlyWhatConcernsIt() {
    assertThat(node.run("policy", "pair", "client", "-o", "json").expect(ExitStatus.DONE).out())
        .contains("\"counted\": true", "\"client\"\n", "\"drops\": []", "\"sharedBy\": 1")
        .doesNotContain("web ingress[0]");
    assertThat(node.run("policy", "pair", "cliemt").expect(ExitStatus.BAD_INPUT).err())
        .isEqualTo("sluice: no endpoint cliemt in pair; did you mean 'client'?\n");
    assertThat(node.run("policy", "nobody").expect(ExitStatus.BAD_INPUT).err())
        .contains("no topology nobody");
    assertThat(node.run("policy", "pair.yaml").expect(ExitStatus.BAD_INPUT).err())
        .endsWith(
            "there are: pair; if that is a file, first: sluice apply pair.yaml, then give its"
                + " name\n");
  }

  @Test
  void countersThatAreGoneAreNotTakenForZero() {
    node.witness("nft delete table inet sluice-pair");
    Outcome shown = node.run("policy", "pair", "client").expect(ExitStatus.DONE);
    assertThat(shown.out()).containsPattern("default deny: default/deny +everybody +all +- +-\n");
    assertThat(shown.err())
        .isEqualTo(
            "sluice: not counted: the node has no table inet sluice-pair as it should be; sluice apply mends it\n");
  }

  @Test
  void aCheckAgreesWithPolicyAndFailsWhereItIsNotEnforced() {
    Outcome agreed = node.run("check", "pair", "-o", "json").expect(ExitStatus.DONE);
    assertThat(agreed.out())
        .containsPattern("\"probes\": (\\d+),\\s+\"agree\": \\1,")
        .contains("\"ports\": 6,\n  \"allPorts\": 6\n");

    node.witness("nft flush chain inet sluice-pair forward");
    assertThat(node.run("check", "pair").expect(ExitStatus.FAILED).out())
        .containsPattern("client +server +10.0.2.2 +udp/9 +endpoint +deny +pass +")
        .containsPattern("client +server +10.0.2.2 +sctp/9 +endpoint +deny +pass +")
        .containsPattern("client +server +fd00:0:0:2::2 +tcp/9000 +endpoint +deny +pass +")
        .containsPattern("server +client +10.0.1.2 +icmp +endpoint +deny +pass +")
        .doesNotContainPattern("server +10.0.2.2 +tcp/9000 ")
        .doesNotContainPattern("server +\\S+ +tcp/80 ");
  }

  @Test
  void aVerdictIsOfTheStoredTopology() {
    assertThat(node.run("verdict", "pair", "client", "server", "tcp/http").expect(0).out())
        .isEqualTo(
            """
            SOURCE  DESTINATION  PROTOCOL  DIRECTION  DECISION  WHY
            client  server       tcp/80    egress     allow     not isolated
            client  server       tcp/80    ingress    allow     default/web ingress[0]

            tcp/80 from client to server: allowed
            """);
    assertThat(node.run("verdict", "pobody", "client", "server", "gre").expect(65).err())
        .contains("no topology pobody");
  }

  /** Nobody declares it: it is made of the MAC, which the machine gives. */
  @Test
  void aLinkLocalAddressMeansItsEndpoint() {
    String address =
        LabNode.shell(
                "nsenter --net="
                    + node.names().resolve("left")
                    + " ip -o -6 address show dev eth0 scope link")
            .replaceFirst("(?s).* inet6 ([0-9a-f:]+)/.*", "$1");
    assertThat(node.run("verdict", "pair", address, "server", "tcp/http").expect(0).out())
        .contains("default/web ingress[0]");
  }

  @Test
  void aPlanTellsWhatStartsAndWhatStopsToPass() throws IOException {
    String other = file("other.yaml", PolicyTopology.YAML.replace("port: 53", "port: 5353"));
    assertThat(node.run("plan", other).expect(ExitStatus.DONE).out())
        .endsWith(
            """
            0 to create, 1 to change, 0 to delete

               SOURCE  DESTINATION  PORTS
            +  client  server       udp/5353
            -  client  server       udp/53
            between 1 pairs something starts to pass, between 1 something stops
            """);
    assertThat(node.run("plan", other, "-o", "json").expect(ExitStatus.DONE).out())
        .contains("\"verdicts\": {\n    \"starts\": 1,\n    \"stops\": 1,\n    \"groups\": 2,");
    node.run("plan", other, "--detailed-exitcode").expect(ExitStatus.CHANGES);
    // That nothing was stored, or counted, on the way.
    assertThat(node.run("plan", directory.resolve("pair.yaml").toString()).expect(0).out())
        .isEqualTo("Nothing to change.\n");
  }
}
