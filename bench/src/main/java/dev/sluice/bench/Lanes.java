package dev.sluice.bench;

import dev.sluice.bench.workload.Workload;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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

  /** What one workload yielded, by the candidates' names and in their order. */
  Map<String, Tally> tallies(int workload) {
    Map<String, Tally> tallies = new LinkedHashMap<>();
    for (int i = 0; i < candidates.size(); i++) {
      tallies.put(candidates.get(i).name(), lane(workload, i).tally());
    }
    return tallies;
  }

  @Override
  public void close() {
    lanes.forEach(Lane::close);
  }
}
