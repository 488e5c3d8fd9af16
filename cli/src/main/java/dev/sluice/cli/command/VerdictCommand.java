package dev.sluice.cli.command;

import dev.sluice.cli.command.VerdictDocument.AddressPair;
import dev.sluice.cli.command.VerdictDocument.Between;
import dev.sluice.cli.command.VerdictDocument.DecisionLine;
import dev.sluice.cli.output.Console;
import dev.sluice.cli.output.OutputFormat;
import dev.sluice.cli.output.Paint;
import dev.sluice.cli.output.Table;
import dev.sluice.core.datapath.DesiredState;
import dev.sluice.core.error.SluiceException;
import dev.sluice.core.topology.Topology;
import dev.sluice.core.topology.TopologyReader;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Tells what policy says of a connection. */
@Command(
    name = "verdict",
    header = "Tell whether policy lets a connection through, and by which rule.",
    description = {
      "Asks the reference evaluator; sends nothing. The source's egress and the destination's"
          + " ingress must both allow. Every rule that allows is named, the one that is counted"
          + " first.",
      "",
      "An IP address that belongs to an endpoint means that endpoint, a gateway's means the node, any"
          + " other somebody outside."
    },
    footer = {
      "%nExamples:",
      "  sluice verdict three-tier-policy web-1 app-1 tcp/api",
      "  sluice verdict examples/three-tier-policy.yaml 10.20.4.11 db-1 tcp/9100 --exit-code",
      "  sluice verdict three-tier-policy db-1 node icmp"
    },
    exitCodeListHeading = HelpText.EXIT_HEADING,
    exitCodeList = {
      "0:done, whatever the verdict",
      "1:with --exit-code: it is not allowed, or not between all addresses",
      HelpText.USAGE,
      "65:there is no topology, endpoint or port of that name; a file that is wrong",
      HelpText.LACKING,
      HelpText.OUR_FAULT,
      HelpText.NOT_PERMITTED,
      HelpText.INTERRUPTED
    })
public final class VerdictCommand implements Callable<Integer> {

  private static final String STDIN = "-";

  private final Invocation invocation;

  @Parameters(
      index = "0",
      paramLabel = "NAME|FILE",
      description =
          "A topology's name, as status lists it; or a topology file, which is whatever has a dot or"
              + " a slash, and - for standard input: that needs no root.")
  private String topology = "";

  @Parameters(
      index = "1",
      paramLabel = "SRC",
      description = "Who begins: an endpoint's name, node, or an IP address.")
  private String source = "";

  @Parameters(index = "2", paramLabel = "DST", description = "With whom: the same.")
  private String destination = "";

  @Parameters(
      index = "3",
      paramLabel = "PROTO[/PORT]",
      converter = Service.Converter.class,
      description =
          "tcp, udp or sctp with a port: a number, or a name that DST gives one; or icmp, icmpv6,"
              + " gre, or a protocol's number.")
  private Service service = new Service(0, Optional.empty());

  @Mixin private SharedOptions.Output output = new SharedOptions.Output();
  @Mixin private SharedOptions.OfNode ofNode = new SharedOptions.OfNode();

  @Option(names = "--exit-code", description = "End with status 1 if it is not allowed.")
  private boolean exitCode;

  public VerdictCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    VerdictDocument document = isFile() ? ofFile() : ofNode();
    if (output.format == OutputFormat.TABLE) {
      print(invocation.console(), document);
    } else {
      invocation.console().print(output.format, document);
    }
    boolean allowed = document.verdict().equals(VerdictDocument.ALLOW);
    return exitCode && !allowed ? ExitStatus.FAILED : ExitStatus.DONE;
  }

  /** No topology's name looks like that. */
  private boolean isFile() {
    return topology.equals(STDIN) || topology.contains(".") || topology.contains("/");
  }

  private VerdictDocument ofFile() {
    InputFile text = InputFile.read(topology, invocation.console().in());
    Topology declared = TopologyReader.read(text.name(), text.text());
    return judge(declared, new VerdictQuestion(declared, VerdictQuestion::declared));
  }

  private VerdictDocument ofNode() {
    Privileges.require("verdict");
    try (NodeAccess access = NodeAccess.open(invocation, ofNode)) {
      Topology stored = stored(access);
      DesiredState desired = DesiredState.of(access.facts(), stored);
      return judge(stored, new VerdictQuestion(stored, desired::addresses));
    }
  }

  /** What has neither a dot nor a slash may have been meant as a file nevertheless. */
  private Topology stored(NodeAccess access) {
    try {
      return access.topologies().topology(topology);
    } catch (SluiceException e) {
      if (access.topologies().isStored(topology)) {
        throw e;
      }
      throw new SluiceException(
          e.category(), "%s; if that is a file: ./%s".formatted(e.getMessage(), topology), e);
    }
  }

  private VerdictDocument judge(Topology of, VerdictQuestion question) {
    return VerdictDocument.of(
        of.name(), source, destination, question.judge(source, destination, service));
  }

  static void print(Console console, VerdictDocument document) {
    Table table = new Table("SOURCE", "DESTINATION", "PROTOCOL", "DIRECTION", "DECISION", "WHY");
    boolean differ = document.verdicts().size() > 1;
    for (Between between : document.verdicts()) {
      for (AddressPair pair : differ ? between.addresses() : between.addresses().subList(0, 1)) {
        String from = differ ? at(document.source(), pair.source()) : document.source();
        String to =
            differ ? at(document.destination(), pair.destination()) : document.destination();
        row(table, from, to, document.service(), "egress", between.egress());
        row(table, from, to, document.service(), "ingress", between.ingress());
      }
    }
    console.print(table);
    console
        .out()
        .printf(
            "%n%s from %s to %s: %s%n",
            document.service(), document.source(), document.destination(), summary(document));
  }

  private static String at(String name, String address) {
    return name.equals(address) ? name : name + " " + address;
  }

  private static void row(
      Table table, String from, String to, String service, String direction, DecisionLine line) {
    boolean allowed = line.decision().equals(VerdictDocument.ALLOW);
    table.row(
        from,
        to,
        service,
        direction,
        new Table.Cell(line.decision(), allowed ? Paint.GOOD : Paint.BAD),
        why(line));
  }

  private static String why(DecisionLine line) {
    return switch (line.why()) {
      case "rule" -> String.join(", ", line.rules());
      case "default-deny" -> "default deny: isolated by " + String.join(", ", line.isolatedBy());
      case "denied-source" -> "denied from " + line.deniedBy().get(0) + ": spec.denyFrom";
      case "self" -> "an endpoint reaches itself";
      case "from-node" -> "the node reaches its endpoints";
      case "not-an-endpoint" -> "not an endpoint, not judged";
      default -> "not isolated";
    };
  }

  private static String summary(VerdictDocument document) {
    return switch (document.verdict()) {
      case VerdictDocument.ALLOW -> "allowed";
      case VerdictDocument.DENY -> "denied";
      default -> "allowed between some addresses, denied between others";
    };
  }
}
