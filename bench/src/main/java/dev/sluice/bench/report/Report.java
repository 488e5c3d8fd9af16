package dev.sluice.bench.report;

import dev.sluice.bench.report.Block.Section;
import java.util.List;
import java.util.stream.Stream;

/** What a report says, made from results alone; apart from how it is set. Pure. */
final class Report {

  private Report() {}

  /** The heading of all. */
  static String title(Results results) {
    return results
        .subject()
        .map(s -> "Datapaths for " + s.topology() + " compared")
        .orElse("Datapaths compared");
  }

  /** Those that have something to say. */
  static List<Section> of(Results results) {
    List<String> datapaths = results.checks().stream().map(Results.Check::datapath).toList();
    return Stream.of(
            new VerdictSection(results, datapaths).section(),
            new ChoiceSection(results).section(),
            new CapabilitySection(results).section(),
            new AgainstSection(results).section(),
            new TrafficSection(results).section(),
            new PercentileSection(results).section(),
            new CrossCheckSection(results).section(),
            new ScaleSection(results).section(),
            new MemorySection(results).section(),
            new ControlSection(results).section(),
            new CostSection(results).section(),
            new MethodSection(results).section(),
            new EnvironmentSection(results).section())
        .filter(section -> !section.blocks().isEmpty())
        .toList();
  }
}
