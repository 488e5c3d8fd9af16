package dev.sluice.bench.targets;

import dev.sluice.bench.Candidate;
import dev.sluice.bench.report.Results;
import dev.sluice.bench.report.Results.Result;
import dev.sluice.bench.report.ResultsJson;
import dev.sluice.bench.workload.Mode;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Holds against a comparison's own figures what is often said of container networks. Argument: the
 * results.json of {@code compare --full}.
 *
 * <p>"veth and bridge cost under 5%": ratios to loopback and to raw veth. "T = B / (1 + D)": what
 * an exchange of a kilobyte for sixteen gets through, foretold from the stream's throughput B and
 * the round trip D of a byte, beside B / (1 + D) for D in seconds, in milliseconds and in
 * microseconds, and beside S / (D + S / B) for an exchange of S bytes.
 */
final class Claims {

  private static final String ROUND_TRIP = "tcp-rr";
  private static final String EXCHANGE = "tcp-rr-1k-16k";
  private static final String STREAM = "tcp-stream";
  private static final double EXCHANGE_BYTES = 17 * 1024;

  private final Results results;

  private Claims(Results results) {
    this.results = results;
  }

  public static void main(String[] arguments) {
    Claims claims = new Claims(ResultsJson.read(Path.of(arguments[0])));
    for (Mode mode : Mode.PINNED) {
      claims.costs(mode);
    }
    for (Mode mode : Mode.PINNED) {
      claims.throughput(mode);
    }
  }

  /** What each way costs: of a round trip, and of a stream's throughput; with intervals. */
  private void costs(Mode mode) {
    System.out.printf("%n\"under 5%%\", %s%n", mode.word());
    System.out.printf(
        "%-12s%24s%24s%24s%24s%n",
        "candidate", "RR / loopback", "RR / veth", "stream / loopback", "stream / veth");
    for (Results.Path candidate : results.candidates()) {
      System.out.printf(
          "%-12s%24s%24s%24s%24s%n",
          candidate.name(),
          ratio(ROUND_TRIP, mode, candidate.name(), Candidate.LOOPBACK),
          ratio(ROUND_TRIP, mode, candidate.name(), Candidate.REFERENCE),
          ratio(STREAM, mode, candidate.name(), Candidate.LOOPBACK),
          ratio(STREAM, mode, candidate.name(), Candidate.REFERENCE));
    }
  }

  /** In MB/s, and how far each formula is off. */
  private void throughput(Mode mode) {
    System.out.printf("%n\"T = B / (1 + D)\", exchanges of 1 KB for 16 KB, %s%n", mode.word());
    System.out.printf(
        "%-12s%10s%10s%10s%12s%12s%12s%16s%n",
        "candidate", "B MB/s", "D µs", "T MB/s", "D in s", "D in ms", "D in µs", "S/(D + S/B)");
    for (Results.Path candidate : results.candidates()) {
      double bandwidth = p50(STREAM, mode, candidate.name());
      double micros = p50(ROUND_TRIP, mode, candidate.name()) / 1e3;
      double measured = EXCHANGE_BYTES / (p50(EXCHANGE, mode, candidate.name()) / 1e9);
      System.out.printf(
          Locale.ROOT,
          "%-12s%10.0f%10.2f%10.0f%12s%12s%12s%16s%n",
          candidate.name(),
          bandwidth / 1e6,
          micros,
          measured / 1e6,
          off(bandwidth / (1 + micros / 1e6), measured),
          off(bandwidth / (1 + micros / 1e3), measured),
          off(bandwidth / (1 + micros), measured),
          off(EXCHANGE_BYTES / (micros / 1e6 + EXCHANGE_BYTES / bandwidth), measured));
    }
  }

  private static String off(double foretold, double measured) {
    return String.format(Locale.ROOT, "%+.0f%%", 100 * (foretold / measured - 1));
  }

  /** The median of the rounds' ratios; empty of a candidate by itself. */
  private String ratio(String workload, Mode mode, String candidate, String to) {
    if (candidate.equals(to)) {
      return "";
    }
    return Targets.told(
        Targets.ratio(
            result(workload, mode, candidate),
            result(workload, mode, to),
            results.method().seed()));
  }

  private double p50(String workload, Mode mode, String candidate) {
    return result(workload, mode, candidate).p50();
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
}
