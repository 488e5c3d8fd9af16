package dev.sluice.bench.report;

import dev.sluice.bench.report.Block.Items;
import dev.sluice.bench.report.Block.Section;
import dev.sluice.bench.report.Block.Table;
import dev.sluice.bench.report.Block.Words;
import dev.sluice.bench.report.Recommendation.Goal;
import java.util.ArrayList;
import java.util.List;

/** What to choose, by goal. Pure. */
record ChoiceSection(Results results) {

  Section section() {
    List<List<String>> rows = new ArrayList<>();
    for (Goal goal : Goal.values()) {
      Recommendation r = Recommendation.of(results, goal);
      int rank = 1;
      for (Recommendation.Place place : r.places()) {
        rows.add(
            List.of(
                goal.word(),
                Integer.toString(rank),
                Figures.names(place.datapaths()) + (place.datapaths().size() > 1 ? " (tie)" : ""),
                String.join("; ", place.reasons())));
        rank += place.datapaths().size();
      }
      if (r.places().isEmpty()) {
        rows.add(List.of(goal.word(), "", "none", r.remarks().get(0)));
      }
    }
    List<Block> blocks = new ArrayList<>();
    blocks.add(
        new Words(
            List.of(
                "What to choose depends on what matters. Those that no workload of a goal tells"
                    + " apart share a place: a tie is a result. Ranked are those that meet what"
                    + " the topology needs:")));
    blocks.add(new Items(new Needs(results).sentences()));
    blocks.add(new Table("", List.of("goal", "place", "datapath", "because"), rows));
    List<String> remarks = Recommendation.of(results, Goal.LATENCY).remarks();
    List<String> others = remarks.stream().filter(r -> r.contains(" is no choice")).toList();
    if (!others.isEmpty()) {
      blocks.add(new Items(others));
    }
    return new Section("recommendation", "What to choose", blocks);
  }
}
