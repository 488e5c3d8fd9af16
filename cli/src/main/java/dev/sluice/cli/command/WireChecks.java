package dev.sluice.cli.command;

import dev.sluice.cli.command.DoctorDocument.HostCheck;
import dev.sluice.core.check.WireProbe;
import dev.sluice.core.check.WireProbe.Finding;
import dev.sluice.core.datapath.DesiredState;
import java.util.List;

/** Asks the routers of the wires that topologies of a node are on. */
final class WireChecks {

  private WireChecks() {}

  static List<HostCheck> of(NodeAccess access) {
    return access.topologies().all().stream()
        .map(topology -> DesiredState.of(access.facts(), topology))
        .flatMap(desired -> WireProbe.of(access.node(), desired).stream())
        .map(WireChecks::of)
        .toList();
  }

  static HostCheck of(Finding finding) {
    return new HostCheck(
        "wire of " + finding.device(), finding.unanswered().isEmpty(), detail(finding));
  }

  private static String detail(Finding finding) {
    String topology = " of topology " + finding.topology();
    if (finding.unanswered().isEmpty()) {
      return finding.router() + " answers the endpoints" + topology;
    }
    if (!finding.isThere()) {
      return finding.router() + " answers neither this node nor the endpoints" + topology;
    }
    return "%s does not answer %s%s, but others: the wire lets too few MACs speak; raise the limit of the switch's port, or of the cloud's network"
        .formatted(finding.router(), String.join(", ", finding.unanswered()), topology);
  }
}
