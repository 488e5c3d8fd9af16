package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.command.ExitStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands on a node that a namespace plays, from nothing to nothing. */
class NodeCommandsTest {

  @TempDir private Path directory;

  private final LabNode node = new LabNode();
  private String file;

  @BeforeEach
  void writeFile() throws IOException {
    file = Files.writeString(directory.resolve("pair.yaml"), TestTopology.YAML).toString();
  }

  @AfterEach
  void removeNode() throws IOException {
    node.close();
  }

  /** The deny list of eBPF is a program at the uplink. */
  @Test
  void anUplinkTellsWhereItRunsItsProgram() throws IOException {
    node.witness("ip link add up0 type veth peer name beyond0");
    String denying =
        TestTopology.YAML
            .replace("  networks:\n", "  denyFrom: [203.0.113.0/24]\n  networks:\n")
            .replace("name: red,", "name: red, uplink: up0,");
    node.runWithInput(denying, "apply", "-", "--datapath", "ebpf").expect(ExitStatus.DONE);

    assertThat(node.run("status", "pair").expect(ExitStatus.DONE).out())
        .endsWith("\n\nUPLINK  XDP\nup0     native\n");
    assertThat(node.run("policy", "pair").expect(ExitStatus.DONE).out())
        .contains("\ndenied-source    0        0\n")
        .contains("\nDENIED FROM     PACKETS  BYTES\n203.0.113.0/24  0        0\n")
        .containsPattern("\nFLOWS IN +ENTRIES +ROOM\nestablished +0 +65536\n");
    node.run("destroy", "pair").expect(ExitStatus.DONE);
  }

  @Test
  void aTopologyComesAndGoes() throws IOException {
    String before = node.witness("sh -c 'ip link; ip rule; ip route show table all'");
    assertThat(node.run("plan", file).expect(ExitStatus.DONE).out())
        .contains("+  namespace left")
        .containsPattern("\\d+ to create, 0 to change, 0 to delete\n$");
    node.run("plan", file, "--detailed-exitcode").expect(ExitStatus.CHANGES);

    Outcome applied = node.run("apply", file).expect(ExitStatus.DONE);
    assertThat(applied.out()).containsPattern("\\d+ created, 0 changed, 0 deleted\n$");
    assertThat(applied.err()).matches("pair applied in \\d+\\.\\d\\d s\n");

    assertThat(node.run("plan", file, "--detailed-exitcode").expect(ExitStatus.DONE).out())
        .isEqualTo("Nothing to change.\n");
    assertThat(node.run("apply", file).expect(ExitStatus.DONE).out())
        .isEqualTo("Nothing had to be changed.\n");
    assertThat(node.run("status").expect(ExitStatus.DONE).out())
        .containsPattern("pair +bridge +applied +2 +\\d+ +0\n");
    assertThat(node.run("status", "pair").expect(ExitStatus.DONE).out())
        .containsPattern(
            "server +right +eth0 +blue +10\\.0\\.2\\.2, fd00:0:0:2::2 +[0-9a-f:]{17}\n");

    Outcome checked = node.run("check", "pair", "-o", "json").expect(ExitStatus.DONE);
    assertThat(checked.out())
        .startsWith("{\n  \"topology\": \"pair\",\n  \"datapath\": \"bridge\",\n  \"probes\": ")
        .containsPattern(
            "\"probes\": (\\d+),\\s+\"agree\": \\1,\\s+\"disagree\": \\[],\\s+\"sampled\": false,");

    Outcome destroyed = node.run("destroy", "pair").expect(ExitStatus.DONE);
    assertThat(destroyed.out()).containsPattern("0 created, 0 changed, \\d+ deleted\n$");
    assertThat(node.witness("sh -c 'ip link; ip rule; ip route show table all'")).isEqualTo(before);
    assertThat(node.names().resolve("left")).doesNotExist();
    assertThat(node.run("destroy", "pair").expect(ExitStatus.BAD_INPUT).err())
        .contains("no topology pair");
    assertThat(node.run("status").expect(ExitStatus.DONE).out()).startsWith("No topology");
  }

