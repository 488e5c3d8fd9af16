package dev.sluice.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.command.PolicyDocument.AllowLine;
import dev.sluice.cli.command.PolicyDocument.CountLine;
import dev.sluice.cli.command.PolicyDocument.DeniedLine;
import dev.sluice.cli.command.PolicyDocument.DropLine;
import dev.sluice.cli.command.PolicyDocument.RoomLine;
import dev.sluice.cli.command.PolicyDocument.RuleLine;
import dev.sluice.cli.command.PolicyDocument.SideLine;
import dev.sluice.cli.command.StatusDocuments.InterfaceLine;
import dev.sluice.cli.command.StatusDocuments.Line;
import dev.sluice.cli.command.StatusDocuments.Overview;
import dev.sluice.cli.output.Console;
import dev.sluice.cli.output.OutputFormat;
import dev.sluice.core.check.CheckReport;
import dev.sluice.core.check.Disagreement;
import dev.sluice.core.reconcile.Intent;
import dev.sluice.core.reconcile.Topologies;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The exact shape of what people and programs read. */
class GoldenOutputTest {

  private static final List<Line> LINES =
      List.of(
          Line.of(
              new Topologies.Status("shop", "bridge", Intent.Phase.APPLIED, 12, 340, 0, List.of())),
          Line.of(
              new Topologies.Status("x", "ebpf", Intent.Phase.ROLLING_BACK, 2, 54, 3, List.of())));

  private static final CheckReport REPORT =
      new CheckReport(
          "shop",
          "bridge",
          52,
          51,
          List.of(
              new Disagreement(
                  "a", "node", "10.0.0.1", "icmp", 0, "gateway", "pass", "deny", "no answer")),
          true,
          4000,
          9900,
          8,
          20);

  private static String printed(Consumer<Console> work) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    work.accept(Console.of(new ByteArrayInputStream(new byte[0]), stream, stream));
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void statusAsATable() {
    assertThat(StatusCommand.table(LINES).render(false))
        .isEqualTo(
            """
            TOPOLOGY  DATAPATH  STATE         ENDPOINTS  OBJECTS  DRIFT
            shop      bridge    applied       12         340      0
            x         ebpf      rolling-back  2          54       3
            """);
    InterfaceLine line =
        new InterfaceLine("a", "ns1", "eth0", "red", List.of("10.0.1.2", "fd00::2"), "02::");
    assertThat(StatusCommand.interfaceTable(List.of(line)).render(false))
        .isEqualTo(
            """
            ENDPOINT  NETNS  INTERFACE  NETWORK  ADDRESSES          MAC
            a         ns1    eth0       red      10.0.1.2, fd00::2  02::
            """);
  }

  @Test
  void statusAsADocument() {
    Overview overview = new Overview("host", LINES.subList(0, 1));
    assertThat(printed(console -> console.print(OutputFormat.JSON, overview)))
        .isEqualTo(
            """
            {
              "node": "host",
              "topologies": [
                {
                  "topology": "shop",
                  "datapath": "bridge",
                  "state": "applied",
                  "endpoints": 12,
                  "objects": 340,
                  "drift": 0,
                  "faults": []
                }
              ]
            }
            """);
  }

  @Test
  void checkAsATable() {
    assertThat(printed(console -> CheckCommand.print(console, OutputFormat.TABLE, REPORT)))
        .isEqualTo(
            """
            TOPOLOGY  DATAPATH  PROBES  AGREE  DISAGREE
            shop      bridge    52      51     1

            FROM  TO    ADDRESS   PROTOCOL  KIND     EXPECTED  SEEN  DETAIL
            a     node  10.0.0.1  icmp      gateway  pass      deny  no answer
            sluice: not all pairs of endpoints were probed, but 4000 of 9900; see docs/commands.md
            sluice: at each pair not all ports were probed, but 8 of 20; see docs/commands.md
            """);
  }

