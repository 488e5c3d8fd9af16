package dev.sluice.cli.command;

import dev.sluice.cli.command.StatusDocuments.Detail;
import dev.sluice.cli.command.StatusDocuments.InterfaceLine;
import dev.sluice.cli.command.StatusDocuments.Line;
import dev.sluice.cli.command.StatusDocuments.Overview;
import dev.sluice.cli.command.StatusDocuments.UplinkLine;
import dev.sluice.cli.output.OutputFormat;
import dev.sluice.cli.output.Paint;
import dev.sluice.cli.output.Table;
import dev.sluice.core.address.IpAddress;
import dev.sluice.core.datapath.DesiredState;
import dev.sluice.core.datapath.Uplinks;
import dev.sluice.core.netlink.route.LinkMessage;
import dev.sluice.core.netlink.route.LinkMessage.XdpMode;
import dev.sluice.core.netlink.route.RouteSocket;
import dev.sluice.core.topology.Topology;
import dev.sluice.core.topology.Topology.Endpoint;
import dev.sluice.core.topology.Topology.Interface;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Shows what a node holds. */
@Command(
    name = "status",
    header = "Show the node's topologies, or the endpoints of one.",
    description = {
      "DRIFT counts the kernel objects that are not as the topology wants them; apply mends them."
          + " What is wrong with the node's own interfaces stands below."
    },
    footer = {"%nExamples:", "  sluice status", "  sluice status two-subnets -o yaml"},
    exitCodeListHeading = HelpText.EXIT_HEADING,
    exitCodeList = {
      "0:done, whatever the drift",
      HelpText.USAGE,
      HelpText.NO_TOPOLOGY,
      HelpText.LACKING,
      HelpText.OUR_FAULT,
      HelpText.NOT_PERMITTED,
      HelpText.INTERRUPTED
    })
public final class StatusCommand implements Callable<Integer> {

  private static final String APPLIED = "applied";

  private final Invocation invocation;

  @Parameters(arity = "0..1", paramLabel = "NAME", description = "One topology.")
  private Optional<String> name = Optional.empty();

  @Mixin private SharedOptions.Output output = new SharedOptions.Output();
  @Mixin private SharedOptions.OfNode ofNode = new SharedOptions.OfNode();

  public StatusCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    Privileges.require("status");
    try (NodeAccess access = NodeAccess.open(invocation, ofNode)) {
      if (name.isPresent()) {
        detail(access, name.get());
      } else {
        overview(access);
      }
    }
    return ExitStatus.DONE;
  }

  private void overview(NodeAccess access) {
    List<Line> lines = access.topologies().status().stream().map(Line::of).toList();
    if (output.format != OutputFormat.TABLE) {
      invocation.console().print(output.format, new Overview(access.node().name(), lines));
    } else if (lines.isEmpty()) {
      invocation.console().out().println("No topology on node " + access.node().name() + ".");
    } else {
      invocation.console().print(table(lines));
      faults(lines);
    }
  }

  private void detail(NodeAccess access, String topology) {
    boolean whole = access.topologies().stored(topology).wanted().isPresent();
    Line line =
        access.topologies().status().stream()
            .filter(s -> s.topology().equals(topology))
            .map(Line::of)
            .findFirst()
            .orElseThrow(() -> new IllegalStateException(topology + " has just gone"));
    List<InterfaceLine> interfaces =
        whole ? interfaces(access, access.topologies().topology(topology)) : List.of();
    List<UplinkLine> uplinks =
        whole ? uplinks(access, access.topologies().topology(topology)) : List.of();
    if (output.format == OutputFormat.TABLE) {
      invocation.console().print(table(List.of(line)));
      faults(List.of(line));
      if (whole) {
        invocation.console().out().println();
        invocation.console().print(interfaceTable(interfaces));
      }
      if (!uplinks.isEmpty()) {
        invocation.console().out().println();
        invocation.console().print(uplinkTable(uplinks));
      }
    } else {
      Detail detail =
          new Detail(
              line.topology(),
              line.datapath(),
              line.state(),
              line.endpoints(),
              line.objects(),
              line.drift(),
              line.faults(),
              interfaces,
              uplinks);
      invocation.console().print(output.format, detail);
    }
  }

  private void faults(List<Line> lines) {
    lines.stream()
        .flatMap(line -> line.faults().stream())
        .forEach(fault -> invocation.console().out().println(fault));
  }

  private static List<InterfaceLine> interfaces(NodeAccess access, Topology topology) {
    DesiredState desired = DesiredState.of(access.facts(), topology);
    List<InterfaceLine> out = new ArrayList<>();
    for (Endpoint endpoint : topology.endpoints()) {
      for (Interface iface : endpoint.interfaces()) {
        out.add(
            new InterfaceLine(
                endpoint.name(),
                endpoint.netns(),
                iface.name(),
                iface.network(),
                iface.addresses().stream().map(IpAddress::toString).toList(),
                desired.mac(endpoint, iface).toString()));
      }
    }
    return out;
  }

  private static List<UplinkLine> uplinks(NodeAccess access, Topology topology) {
    return access
        .node()
        .netns()
        .call(
            () -> {
              try (RouteSocket route = RouteSocket.open()) {
                return Uplinks.names(topology).stream()
                    .map(
                        name ->
                            UplinkLine.of(
                                name,
                                route.link(name).map(LinkMessage::xdpMode).orElse(XdpMode.NONE)))
                    .toList();
              }
            });
  }

  static Table table(List<Line> lines) {
    Table table = new Table("TOPOLOGY", "DATAPATH", "STATE", "ENDPOINTS", "OBJECTS", "DRIFT");
    for (Line line : lines) {
      table.row(
          line.topology(),
          line.datapath(),
          new Table.Cell(line.state(), line.state().equals(APPLIED) ? Paint.GOOD : Paint.CHANGED),
          line.endpoints(),
          line.objects(),
          new Table.Cell(
              Integer.toString(line.drift()), line.drift() == 0 ? Paint.PLAIN : Paint.BAD));
    }
    return table;
  }

  static Table interfaceTable(List<InterfaceLine> interfaces) {
    Table table = new Table("ENDPOINT", "NETNS", "INTERFACE", "NETWORK", "ADDRESSES", "MAC");
    for (InterfaceLine line : interfaces) {
      table.row(
          line.endpoint(),
          line.netns(),
          line.name(),
          line.network(),
          String.join(", ", line.addresses()),
          line.mac());
    }
    return table;
  }

  static Table uplinkTable(List<UplinkLine> uplinks) {
    Table table = new Table("UPLINK", "XDP");
    uplinks.forEach(line -> table.row(line.name(), line.xdp()));
    return table;
  }
}