  @Test
  void driftIsCountedShownAndMended() {
    node.run("apply", file).expect(ExitStatus.DONE);
    String bridge = node.witness("ip -o link show type bridge").split(": ", -1)[1];
    node.witness("ip link set " + bridge + " mtu 1400");
    assertThat(node.run("status", "-o", "json").expect(ExitStatus.DONE).out())
        .contains("\"drift\": 1");
    assertThat(node.run("plan", file).expect(ExitStatus.DONE).out())
        .contains("mtu 1400 → 1500")
        .endsWith("0 to create, 1 to change, 0 to delete\n");
    assertThat(node.run("apply", file).expect(ExitStatus.DONE).out())
        .endsWith("0 created, 1 changed, 0 deleted\n");
    node.run("plan", file, "--detailed-exitcode").expect(ExitStatus.DONE);
  }

  @Test
  void aCheckThatDisagreesFailsAndSaysWhere() {
    node.run("apply", file).expect(ExitStatus.DONE);
    LabNode.shell("nsenter --net=" + node.names().resolve("right") + " ip link set eth0 down");
    Outcome checked = node.run("check", "pair").expect(ExitStatus.FAILED);
    assertThat(checked.out()).containsPattern("client +server +10\\.0\\.2\\.2 +tcp");
  }

  @Test
  void aNamespaceThatIsGoneIsNamedWithWhatMendsIt() {
    node.run("apply", file).expect(ExitStatus.DONE);
    Path gone = node.names().resolve("right");
    LabNode.shell("umount " + gone + " && rm " + gone);
    Outcome checked = node.run("check", "pair", "-o", "json").expect(ExitStatus.FAILED);
    assertThat(checked.out()).isEmpty();
    assertThat(checked.err()).isEqualTo("sluice: namespace right is gone: sluice apply mends it\n");
    node.run("apply", file).expect(ExitStatus.DONE);
    node.run("check", "pair").expect(ExitStatus.DONE);
  }

  @Test
  void whatIsNotThereIsNamed() {
    String nobody = "sluice: no topology nobody on node netns-" + node.name() + "; there is none";
    for (String command : List.of("check", "policy", "destroy")) {
      assertThat(node.run(command, "nobody").expect(ExitStatus.BAD_INPUT).err())
          .isEqualTo(nobody + "; sluice apply FILE makes one\n");
    }
    assertThat(node.run("verdict", "nobody", "a", "b", "icmp").expect(ExitStatus.BAD_INPUT).err())
        .startsWith(nobody)
        .endsWith("; if that is a file: ./nobody\n");
    assertThat(node.run("status", "nobody").expect(ExitStatus.BAD_INPUT).err())
        .contains("no topology nobody");
    assertThat(
            Outcome.of("status", "--node-netns", "nosuchnode").expect(ExitStatus.BAD_INPUT).err())
        .contains("nosuchnode");
  }

  @Test
  void whatIsStoredForANodeThatIsGoneIsToldWithWhatMendsIt() {
    node.run("apply", file).expect(ExitStatus.DONE);
    LabNode.shell("ip netns del " + node.name());
    assertThat(node.run("status").expect(ExitStatus.BAD_INPUT).err())
        .contains("make it with: ip netns add " + node.name() + "; then sluice apply mends")
        .endsWith(" what is stored for it: pair\n");
    LabNode.shell("ip netns add " + node.name());
    node.run("apply", file).expect(ExitStatus.DONE);
    node.run("check", "pair").expect(ExitStatus.DONE);
  }

  @Test
  void aForeignLinkOfAWantedNameIsRefusedBeforeTheFirstStep() {
    String plan = node.run("plan", file).expect(ExitStatus.DONE).out();
    String bridge = plan.replaceFirst("(?s).*link (\\S+) .*? bridge, .*", "$1");
    node.witness("ip link add " + bridge + " type bridge");
    String before = node.witness("ip -o link");
    Outcome refused = node.run("apply", file).expect(ExitStatus.FAILED);
    assertThat(refused.err()).contains(bridge).contains("nothing was changed");
    assertThat(node.witness("ip -o link")).isEqualTo(before);
  }

