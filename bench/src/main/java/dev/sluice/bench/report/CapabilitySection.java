package dev.sluice.bench.report;

import dev.sluice.bench.report.Block.Section;
import dev.sluice.bench.report.Block.Table;
import dev.sluice.bench.report.Block.Words;
import dev.sluice.bench.report.Results.Capability;
import dev.sluice.bench.report.Results.Kept;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** What each datapath can do for the topology. Pure. */
record CapabilitySection(Results results) {

  Section section() {
    if (results.capabilities().isEmpty()) {
      return new Section("capabilities", "", List.of());
    }
    List<String> header = new ArrayList<>(List.of(""));
    results.capabilities().forEach(c -> header.add(c.datapath()));
    List<List<String>> rows = new ArrayList<>();
    rows.add(row("how packets go", Capability::summary));
    rows.add(
        row(
            "runs on this kernel",
            c -> c.lacks().isEmpty() ? "yes" : "no: " + String.join("; ", c.lacks())));
    rows.add(
        row(
            "honours the topology",
            c ->
                !c.lacks().isEmpty()
                    ? "not asked"
                    : c.refuses().isEmpty() ? "yes" : "no: " + String.join("; ", c.refuses())));
    results.capabilities().stream()
        .flatMap(c -> c.promises().stream())
        .map(Kept::promise)
        .distinct()
        .forEach(promise -> rows.add(row(promise, c -> kept(c, promise))));
    rows.add(row("to be known", c -> String.join("; ", c.notes())));
    return new Section(
        "capabilities",
        "What each datapath can do for this topology",
        List.of(
            new Words(
                List.of(
                    "Each promise was tried with real packets before the timing and after it; the"
                        + " figure is how many probes showed it, of as many that were sent.")),
            new Table("", header, rows)));
  }

  private List<String> row(String name, Function<Capability, String> cell) {
    List<String> row = new ArrayList<>(List.of(name));
    results.capabilities().forEach(c -> row.add(cell.apply(c)));
    return row;
  }

  private static String kept(Capability capability, String promise) {
    return capability.promises().stream()
        .filter(k -> k.promise().equals(promise))
        .map(k -> "\u2713 " + k.probes() + " of " + k.probes())
        .findFirst()
        .orElse("not tried");
  }
}
