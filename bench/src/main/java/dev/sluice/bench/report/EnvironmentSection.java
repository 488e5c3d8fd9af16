package dev.sluice.bench.report;

import dev.sluice.bench.report.Block.Section;
import dev.sluice.bench.report.Block.Table;
import java.util.ArrayList;
import java.util.List;

/** The machine, and the paths. Pure. */
record EnvironmentSection(Results results) {

  private static final String NOT_TOLD = "not told by the kernel";

  Section section() {
    List<Block> tables = new ArrayList<>();
    List<List<String>> rows = rows(results.environment());
    tables.add(new Table("", List.of("", ""), rows));
    tables.add(
        new Table(
            "What was measured through: the client's interface, and the ethtool features that were"
                + " on",
            List.of("candidate", "server", "MTU", "offloads"),
            results.candidates().stream()
                .map(
                    c ->
                        List.of(
                            c.name(), c.serverAddress(), Integer.toString(c.mtu()), offloads(c)))
                .toList()));
    results.wire().ifPresent(wire -> tables.addAll(tables(wire)));
    return new Section("environment", "Environment", tables);
  }

  private static List<Table> tables(Results.Wire wire) {
    List<List<String>> rows = rows(wire.peer());
    rows.add(List.of("peer", wire.address()));
    rows.add(List.of("wire", "from " + wire.parent() + " to its " + wire.peerParent()));
    wire.device().ifPresent(d -> rows.add(List.of(wire.parent() + ", here", words(d))));
    wire.peerDevice().ifPresent(d -> rows.add(List.of(wire.peerParent() + ", there", words(d))));
    return List.of(
        new Table("The other host, of the server", List.of("", ""), rows),
        new Table(
            "What each candidate was",
            List.of("candidate", "at the client's end", "at the server's"),
            wire.ends().stream().map(e -> List.of(e.candidate(), e.here(), e.there())).toList()));
  }

  private static String words(Results.Device device) {
    return "MTU %d; offloads: %s"
        .formatted(device.mtu(), device.offloads().map(o -> String.join(", ", o)).orElse(NOT_TOLD));
  }

  /** In full, or by what they have more and less than an earlier candidate. */
  private String offloads(Results.Path candidate) {
    if (candidate.offloads().isEmpty()) {
      return NOT_TOLD;
    }
    List<String> mine = candidate.offloads().get();
    Results.Path first = results.candidates().get(0);
    if (candidate.equals(first) || first.offloads().isEmpty()) {
      return String.join(", ", mine);
    }
    List<String> theirs = first.offloads().get();
    return "as "
        + first.name()
        + Figures.more(mine, theirs, ", and ", "")
        + Figures.more(theirs, mine, ", without ", "");
  }

  private static List<List<String>> rows(Environment e) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("started", e.started()));
    rows.add(List.of("kernel", e.kernel()));
    rows.add(List.of("CPU", e.cpuModel() + ", " + e.cpus() + " online"));
    rows.add(List.of("governor", e.governor().orElse("not the kernel's to choose")));
    rows.add(List.of("mitigations", e.mitigations().orElse("as the kernel chooses")));
    rows.add(
        List.of(
            "bridges hand IPv4 to iptables",
            e.bridgeNfCall().map(b -> b ? "yes" : "no").orElse("br_netfilter is not loaded")));
    rows.add(List.of("Java", e.java()));
    rows.add(List.of("load average before", Figures.format("%.2f", e.loadAverage())));
    rows.add(List.of("steal, all of the time", Figures.percent(e.stealShare())));
    return rows;
  }
}
