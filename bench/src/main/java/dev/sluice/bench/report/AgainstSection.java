package dev.sluice.bench.report;

import dev.sluice.bench.report.Block.Section;
import dev.sluice.bench.report.Block.Table;
import dev.sluice.bench.report.Block.Warning;
import dev.sluice.bench.report.Block.Words;
import java.util.ArrayList;
import java.util.List;

/** Another run beside this one. Pure. */
record AgainstSection(Results results) {

  Section section() {
    List<Block> blocks = new ArrayList<>();
    results.against().ifPresent(a -> add(blocks, a));
    return new Section("against", "Beside another run", blocks);
  }

  private void add(List<Block> blocks, Against against) {
    if (against.differences().isEmpty()) {
      blocks.add(
          new Words(
              List.of(
                  "Ratios of "
                      + against.file()
                      + " ("
                      + against.started()
                      + ") and of this run, each to the "
                      + results.reference()
                      + " of its own run. Better or worse is said only where the two intervals do"
                      + " not meet.")));
    } else {
      blocks.add(
          new Warning(
              List.of(
                  "Not comparable with "
                      + against.file()
                      + ": the environments differ. The ratios stand side by side without a"
                      + " verdict.")));
      blocks.add(
          new Table(
              "",
              List.of("what differs", "then", "now"),
              against.differences().stream()
                  .map(d -> List.of(d.what(), d.then(), d.now()))
                  .toList()));
    }
    blocks.add(
        new Table(
            "",
            List.of("workload", "candidate", "then", "now", "verdict"),
            against.changes().stream()
                .map(
                    c ->
                        List.of(
                            c.workload() + ", " + c.mode(),
                            c.candidate(),
                            Figures.of(c.then()),
                            Figures.of(c.now()),
                            c.verdict()))
                .toList()));
  }
}
