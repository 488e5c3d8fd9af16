package dev.sluice.bench.report;

import dev.sluice.bench.report.Block.Section;
import dev.sluice.bench.report.Block.Table;
import dev.sluice.bench.report.Block.Words;
import dev.sluice.bench.report.Results.Result;
import dev.sluice.bench.stats.Metric;
import java.util.Collections;
import java.util.List;

/** What the kernel takes for endpoints. Pure. */
record MemorySection(Results results) {

  Section section() {
    List<Result> rows =
        WorkloadKey.all(results).stream()
            .filter(WorkloadKey::isMemory)
            .flatMap(w -> w.of(results).stream())
            .toList();
    return new Section(
        "memory", "Memory", rows.isEmpty() ? List.of() : List.of(words(), table(rows)));
  }

  private static Words words() {
    return new Words(
        List.of(
            "By how much the kernel's memory of the whole machine grew (unreclaimable slabs,"
                + " vmalloc, per-CPU memory; maps and sets are in these) when a node that had 16"
                + " endpoints in one network got 48 more: for each of them, its namespace included."
                + " \"Per node\" is what the first 16 took beyond that, less the same of raw veth:"
                + " maps of a fixed size, a bridge, programs. The reference is a namespace with a"
                + " raw veth pair. The kernel counts pages, and what others on the machine take and"
                + " give back is in the figures: how far the two rows of veth are apart, and the"
                + " lowest and highest of the rounds, tell how exact they are. A figure of a node is"
                + " as exact as 16 of endpoints."));
  }

  private static Table table(List<Result> rows) {
    return new Table(
        "Kernel memory, KiB; less is better; "
            + Figures.rounds(rows.get(0).figures().size())
            + rows.get(0)
                .noiseFloor()
                .map(f -> Figures.format(", A/A noise floor \u00b1%.2f%%", 100 * f))
                .orElse(""),
        List.of(
            "candidate",
            "per endpoint",
            "lowest",
            "highest",
            "ratio",
            "95% interval",
            "verdict",
            "per node"),
        rows.stream()
            .map(
                r ->
                    List.of(
                        r.candidate(),
                        kib(r.p50()),
                        kib(Collections.min(r.figures())),
                        kib(Collections.max(r.figures())),
                        r.ratio().map(ratio -> Figures.ratio(ratio.median())).orElse("1"),
                        r.ratio()
                            .flatMap(Results.Ratio::interval)
                            .map(Figures::interval)
                            .orElse(""),
                        Figures.verdict(r),
                        kib(r.extras().getOrDefault("bytesPerNode", Double.NaN))))
            .toList());
  }

  private static String kib(double bytes) {
    return Figures.of(bytes, Metric.MEMORY);
  }
}
