package dev.sluice.bench.report;

import dev.sluice.bench.report.Block.Items;
import dev.sluice.bench.report.Block.Section;
import dev.sluice.bench.report.Block.Table;
import java.util.ArrayList;
import java.util.List;

/** How it was measured. Pure. */
record MethodSection(Results results) {

  Section section() {
    Results.Method m = results.method();
    List<String> items = new ArrayList<>();
    items.add(
        (results.wire().isPresent()
                ? "In each round every candidate came up at both ends of the wire, in a random"
                    + " order, and was measured in slices of "
                : "All candidates were alive at once, and measured in a random order in each round"
                    + " in slices of ")
            + Figures.format(
                "%.0f ms; at least %s (seed %d).",
                1000 * m.slice(), Figures.rounds(m.rounds()), m.seed()));
    items.add(
        m.timeLimit() > 0
            ? Figures.format(
                "Rounds were added until no interval reached farther than %.1f%% from its median,"
                    + " or %.0f s had been measured.",
                100 * m.precision(), m.timeLimit())
            : "No rounds were added.");
    items.add(
        "Intervals are 95% bootstrap percentile intervals of the median of per-round ratios (4000"
            + " resamples, expanded for small samples).");
    items.add(
        Figures.format(
            "Faster or slower is said only where the interval excludes 1 and the median lies beyond"
                + " both the noise floor of an A/A pair (one candidate twice) and %.1f%%. Level"
                + " means that no difference was shown, which does not prove that there is none.",
            100 * m.minimumEffect()));
    items.add(
        "Between two datapaths the noise floor of an operation of the control plane is the time that"
            + " the pair came apart by, and not the share.");
    items.add(
        "No verdict is given where others used over 10% of the CPU time, the hypervisor took over"
            + " 3%, or a CPU was throttled.");
    items.add(
        results.wire().isPresent()
            ? "Control without policy: raw is a macvlan in a namespace, on the same device of"
                + " either host, with the same addresses and MTU. Costs and noise are of the"
                + " client's host."
            : "Controls without policy: veth is a raw veth pair between two namespaces, loopback"
                + " one namespace, both with the MTU of the topology's path.");
    results
        .subject()
        .ifPresent(
            s ->
                items.add(
                    "Traffic ran from %s to %s, %s; %d networks, %d endpoints, %d policies with %d rules in force."
                        .formatted(
                            s.client(),
                            s.server(),
                            s.routed() ? "across gateways" : "within one network",
                            s.networks(),
                            s.endpoints(),
                            s.policies(),
                            s.rules())));
    results
        .leftOut()
        .forEach(l -> items.add("Left out: " + l.workload() + ", because " + l.why() + "."));
    return new Section(
        "method",
        "How it was measured",
        List.of(
            new Items(items),
            new Table(
                "Noise, as shares of all CPU time",
                List.of("workload", "steal", "others", "throttled"),
                WorkloadKey.all(results).stream()
                    .map(
                        w ->
                            List.of(
                                w.label(),
                                Figures.percent(w.of(results).get(0).noise().stealShare()),
                                Figures.percent(w.of(results).get(0).noise().othersShare()),
                                Long.toString(w.of(results).get(0).noise().throttled())))
                    .toList())));
  }
}
