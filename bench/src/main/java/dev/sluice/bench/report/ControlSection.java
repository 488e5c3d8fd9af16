package dev.sluice.bench.report;

import dev.sluice.bench.report.Block.Chart;
import dev.sluice.bench.report.Block.Section;
import dev.sluice.bench.report.Block.Words;
import java.util.ArrayList;
import java.util.List;

/** Operations of the control plane. Pure. */
record ControlSection(Results results) {

  Section section() {
    List<WorkloadKey> operations =
        WorkloadKey.all(results).stream().filter(WorkloadKey::isControl).toList();
    List<Block> blocks = new ArrayList<>();
    if (!operations.isEmpty()) {
      blocks.add(
          new Words(
              List.of(
                  "Timed from the beginning of the operation until packets show its effect, in a"
                      + " process that is warm; in fresh nodes, all candidates once in each round,"
                      + " in a random order. The raw veth pair is made by the same reconciler.")));
      blocks.add(new Chart("control", "", "", "Operations, median of the rounds in ms"));
      operations.forEach(o -> blocks.add(TrafficSection.table(results, o)));
    }
    return new Section("control", "Control plane", blocks);
  }
}
