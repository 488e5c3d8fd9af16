package dev.sluice.cli.command;

import dev.sluice.cli.output.Console;
import dev.sluice.cli.output.OutputFormat;
import dev.sluice.cli.output.Paint;
import dev.sluice.cli.output.Table;
import dev.sluice.core.check.CheckReport;
import dev.sluice.core.check.Disagreement;
import dev.sluice.core.check.Expected;
import dev.sluice.core.check.Prober;
import dev.sluice.core.metrics.MeteredCheck;
import dev.sluice.core.metrics.MeteredDrops;
import dev.sluice.core.metrics.MeteredEndpoints;
import dev.sluice.core.metrics.MeteredRoom;
import dev.sluice.core.reconcile.Counts;
import dev.sluice.core.reconcile.Intent;
import dev.sluice.core.reconcile.Topologies;
import dev.sluice.core.topology.Topology;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Sends real packets through a topology and compares what passes with what must. */
@Command(
    name = "check",
    header = "Send real packets through a topology, and compare what passes with what must.",
    description = {
      "TCP, UDP and ICMP, IPv4 and IPv6, between endpoints, their gateways and the node, at the"
          + " full MTU too. With policies SCTP as well, and every port that a policy or an endpoint"
          + " mentions, with those beside a range: what has to be denied must not arrive. Binds no"
          + " port and changes no setting in a live endpoint; a datagram to a port that is"
          + " mentioned does reach who listens there."
    },
    footer = {
      "%nExamples:",
      "  sluice check two-subnets",
      "  sluice check three-tier-policy -o json"
    },
    exitCodeListHeading = HelpText.EXIT_HEADING,
    exitCodeList = {
      "0:all probes agree",
      "1:some do not; each is listed",
      HelpText.USAGE,
      HelpText.NO_TOPOLOGY,
      HelpText.LACKING,
      HelpText.OUR_FAULT,
      HelpText.NOT_PERMITTED,
      HelpText.INTERRUPTED
    })
public final class CheckCommand implements Callable<Integer> {

  private final Invocation invocation;

  @Parameters(paramLabel = "NAME", description = "The topology's name, as status lists it.")
  private String name = "";

  @Mixin private SharedOptions.Output output = new SharedOptions.Output();
  @Mixin private SharedOptions.OfNode ofNode = new SharedOptions.OfNode();
  @Mixin private SharedOptions.Metrics metrics = new SharedOptions.Metrics();

  public CheckCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    Privileges.require("check");
    CheckReport report = probe();
    print(invocation.console(), output.format, report);
    return report.disagree().isEmpty() ? ExitStatus.DONE : ExitStatus.FAILED;
  }

  private CheckReport probe() {
    try (NodeAccess access = NodeAccess.open(invocation, ofNode, metrics)) {
      Topology topology = access.topologies().topology(name);
      String datapath =
          access.topologies().stored(name).wanted().map(Intent.Declared::datapath).orElseThrow();
      access.progress().stage("probing " + name, 0);
      Optional<MeteredCheck> meters = access.registry().map(r -> new MeteredCheck(r, datapath));
      access.registry().ifPresent(r -> meter(r, access.topologies(), datapath));
      try (TopologyNamespaces target = TopologyNamespaces.open(access.node(), topology)) {
        access
            .registry()
            .ifPresent(r -> new MeteredEndpoints(r, datapath).up(topology.endpoints().size()));
        CheckReport report =
            new Prober(Expected.policies(topology)).run(topology, datapath, target);
        meters.ifPresent(m -> m.record(report));
        return report;
      }
    }
  }

  private void meter(MeterRegistry registry, Topologies topologies, String datapath) {
    new MeteredDrops(registry, datapath, () -> topologies.counts(name).orElseGet(Counts::none));
    new MeteredRoom(registry, datapath, () -> topologies.rooms(name));
  }

  static void print(Console console, OutputFormat format, CheckReport report) {
    if (format == OutputFormat.TABLE) {
      table(console, report);
    } else {
      console.print(format, report);
    }
    if (report.sampled()) {
      console.out().flush();
      if (report.pairs() < report.allPairs()) {
        sampled(console, "not all pairs of endpoints were", report.pairs(), report.allPairs());
      }
      if (report.ports() < report.allPorts()) {
        sampled(console, "at each pair not all ports were", report.ports(), report.allPorts());
      }
    }
  }

  private static void sampled(Console console, String what, long probed, long all) {
    console
        .err()
        .printf("sluice: %s probed, but %d of %d; see docs/commands.md%n", what, probed, all);
  }

  private static void table(Console console, CheckReport report) {
    int disagree = report.disagree().size();
    console.print(
        new Table("TOPOLOGY", "DATAPATH", "PROBES", "AGREE", "DISAGREE")
            .row(
                report.topology(),
                report.datapath(),
                report.probes(),
                report.agree(),
                new Table.Cell(
                    Integer.toString(disagree), disagree == 0 ? Paint.GOOD : Paint.BAD)));
    if (disagree == 0) {
      return;
    }
    Table table =
        new Table("FROM", "TO", "ADDRESS", "PROTOCOL", "KIND", "EXPECTED", "SEEN", "DETAIL");
    for (Disagreement d : report.disagree()) {
      String protocol = d.port() == 0 ? d.protocol() : d.protocol() + "/" + d.port();
      table.row(
          d.from(), d.to(), d.address(), protocol, d.kind(), d.expected(), d.seen(), d.detail());
    }
    console.out().println();
    console.print(table);
  }
}
