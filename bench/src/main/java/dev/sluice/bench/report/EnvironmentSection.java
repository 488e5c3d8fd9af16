package dev.sluice.bench.report;

import dev.sluice.bench.report.Block.Section;
import dev.sluice.bench.report.Block.Table;
import java.util.ArrayList;
import java.util.List;

/** The machine, and the paths. Pure. */
record EnvironmentSection(Results results) {

  Section section() {
    Environment e = results.environment();
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
    results
        .candidates()
        .forEach(
            c ->
                rows.add(List.of("candidate " + c.name(), c.serverAddress() + ", MTU " + c.mtu())));
    return new Section("environment", "Environment", List.of(new Table("", List.of("", ""), rows)));
  }
}
