package dev.sluice.bench.report;

import dev.sluice.bench.report.Block.Section;
import dev.sluice.bench.report.Block.Table;
import java.util.ArrayList;
import java.util.List;

/** The machine, and the paths. Pure. */
record EnvironmentSection(Results results) {

  Section section() {
    List<Block> tables = new ArrayList<>();
    List<List<String>> rows = rows(results.environment());
    results
        .candidates()
        .forEach(
            c ->
                rows.add(List.of("candidate " + c.name(), c.serverAddress() + ", MTU " + c.mtu())));
    tables.add(new Table("", List.of("", ""), rows));
    results.wire().ifPresent(wire -> tables.addAll(tables(wire)));
    return new Section("environment", "Environment", tables);
  }

  private static List<Table> tables(Results.Wire wire) {
    List<List<String>> rows = rows(wire.peer());
    rows.add(List.of("peer", wire.address()));
    rows.add(List.of("wire", "from " + wire.parent() + " to its " + wire.peerParent()));
    return List.of(
        new Table("The other host, of the server", List.of("", ""), rows),
        new Table(
            "What each candidate was",
            List.of("candidate", "at the client's end", "at the server's"),
            wire.ends().stream().map(e -> List.of(e.candidate(), e.here(), e.there())).toList()));
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