  @Test
  void checkAsADocument() {
    assertThat(printed(console -> CheckCommand.print(console, OutputFormat.JSON, REPORT)))
        .isEqualTo(
            """
            {
              "topology": "shop",
              "datapath": "bridge",
              "probes": 52,
              "agree": 51,
              "disagree": [
                {
                  "from": "a",
                  "to": "node",
                  "address": "10.0.0.1",
                  "protocol": "icmp",
                  "port": 0,
                  "kind": "gateway",
                  "expected": "pass",
                  "seen": "deny",
                  "detail": "no answer"
                }
              ],
              "sampled": true,
              "pairs": 4000,
              "allPairs": 9900,
              "ports": 8,
              "allPorts": 20
            }
            sluice: not all pairs of endpoints were probed, but 4000 of 9900; see docs/commands.md
            sluice: at each pair not all ports were probed, but 8 of 20; see docs/commands.md
            """);
  }

  private static final PolicyDocument POLICY =
      new PolicyDocument(
          "shop",
          "bridge",
          true,
          List.of(
              new SideLine(
                  List.of("a", "b", "c", "d", "e"),
                  "ingress",
                  List.of("default/deny", "x/web"),
                  List.of(
                      new RuleLine(
                          "x/web ingress[0]",
                          List.of(
                              new AllowLine(
                                  "endpoints", List.of("f"), "", List.of(), List.of("tcp/80")),
                              new AllowLine(
                                  "block",
                                  List.of(),
                                  "10.0.0.0/8",
                                  List.of("10.1.0.0/16"),
                                  List.of())),
                          12,
                          720,
                          7)),
                  new CountLine(3, 180, 5)),
              new SideLine(List.of("f"), "egress", List.of(), List.of(), new CountLine(0, 0, 1))),
          List.of(new DropLine("spoofed-ip", 1, 60)),
          List.of(new DeniedLine("203.0.113.0/24", 4, 240), new DeniedLine("::/0", 0, 0)),
          List.of(new RoomLine("established", 12, 65_536)));

  @Test
  void policyAsATable() {
    assertThat(printed(console -> PolicyCommand.print(console, POLICY)))
        .isEqualTo(
            """
            ENDPOINTS           DIRECTION  RULE                               PEERS                          PORTS   PACKETS  BYTES  SHARED BY
            a, b, c and 2 more  ingress    x/web ingress[0]                   f                              tcp/80  12       720    7 endpoints
            a, b, c and 2 more  ingress    x/web ingress[0]                   10.0.0.0/8 except 10.1.0.0/16  all
            a, b, c and 2 more  ingress    default deny: default/deny, x/web  else                           all     3        180    5 endpoints
            f                   egress     not isolated                       everybody                      all

            DROPPED     PACKETS  BYTES
            spoofed-ip  1        60

            DENIED FROM     PACKETS  BYTES
            203.0.113.0/24  4        240
            ::/0            0        0

            FLOWS IN     ENTRIES  ROOM
            established  12       65536
            """);
  }

  @Test
  void policyAsADocument() {
    assertThat(printed(console -> console.print(OutputFormat.YAML, POLICY)))
        .isEqualTo(
            """
            topology: "shop"
            datapath: "bridge"
            counted: true
            sides:
              - endpoints:
                  - "a"
                  - "b"
                  - "c"
                  - "d"
                  - "e"
                direction: "ingress"
                isolatedBy:
                  - "default/deny"
                  - "x/web"
                rules:
                  - rule: "x/web ingress[0]"
                    allows:
                      - peers: "endpoints"
                        endpoints:
                          - "f"
                        block: ""
                        except: []
                        ports:
                          - "tcp/80"
                      - peers: "block"
                        endpoints: []
                        block: "10.0.0.0/8"
                        except:
                          - "10.1.0.0/16"
                        ports: []
                    packets: 12
                    bytes: 720
                    sharedBy: 7
                denied:
                  packets: 3
                  bytes: 180
                  sharedBy: 5
              - endpoints:
                  - "f"
                direction: "egress"
                isolatedBy: []
                rules: []
                denied:
                  packets: 0
                  bytes: 0
                  sharedBy: 1
            drops:
              - reason: "spoofed-ip"
                packets: 1
                bytes: 60
            deniedSources:
              - source: "203.0.113.0/24"
                packets: 4
                bytes: 240
              - source: "::/0"
                packets: 0
                bytes: 0
            rooms:
              - map: "established"
                entries: 12
                room: 65536
            """);
  }
}
