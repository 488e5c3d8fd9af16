package dev.sluice.bench.targets;

import dev.sluice.bench.Candidate;
import dev.sluice.bench.report.Results;
import dev.sluice.bench.report.Results.Result;
import dev.sluice.bench.report.ResultsJson;
import dev.sluice.bench.stats.Estimate;
import dev.sluice.bench.stats.Statistics;
import dev.sluice.bench.workload.Mode;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.IntStream;

/**
 * Holds against a comparison's own figures what is often said of container networks, and prints it
 * as Markdown. Argument: the results.json of {@code compare --full}. What has an interval is the
 * median of what each round says, with its 95% interval.
 *
 * <p>"veth and bridge cost under 5%": by how much longer each workload takes.
 *
 * <p>"T = B / (1 + D)": the throughput T of exchanges of {@link #EXCHANGE_BYTES}, foretold from the
 * throughput B of a stream and the round trip D of one byte, with D in each unit that may be meant.
 * Beside it what else these figures foretell: S / (D + S/B), each byte at the stream's rate; S / D,
 * no more than a window in a round trip; S / (D + cS), with the cost c of a byte as loopback has
 * it. And of a stream on one CPU: the inverse of the CPU time that a byte takes.
 */
final class Claims {

  /** A kilobyte there, sixteen back. */
  static final double EXCHANGE_BYTES = 17 * 1024;

  /** What is claimed: no more than this times what it is compared with. */
  private static final double CLAIMED = 1.05;

  private static final String BRIDGE = "bridge";
  private static final String ROUND_TRIP = "tcp-rr";
  private static final String EXCHANGE = "tcp-rr-1k-16k";
  private static final String STREAM = "tcp-stream";

  private static final double SECOND = 1e9; // nanoseconds
  private static final double MILLI = 1e6;
  private static final double MICRO = 1e3;

  /** What the units of D are called in the head of the table. */
  private static final Map<Double, String> UNITS = Map.of(SECOND, "s", MILLI, "ms", MICRO, "µs");

  private final Results results;
  private final StringBuilder text = new StringBuilder();

  private Claims(Results results) {
    this.results = results;
  }

  public static void main(String[] arguments) {
    System.out.print(of(ResultsJson.read(Path.of(arguments[0]))));
  }

  /** All tables. */
  static String of(Results results) {
    Claims claims = new Claims(results);
    claims.costs();
    Mode.PINNED.forEach(claims::exchanges);
    claims.streams();
    return claims.text.toString();
  }

  /** What a veth pair, and a bridge of veth pairs, take longer. */
  private void costs() {
    head(
        "\"veth and bridge cost under 5%\": how much longer it takes",
        List.of("workload", "veth / loopback", "bridge / veth", "bridge / loopback"));
    for (Mode mode : Mode.PINNED) {
      results.results().stream()
          .filter(r -> r.mode() == mode && !r.extras().containsKey("rules"))
          .map(Result::workload)
          .distinct()
          .filter(workload -> has(workload, mode, Candidate.LOOPBACK))
          .forEach(
              workload ->
                  row(
                      List.of(
                          workload + ", " + mode.word(),
                          cost(workload, mode, Candidate.REFERENCE, Candidate.LOOPBACK),
                          cost(workload, mode, BRIDGE, Candidate.REFERENCE),
                          cost(workload, mode, BRIDGE, Candidate.LOOPBACK))));
    }
  }

  private String cost(String workload, Mode mode, String candidate, String to) {
    Result one = result(workload, mode, candidate);
    if (one.noise().tooMuch()) {
      return "too noisy";
    }
    double[] longer =
        one.metric().lessIsBetter()
            ? ratios(workload, mode, candidate, to)
            : ratios(workload, mode, to, candidate);
    Estimate times = estimate(longer);
    String holds =
        times.high() <= CLAIMED
            ? "holds"
            : times.low() > CLAIMED ? "**does not hold**" : "not to be told";
    return String.format(
        Locale.ROOT,
        "%+.1f%% [%+.1f, %+.1f]: %s",
        100 * (times.median() - 1),
        100 * (times.low() - 1),
        100 * (times.high() - 1),
        holds);
  }

