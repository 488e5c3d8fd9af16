package dev.sluice.bench;

import dev.sluice.bench.report.Size;
import dev.sluice.bench.workload.Workload;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/** Every workload on every candidate, all set up at once. */
final class Lanes implements AutoCloseable {

  private final List<Candidate> candidates;
  private final List<Lane> lanes = new ArrayList<>();

  Lanes(List<Workload> workloads, List<Candidate> candidates) throws InterruptedException {
    this.candidates = candidates;
    try {
      for (Workload workload : workloads) {
        for (Candidate candidate : candidates) {
          lanes.add(Lane.open(workload, candidate));
        }
      }
    } catch (InterruptedException | RuntimeException e) {
      close();
      throw e;
    }
  }

  int candidates() {
    return candidates.size();
  }

  Lane lane(int workload, int candidate) {
    return lanes.get(workload * candidates.size() + candidate);
  }

  /** What one workload yielded, by the candidates' titles and in their order. */
  Map<String, Tally> tallies(int workload) {
    return tallies(workload, candidate -> true, Candidate::title);
  }

  /**
   * What one workload yielded at a size, by the candidates' names; those are part of it that have
   * that size, or none.
   */
  Map<String, Tally> tallies(int workload, Optional<Size> size) {
    return tallies(workload, c -> c.size().isEmpty() || c.size().equals(size), Candidate::name);
  }

  private Map<String, Tally> tallies(
      int workload, Predicate<Candidate> wanted, Function<Candidate, String> name) {
    Map<String, Tally> tallies = new LinkedHashMap<>();
    for (int i = 0; i < candidates.size(); i++) {
      if (wanted.test(candidates.get(i))) {
        tallies.put(name.apply(candidates.get(i)), lane(workload, i).tally());
      }
    }
    return tallies;
  }

  @Override
  public void close() {
    lanes.forEach(Lane::close);
  }
}
