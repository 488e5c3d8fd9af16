package dev.sluice.cli.command;

import dev.sluice.cli.command.PolicyDocument.AllowLine;
import dev.sluice.cli.command.PolicyDocument.RuleLine;
import dev.sluice.cli.command.PolicyDocument.SideLine;
import dev.sluice.cli.output.Console;
import dev.sluice.cli.output.OutputFormat;
import dev.sluice.cli.output.Paint;
import dev.sluice.cli.output.PolicyText;
import dev.sluice.cli.output.Table;
import dev.sluice.core.error.SluiceException;
import dev.sluice.core.error.SluiceException.Category;
import dev.sluice.core.policy.PolicyResolver;
import dev.sluice.core.reconcile.Counts;
import dev.sluice.core.reconcile.Intent;
import dev.sluice.core.topology.Suggestion;
import dev.sluice.core.topology.Topology;
import dev.sluice.core.topology.Topology.Endpoint;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Shows what policies allow, and what they were counted for. */
@Command(
    name = "policy",
    header = "Show who is isolated by which policies, what is allowed, and what was counted.",
    description = {
      "Endpoints for which the same holds are one line. Counted is what was judged: every packet that"
          + " was denied, and of a flow that was let through the first and, after a change of policy,"
          + " the next; the others pass unjudged and uncounted. A packet counts for the first rule that"
          + " allows it in each of its directions. A rule is counted once for all endpoints that it is"
          + " a rule of, a default deny for those of its line."
    },
    footer = {
      "%nExamples:",
      "  sluice policy three-tier-policy",
      "  sluice policy three-tier-policy db-1 -o json"
    },
    exitCodeListHeading = HelpText.EXIT_HEADING,
    exitCodeList = {
      HelpText.DONE,
      HelpText.USAGE,
      "65:there is no topology or endpoint of that name",
      HelpText.LACKING,
      HelpText.OUR_FAULT,
      HelpText.NOT_PERMITTED,
      HelpText.INTERRUPTED
    })
public final class PolicyCommand implements Callable<Integer> {

  private final Invocation invocation;

  @Parameters(
      index = "0",
      paramLabel = "NAME",
      description = "The topology's name, as status lists it.")
  private String name = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "ENDPOINT",
      description = "One endpoint. Default: all of them, and what was dropped before any policy.")
  private Optional<String> endpoint = Optional.empty();

  @Mixin private SharedOptions.Output output = new SharedOptions.Output();
  @Mixin private SharedOptions.OfNode ofNode = new SharedOptions.OfNode();

  public PolicyCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    Privileges.require("policy");
    PolicyDocument document;
    Optional<Counts> counts;
    try (NodeAccess access = NodeAccess.open(invocation, ofNode)) {
      Topology topology = access.topologies().topology(name);
      endpoint.ifPresent(e -> requireEndpoint(topology, e));
      String datapath =
          access.topologies().stored(name).wanted().map(Intent.Declared::datapath).orElseThrow();
      counts = access.topologies().counts(name);
      document =
          PolicyDocument.of(
              topology,
              datapath,
              PolicyResolver.resolve(topology),
              counts,
              access.topologies().rooms(name),
              endpoint);
    }
    if (output.format == OutputFormat.TABLE) {
      print(invocation.console(), document);
    } else {
      invocation.console().print(output.format, document);
    }
    tellWhatIsNotCounted(document, counts);
    return ExitStatus.DONE;
  }

  private static void requireEndpoint(Topology topology, String endpoint) {
    List<String> names = topology.endpoints().stream().map(Endpoint::name).toList();
    if (!names.contains(endpoint)) {
      throw new SluiceException(
          Category.USER,
          "no endpoint %s in %s%s"
              .formatted(endpoint, topology.name(), Suggestion.instead(endpoint, names)));
    }
  }

  private void tellWhatIsNotCounted(PolicyDocument document, Optional<Counts> counts) {
    if (document.counted()) {
      return;
    }
    invocation.console().out().flush();
    invocation
        .console()
        .err()
        .println(
            counts
                .map(
                    c ->
                        "sluice: not counted: the node has no "
                            + String.join(", no ", c.missing().stream().sorted().toList())
                            + " as it should be; sluice apply mends it")
                .orElse("sluice: the " + document.datapath() + " datapath does not count"));
  }

  static void print(Console console, PolicyDocument document) {
    Table table =
        new Table(
            "ENDPOINTS", "DIRECTION", "RULE", "PEERS", "PORTS", "PACKETS", "BYTES", "SHARED BY");
    for (SideLine side : document.sides()) {
      side(table, side, document.counted());
    }
    console.print(table);
    if (!document.drops().isEmpty()) {
      Table drops = new Table("DROPPED", "PACKETS", "BYTES");
      document.drops().forEach(d -> drops.row(d.reason(), d.packets(), d.bytes()));
      console.out().println();
      console.print(drops);
    }
    if (!document.deniedSources().isEmpty()) {
      Table denied = new Table("DENIED FROM", "PACKETS", "BYTES");
      document
          .deniedSources()
          .forEach(
              d ->
                  denied.row(
                      d.source(),
                      number(d.packets(), document.counted()),
                      number(d.bytes(), document.counted())));
      console.out().println();
      console.print(denied);
    }
    if (!document.rooms().isEmpty()) {
      Table rooms = new Table("FLOWS IN", "ENTRIES", "ROOM");
      document.rooms().forEach(r -> rooms.row(r.map(), r.entries(), r.room()));
      console.out().println();
      console.print(rooms);
    }
  }

  private static void side(Table table, SideLine side, boolean counted) {
    String endpoints = PolicyText.several(side.endpoints());
    if (side.isolatedBy().isEmpty()) {
      table.row(endpoints, side.direction(), "not isolated", "everybody", "all", "", "", "");
      return;
    }
    for (RuleLine rule : side.rules()) {
      boolean first = true;
      for (AllowLine allow : rule.allows()) {
        table.row(
            endpoints,
            side.direction(),
            new Table.Cell(rule.rule(), Paint.GOOD),
            peers(allow),
            allow.ports().isEmpty() ? "all" : String.join(", ", allow.ports()),
            first ? number(rule.packets(), counted) : "",
            first ? number(rule.bytes(), counted) : "",
            first ? sharers(rule.sharedBy()) : "");
        first = false;
      }
    }
    table.row(
        endpoints,
        side.direction(),
        new Table.Cell("default deny: " + String.join(", ", side.isolatedBy()), Paint.BAD),
        side.rules().isEmpty() ? "everybody" : "else",
        "all",
        number(side.denied().packets(), counted),
        number(side.denied().bytes(), counted),
        sharers(side.denied().sharedBy()));
  }

  /** Whose the counts are besides; nothing where they are of one endpoint. */
  private static String sharers(int endpoints) {
    return endpoints > 1 ? endpoints + " endpoints" : "";
  }

  private static String number(long count, boolean counted) {
    return counted ? Long.toString(count) : "-";
  }

  private static String peers(AllowLine allow) {
    return switch (allow.peers()) {
      case "endpoints" -> PolicyText.several(allow.endpoints());
      case "block" ->
          allow.except().isEmpty()
              ? allow.block()
              : allow.block() + " except " + PolicyText.several(allow.except());
      default -> "everybody";
    };
  }
}
