package dev.sluice.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.policy.PortRange;
import dev.sluice.core.policy.PortSet;
import dev.sluice.core.policy.VerdictChange;
import dev.sluice.core.reconcile.Plan;
import dev.sluice.core.topology.Topology.Protocol;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class VerdictChangeOutputTest {

  private static final PortSet HTTP = new PortSet(List.of(tcp(80, 80), tcp(8080, 8089)), false);

  private static final List<VerdictChange> CHANGES =
      List.of(
          new VerdictChange(true, List.of("a", "b", "c", "d", "e"), List.of("f", "e"), HTTP),
          new VerdictChange(false, List.of("f 10.0.0.1"), List.of("0.0.0.0/0"), PortSet.ALL),
          new VerdictChange(false, List.of("f"), List.of("node"), HTTP.complement()));

  private static PortRange tcp(int from, int to) {
    return new PortRange(Protocol.TCP, from, to);
  }

  private static String printed(Consumer<Console> work) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    work.accept(Console.of(new ByteArrayInputStream(new byte[0]), stream, stream));
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void asATable() {
    assertThat(printed(console -> VerdictChangeText.print(console, CHANGES, false)))
        .isEqualTo(
            """

               SOURCE              DESTINATION  PORTS
            +  a, b, c and 2 more  f, e         tcp/80, tcp/8080-8089
            -  f 10.0.0.1          0.0.0.0/0    all
            -  f                   node         all but tcp/80, tcp/8080-8089
            between 9 pairs something starts to pass, between 2 something stops
            """);
    assertThat(printed(console -> VerdictChangeText.print(console, CHANGES, true)))
        .contains("+  a, b, c, d, e  f, e         tcp/80");
  }

  @Test
  void nothingIsSaidOfNoChange() {
    assertThat(printed(console -> VerdictChangeText.print(console, List.of(), false))).isEmpty();
  }

  @Test
  void aLongListIsCutUnlessAllIsAskedFor() {
    List<VerdictChange> many = Collections.nCopies(VerdictChangeText.SHOWN + 1, CHANGES.get(1));
    assertThat(printed(console -> VerdictChangeText.print(console, many, false)).lines())
        .hasSize(2 + VerdictChangeText.SHOWN + 2)
        .contains("(--all lists each of the 51 lines)");
    assertThat(printed(console -> VerdictChangeText.print(console, many, true)).lines())
        .hasSize(2 + VerdictChangeText.SHOWN + 1 + 1);
  }

  @Test
  void asADocument() {
    PlanDocument plan = PlanDocument.of("demo", "bridge", new Plan(List.of(), Map.of()));
    PlannedDocument document = PlannedDocument.of(plan, CHANGES.subList(1, 3), false);
    assertThat(printed(console -> console.print(OutputFormat.JSON, document)))
        .isEqualTo(
            """
            {
              "topology": "demo",
              "datapath": "bridge",
              "create": 0,
              "change": 0,
              "delete": 0,
              "steps": [],
              "verdicts": {
                "starts": 0,
                "stops": 2,
                "groups": 2,
                "changes": [
                  {
                    "change": "stops",
                    "sources": [
                      "f 10.0.0.1"
                    ],
                    "destinations": [
                      "0.0.0.0/0"
                    ],
                    "ports": [
                      "all"
                    ]
                  },
                  {
                    "change": "stops",
                    "sources": [
                      "f"
                    ],
                    "destinations": [
                      "node"
                    ],
                    "ports": [
                      "tcp/0-79",
                      "tcp/81-8079",
                      "tcp/8090-65535",
                      "udp",
                      "sctp",
                      "other"
                    ]
                  }
                ]
              }
            }
            """);
    List<VerdictChange> many = Collections.nCopies(PlannedDocument.LISTED + 1, CHANGES.get(1));
    assertThat(PlannedDocument.of(plan, many, false).verdicts().changes())
        .hasSize(PlannedDocument.LISTED);
    assertThat(PlannedDocument.of(plan, many, false).verdicts().groups()).isEqualTo(10_001);
    assertThat(PlannedDocument.of(plan, many, true).verdicts().changes()).hasSize(10_001);
  }
}
