package dev.sluice.bench.report;

import dev.sluice.bench.report.Results.Result;
import dev.sluice.bench.workload.Mode;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A workload and where it ran, and how people call it. */
record WorkloadKey(String workload, Mode mode) {

  private static final Map<String, String> WORDS =
      Map.ofEntries(
          Map.entry("tcp-rr", "TCP request/response, 1 byte each way"),
          Map.entry("tcp-rr-1k-16k", "TCP request of 1 KB, answer of 16 KB"),
          Map.entry("tcp-rr-held", "TCP request/response while many connections stand"),
          Map.entry("tcp-open-loop", "TCP at a fixed rate, from the intended send"),
          Map.entry("tcp-crr", "TCP connect, request, response, close"),
          Map.entry("tcp-stream", "one TCP stream"),
          Map.entry("tcp-stream-8", "eight TCP streams at once"),
          Map.entry("udp-rr", "UDP request/response, 1 byte each way"),
          Map.entry("udp-new-flow", "UDP request/response, a new flow each time"),
          Map.entry("udp-pps", "small UDP packets received"),
          Map.entry("endpoint-memory", "kernel memory of an endpoint"),
          Map.entry("node-memory", "kernel memory of a node for each endpoint"),
          Map.entry("create", "create the topology, until a connection stands"),
          Map.entry("policy-deny", "isolate the server, until a busy connection is silent"),
          Map.entry("policy-allow", "put the policies back, until a connection stands"),
          Map.entry("destroy", "destroy it, until its links are gone"));

  static WorkloadKey of(Result result) {
    return new WorkloadKey(result.workload(), result.mode());
  }

  /** Of all results, in their order. */
  static List<WorkloadKey> all(Results results) {
    return results.results().stream().map(WorkloadKey::of).distinct().toList();
  }

  boolean matches(Result result) {
    return equals(of(result));
  }

  /** Those of it, in the order of the candidates. */
  List<Result> of(Results results) {
    return results.results().stream().filter(this::matches).toList();
  }

  /** An operation of the control plane. */
  boolean isControl() {
    return mode == Mode.UNPINNED && !isMemory() && size().isEmpty();
  }

  /** What the kernel takes for one endpoint more. */
  boolean isMemory() {
    return workload.equals("endpoint-memory");
  }

  /** Traffic through the topology as it is. */
  boolean isTraffic() {
    return mode != Mode.UNPINNED && size().isEmpty();
  }

  /** How many there were of what is compared, where a number is. */
  Optional<Size> size() {
    return Size.in(workload);
  }

  /** The same whatever the size. */
  WorkloadKey plain() {
    return new WorkloadKey(Size.without(workload), mode);
  }

  /** For a heading. */
  String title() {
    String words = WORDS.getOrDefault(plain().workload, plain().workload);
    return words
        + size().map(WorkloadKey::among).orElse("")
        + (mode == Mode.UNPINNED ? "" : ", " + place());
  }

  private static String among(Size size) {
    return switch (size.sort()) {
      case RULES -> Figures.format(", under %,d policy rules", size.number());
      case ENDPOINTS -> Figures.format(", among %,d endpoints", size.number());
    };
  }

  private String place() {
    return mode == Mode.SAME_CPU ? "both ends on one CPU" : "each end on a CPU of its own";
  }

  /** For a table. */
  String label() {
    return mode == Mode.UNPINNED ? workload : workload + ", " + mode.word();
  }
}