  @Test
  void aStateDirectoryThatCannotBeWrittenIsALackOfTheHost() throws IOException {
    Path state = Path.of("/var/lib/sluice/netns-" + node.name());
    Files.createDirectories(state.getParent());
    Files.createFile(state);
    try {
      assertThat(node.run("doctor").expect(ExitStatus.LACKING).out())
          .containsPattern("state +no +" + state + " cannot be written");
    } finally {
      Files.delete(state);
    }
  }

  @Test
  void doctorReadsTheNodesOwnSettings() {
    Path setting = Path.of("/proc/sys/net/bridge/bridge-nf-call-iptables");
    String shown =
        Files.exists(setting)
            ? "bridges bypass iptables +%s +net.bridge.bridge-nf-call-iptables is %s"
            : "bridges bypass iptables +yes +br_netfilter is not loaded";
    for (String value : List.of("0", "1")) {
      if (Files.exists(setting)) {
        node.witness("sysctl -q -w net.bridge.bridge-nf-call-iptables=" + value);
      }
      assertThat(node.run("doctor").expect(ExitStatus.DONE).out())
          .containsPattern(shown.formatted(value.equals("0") ? "yes" : "no", value));
    }
  }

  @Test
  void doctorAsksTheRouterOfAWire() throws IOException {
    node.witness("ip link add up0 type veth peer name beyond0");
    node.witness("ip link set up0 up");
    node.witness("ip link set beyond0 up");
    node.witness("ip addr add 10.0.1.1/24 dev beyond0");
    String wired =
        TestTopology.YAML.replace(
            "name: red,", "name: red, parent: up0, gateway: [10.0.1.1, \"fd00:0:0:1::1\"],");
    node.runWithInput(wired, "apply", "-", "--datapath", "ebpf").expect(ExitStatus.DONE);
    assertThat(node.run("doctor").expect(ExitStatus.DONE).out())
        .containsPattern("wire of up0 +yes +10.0.1.1 answers the endpoints of topology pair\n");
    node.witness("ip addr del 10.0.1.1/24 dev beyond0");
    assertThat(node.run("doctor").expect(ExitStatus.DONE).out())
        .containsPattern("wire of up0 +no +10.0.1.1 answers neither this node nor the endpoints");
    node.run("destroy", "pair").expect(ExitStatus.DONE);
  }

  /** Told before it is asked whether the kernel has such devices. */
  @Test
  void planTellsWhatAnIpvlanCannotDo() throws IOException {
    String l3 = TestTopology.YAML.replace("name: red,", "name: red, ipvlan: {mode: l3},");
    assertThat(node.runWithInput(l3, "plan", "-", "--datapath", "ipvlan").err())
        .startsWith("note: spec.networks[0].ipvlan.mode: in mode l3 endpoints neither speak ARP");
    assertThat(node.runWithInput(l3, "plan", "-").expect(ExitStatus.DONE).err())
        .doesNotContain("note: ");
  }

  @Test
  void doctorTellsFeaturesDatapathsAndDirectories() {
    assertThat(node.run("doctor").expect(ExitStatus.DONE).out())
        .startsWith("Linux ")
        .containsPattern("veth pairs +yes +CONFIG_VETH +2\\.6\\.24\n")
        .containsPattern(
            "BPF programs at devices by links \\(TCX\\) +(yes|no) +CONFIG_NET_XGRESS +6\\.6\n")
        .containsPattern(
            "BPF programs at devices by filters \\(clsact\\) +yes +CONFIG_NET_SCH_INGRESS and"
                + " CONFIG_NET_CLS_BPF +4\\.5\n")
        .containsPattern(
            "netkit devices that tell of IFLA_NETKIT_SCRUB +(yes|no) +CONFIG_NETKIT +6\\.12\n")
        .containsPattern("bridge +yes +veth pairs")
        .containsPattern("libbpf +yes +libbpf\\.so\\.1 is there")
        .containsPattern("state +yes +/var/lib/sluice/netns-" + node.name())
        .containsPattern("neighbour table +(yes|no) +room for \\d+ ")
        .containsPattern("IPv6 forwarding +yes +")
        .containsPattern("leftovers +yes +");
    assertThat(node.run("doctor", "-o", "json").expect(ExitStatus.DONE).out())
        .contains("\"datapaths\": [", "\"option\": \"CONFIG_BRIDGE\"", "\"available\": \"yes\"");
  }
}