  /** What each formula foretells, divided by what was measured. */
  private void exchanges(Mode mode) {
    head(
        "\"T = B / (1 + D)\" of %s, %s: what is foretold / what was measured"
            .formatted(EXCHANGE, mode.word()),
        List.of(
            "candidate",
            "B MB/s",
            "D µs",
            "T MB/s",
            "B/(1+D), D in " + UNITS.get(SECOND),
            "D in " + UNITS.get(MILLI),
            "D in " + UNITS.get(MICRO),
            "S/(D+S/B)",
            "S/D",
            "S/(D+cS)"));
    double[] perByte =
        each(
            figures(EXCHANGE, mode, Candidate.LOOPBACK),
            figures(ROUND_TRIP, mode, Candidate.LOOPBACK),
            (exchange, trip) -> (exchange - trip) / EXCHANGE_BYTES);
    for (Results.Path candidate : results.candidates()) {
      String name = candidate.name();
      double[] rate = figures(STREAM, mode, name);
      double[] trip = figures(ROUND_TRIP, mode, name);
      double[] measured = each(figures(EXCHANGE, mode, name), trip, (x, d) -> throughput(x));
      row(
          List.of(
              name,
              whole(Statistics.median(rate) / 1e6),
              String.format(Locale.ROOT, "%.2f", Statistics.median(trip) / MICRO),
              whole(Statistics.median(measured) / 1e6),
              off(each(rate, trip, (b, d) -> b / (1 + d / SECOND)), measured),
              off(each(rate, trip, (b, d) -> b / (1 + d / MILLI)), measured),
              off(each(rate, trip, (b, d) -> b / (1 + d / MICRO)), measured),
              off(
                  each(rate, trip, (b, d) -> throughput(d + EXCHANGE_BYTES / b * SECOND)),
                  measured),
              off(each(rate, trip, (b, d) -> throughput(d)), measured),
              name.equals(Candidate.LOOPBACK)
                  ? "c is from here"
                  : off(
                      each(perByte, trip, (c, d) -> throughput(d + c * EXCHANGE_BYTES)),
                      measured)));
    }
  }

  /** Of an exchange that takes so many nanoseconds, bytes per second. */
  private static double throughput(double nanos) {
    return EXCHANGE_BYTES / nanos * SECOND;
  }

  /** What bounds a stream on one CPU, and how many requests a second its round trip foretells. */
  private void streams() {
    head(
        "what bounds a stream on one CPU, and how many requests a second a round trip allows",
        List.of(
            "candidate",
            "B MB/s",
            "CPU ns per KB",
            "its inverse / B",
            "requests/s",
            "(1 / median D) / requests"));
    for (Results.Path candidate : results.candidates()) {
      Result stream = result(STREAM, Mode.SAME_CPU, candidate.name());
      Result trip = result(ROUND_TRIP, Mode.SAME_CPU, candidate.name());
      double rate = Statistics.median(figures(STREAM, Mode.SAME_CPU, candidate.name()));
      double perGigabyte = stream.cost().map(Results.Cost::machine).orElse(Double.NaN);
      double requests = trip.samples() / (trip.figures().size() * results.method().slice());
      row(
          List.of(
              candidate.name(),
              whole(rate / 1e6),
              whole(perGigabyte / 1e6),
              String.format(Locale.ROOT, "%.2f", 1e9 / (perGigabyte / SECOND) / rate),
              whole(requests),
              String.format(Locale.ROOT, "%.2f", SECOND / trip.p50() / requests)));
    }
  }

  private String off(double[] foretold, double[] measured) {
    return Targets.told(estimate(each(foretold, measured, (f, m) -> f / m)));
  }

  private double[] ratios(String workload, Mode mode, String one, String other) {
    return Statistics.pairedRatios(figures(workload, mode, one), figures(workload, mode, other));
  }

  private Estimate estimate(double[] rounds) {
    return Statistics.medianWithInterval(rounds, results.method().seed());
  }

  /** Round by round, as far as both were measured. */
  private static double[] each(double[] one, double[] other, DoubleBinaryOperator formula) {
    return IntStream.range(0, Math.min(one.length, other.length))
        .mapToDouble(i -> formula.applyAsDouble(one[i], other[i]))
        .toArray();
  }

  private double[] figures(String workload, Mode mode, String candidate) {
    return result(workload, mode, candidate).figures().stream()
        .mapToDouble(Double::doubleValue)
        .toArray();
  }

  private boolean has(String workload, Mode mode, String candidate) {
    return results.results().stream()
        .anyMatch(
            r ->
                r.workload().equals(workload)
                    && r.mode() == mode
                    && r.candidate().equals(candidate));
  }

  private Result result(String workload, Mode mode, String candidate) {
    return results.results().stream()
        .filter(r -> r.workload().equals(workload) && r.mode() == mode)
        .filter(r -> r.candidate().equals(candidate))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no %s, %s, of %s: made by compare --full?"
                        .formatted(workload, mode.word(), candidate)));
  }

  private static String whole(double value) {
    return String.format(Locale.ROOT, "%.0f", value);
  }

  private void head(String title, List<String> columns) {
    text.append("\n**").append(title).append("**\n\n");
    row(columns);
    row(Collections.nCopies(columns.size(), "---"));
  }

  private void row(List<String> cells) {
    text.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }
}
