package dev.sluice.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.address.Cidr;
import dev.sluice.core.address.IpAddress;
import dev.sluice.core.address.MacAddress;
import dev.sluice.core.kernel.Address;
import dev.sluice.core.kernel.Bridge;
import dev.sluice.core.kernel.Ipvlan;
import dev.sluice.core.kernel.KernelObject;
import dev.sluice.core.kernel.LinkFilter;
import dev.sluice.core.kernel.LinkPair;
import dev.sluice.core.kernel.Loopback;
import dev.sluice.core.kernel.Macvlan;
import dev.sluice.core.kernel.Namespace;
import dev.sluice.core.kernel.Neighbour;
import dev.sluice.core.kernel.NetkitPair;
import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.kernel.NftTable;
import dev.sluice.core.kernel.Route;
import dev.sluice.core.kernel.Rule;
import dev.sluice.core.kernel.Sysctl;
import dev.sluice.core.kernel.VethPair;
import dev.sluice.core.reconcile.Plan;
import dev.sluice.core.reconcile.Step;
import dev.sluice.core.reconcile.kind.Kind;
import dev.sluice.core.reconcile.kind.Kinds;
import dev.sluice.core.topology.Topology.IpvlanMode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PlanOutputTest {

  private static final MacAddress MAC = MacAddress.parse("02:00:00:00:00:01");
  private static final NetnsRef NS1 = NetnsRef.named("ns1");

  private static final Plan PLAN =
      plan(
          List.of(
              step(Step.Op.RESTORE, sysctl("1"), sysctl("0")),
              step(Step.Op.DELETE, new Namespace("old", true), null),
              step(Step.Op.UPDATE, bridge(1400), bridge(1500)),
              step(
                  Step.Op.REPLACE,
                  route(new Route.Via("eth0", IpAddress.parse("10.0.1.1"))),
                  route(new Route.Unreachable())),
              step(Step.Op.CREATE, null, new Namespace("ns1", true))));

  private static Plan plan(List<Step> steps) {
    return new Plan(steps, Map.of());
  }

  private static Step step(Step.Op op, KernelObject before, KernelObject after) {
    return new Step(
        op,
        Optional.ofNullable(before),
        Optional.ofNullable(after),
        after == null ? List.of() : List.of("demo"));
  }

  private static Bridge bridge(int mtu) {
    return new Bridge("sbred", MAC, mtu, false, "sluice demo/red", true);
  }

  private static Route route(Route.Target target) {
    return new Route(NS1, Route.MAIN, Cidr.parse("0.0.0.0/0"), target);
  }

  private static Sysctl sysctl(String value) {
    return new Sysctl(NetnsRef.NODE, "net/ipv6/conf/all/forwarding", Optional.empty(), value);
  }

  private static String printed(Consumer<Console> work) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    work.accept(Console.of(new ByteArrayInputStream(new byte[0]), stream, stream));
    return out.toString(StandardCharsets.UTF_8);
  }

  private static String printed(Plan plan, PlanText.Tense tense, boolean all) {
    return printed(console -> PlanText.print(console, plan, tense, all));
  }

  @Test
  void stepsAreListedInTheOrderOfTheirKeys() {
    assertThat(printed(PLAN, PlanText.Tense.PLANNED, false))
        .isEqualTo(
            """
               OBJECT                               IN         WHAT
            +  namespace ns1
            -  namespace old
            ~  link sbred                           the node   mtu 1400 → 1500
            ±  route 0.0.0.0/0                      netns ns1  type none → unreachable, via 10.0.1.1 → none, dev eth0 → none
            <  sysctl net/ipv6/conf/all/forwarding  the node   value 1 → 0
            1 to create, 3 to change, 1 to delete
            """);
  }

  @Test
  void whatIsMadeIsToldByWhatMatters() {
    Plan plan = plan(List.of(step(Step.Op.CREATE, null, bridge(1500))));
    assertThat(printed(plan, PlanText.Tense.DONE, false))
        .isEqualTo(
            """
               OBJECT      IN        WHAT
            +  link sbred  the node  bridge, mac 02:00:00:00:00:01, mtu 1500
            1 created, 0 changed, 0 deleted
            """);
  }

  @Test
  void anEmptyPlanSaysSo() {
    Plan empty = plan(List.of());
    assertThat(printed(empty, PlanText.Tense.PLANNED, false)).isEqualTo("Nothing to change.\n");
    assertThat(printed(empty, PlanText.Tense.DONE, false))
        .isEqualTo("Nothing had to be changed.\n");
  }

  @Test
  void manyStepsAreCountedByTypeUnlessAllAreAskedFor() {
    List<Step> steps =
        IntStream.rangeClosed(1, 201)
            .mapToObj(i -> step(Step.Op.CREATE, null, new Namespace("n" + i, true)))
            .toList();
    assertThat(printed(plan(steps), PlanText.Tense.PLANNED, false))
        .isEqualTo(
            """
               TYPE       STEPS
            +  namespace  201
            (--all lists each of the 201 steps)
            201 to create, 0 to change, 0 to delete
            """);
    assertThat(printed(plan(steps), PlanText.Tense.PLANNED, true).lines()).hasSize(1 + 201 + 1);
    assertThat(printed(plan(steps.subList(0, 200)), PlanText.Tense.PLANNED, false).lines())
        .hasSize(1 + 200 + 1);
  }

  @Test
  void theDocumentHasEachStepWithItsFields() {
    Plan plan =
        plan(
            List.of(
                step(Step.Op.UPDATE, bridge(1400), bridge(1500)),
                step(Step.Op.DELETE, new Namespace("old", true), null)));
    PlanDocument document = PlanDocument.of("demo", "bridge", plan);
    assertThat(printed(console -> console.print(OutputFormat.JSON, document)))
        .isEqualTo(
            """
            {
              "topology": "demo",
              "datapath": "bridge",
              "create": 0,
              "change": 1,
              "delete": 1,
              "steps": [
                {
                  "op": "delete",
                  "type": "namespace",
                  "netns": "",
                  "id": "old",
                  "fields": [],
                  "owners": []
                },
                {
                  "op": "update",
                  "type": "link",
                  "netns": "",
                  "id": "sbred",
                  "fields": [
                    {
                      "name": "mtu",
                      "before": "1400",
                      "after": "1500"
                    }
                  ],
                  "owners": [
                    "demo"
                  ]
                }
              ]
            }
            """);
    assertThat(printed(console -> console.print(OutputFormat.YAML, document)))
        .startsWith("topology: \"demo\"\ndatapath: \"bridge\"\ncreate: 0\n")
        .contains("  - op: \"delete\"\n    type: \"namespace\"\n");
  }

  private static NftTable table(String rule) {
    return new NftTable(
        NetnsRef.NODE,
        "inet",
        "sluice-t",
        List.of(),
        List.of(NftTable.NftSet.of("s", "type mark;", Set.of("1", "2"))),
        List.of(new NftTable.NftChain("c", Optional.empty(), List.of(rule))),
        Set.of());
  }

  @Test
  void aTableThatWasChangedByHandIsReplacedAsAWhole() {
    NftTable wanted = table("drop");
    NftTable found = NftTable.altered(NetnsRef.NODE, "inet", "sluice-t");
    Plan plan = plan(List.of(step(Step.Op.UPDATE, found, wanted)));
    String content = ObjectFields.of(wanted).get("content");
    assertThat(printed(plan, PlanText.Tense.PLANNED, false))
        .contains(
            "the node  altered, is replaced as a whole: chains 1, rules 1, elements 2, content "
                + content
                + "\n");
    assertThat(PlanDocument.of("demo", "bridge", plan).steps().get(0).fields())
        .containsExactly(
            new PlanDocument.FieldDocument("chains", "altered", "1"),
            new PlanDocument.FieldDocument("rules", "altered", "1"),
            new PlanDocument.FieldDocument("elements", "altered", "2"),
            new PlanDocument.FieldDocument("content", "altered", content));
    Plan known = plan(List.of(step(Step.Op.UPDATE, table("accept"), wanted)));
    assertThat(printed(known, PlanText.Tense.PLANNED, false))
        .contains(" → " + content)
        .doesNotContain("altered", "chains", "rules");
  }

  @Test
  void everyKindOfObjectHasWords() {
    LinkPair.End end = new LinkPair.End("sv1", MAC, 1500, true);
    List<KernelObject> all =
        List.of(
            new Namespace("ns1", true),
            bridge(1500),
            new VethPair(
                end,
                Optional.of("sbred"),
                false,
                "sluice",
                NS1,
                new LinkPair.End("eth0", MAC, 1500, true)),
            new NetkitPair(end, "sluice", NS1, end, true),
            new Macvlan(NS1, "eth0", "sp1", true, MAC, 1500, true),
            new Ipvlan(
                NS1, "eth0", NetnsRef.named("hidden"), "parent", IpvlanMode.L2, true, 1500, true),
            new Loopback(NS1, true),
            new Address(NS1, "eth0", IpAddress.parse("10.0.1.2"), 24),
            route(new Route.OnLink("eth0", Optional.of(IpAddress.parse("10.0.1.2")))),
            new Rule(NetnsRef.NODE, true, 5200, "sbred", Optional.empty(), 7),
            new Neighbour(NetnsRef.NODE, "sbred", IpAddress.parse("10.0.1.2"), MAC),
            sysctl("1"),
            new LinkFilter("up0", MAC, true),
            table("drop"));
    assertThat(all.stream().<Class<?>>map(Object::getClass))
        .containsExactlyInAnyOrderElementsOf(
            Kinds.core().all().stream().<Class<?>>map(Kind::type).toList());
    assertThat(all.stream().map(o -> String.join(" ", ObjectFields.of(o).keySet())))
        .containsExactly(
            "published",
            "kind mac mtu netfilter up alias",
            "kind master hairpin mac mtu up alias peer peer mac peer mtu peer up",
            "kind policy mac mtu up alias peer peer mac peer mtu peer up",
            "kind mode parent mac mtu up",
            "kind mode parent mtu up",
            "up",
            "",
            "dev src",
            "table",
            "mac",
            "value",
            "accepted",
            "chains rules elements content");
  }
}
