package dev.sluice.bench.report;

import dev.sluice.bench.report.Results.Ratio;
import dev.sluice.bench.stats.Estimate;
import dev.sluice.bench.stats.Metric;
import java.util.List;
import java.util.Locale;

/** Figures as people read them. */
final class Figures {

  private Figures() {}

  static String unit(Metric metric) {
    return switch (metric) {
      case ROUND_TRIP, LATENCY -> "\u00b5s";
      case DURATION -> "ms";
      case THROUGHPUT -> "MB/s";
      case MEMORY -> "KiB";
      case PACKET_RATE -> "packets/s";
    };
  }

  static String of(double value, Metric metric) {
    return switch (metric) {
      case ROUND_TRIP, LATENCY -> format("%.2f", value / 1e3);
      case DURATION -> format("%.2f", value / 1e6);
      case THROUGHPUT -> format("%.0f", value / 1e6);
      case MEMORY -> format("%.1f", value / 1024);
      case PACKET_RATE -> format("%.0f", value);
    };
  }

  /** What ratios are of, over all transactions: the median, or at a fixed rate the tail. */
  static String typical(Results.Result result) {
    return result.metric() == Metric.LATENCY
        ? "p99 " + of(result.p99(), result.metric())
        : of(result.p50(), result.metric());
  }

  static String ratio(double value) {
    return format("%.3f", value);
  }

  static String interval(Results.Interval interval) {
    return "[" + ratio(interval.low()) + ", " + ratio(interval.high()) + "]";
  }

  /** With its interval, where it has one. */
  static String of(Ratio ratio) {
    return ratio(ratio.median()) + ratio.interval().map(i -> " " + interval(i)).orElse("");
  }

  static String of(Estimate ratio) {
    return ratio(ratio.median()) + " [" + ratio(ratio.low()) + ", " + ratio(ratio.high()) + "]";
  }

  /** In the word that fits what was measured. */
  static String verdict(Results.Result result) {
    boolean memory = result.metric() == Metric.MEMORY;
    return switch (result.verdict()) {
      case FASTER -> memory ? "less" : result.verdict().word();
      case SLOWER -> memory ? "more" : result.verdict().word();
      case REFERENCE, LEVEL, UNDECIDED, NOISY -> result.verdict().word();
    };
  }

  /**
   * Those of {@code some} that are not among {@code others}, after {@code lead}; or {@code none}.
   */
  static String more(List<String> some, List<String> others, String lead, String none) {
    List<String> more = some.stream().filter(o -> !others.contains(o)).toList();
    return more.isEmpty() ? none : lead + String.join(", ", more);
  }

  /** One after the other: {@code a, b and c}. */
  static String names(List<String> names) {
    int last = names.size() - 1;
    return last < 1
        ? String.join("", names)
        : String.join(", ", names.subList(0, last)) + " and " + names.get(last);
  }

  /** So many, in words. */
  static String rounds(int count) {
    return count == 1 ? "1 round" : count + " rounds";
  }

  /** With a capital at its beginning. */
  static String capital(String text) {
    return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }

  static String percent(double share) {
    return format("%.1f%%", 100 * share);
  }

  static String format(String form, Object... values) {
    return String.format(Locale.ROOT, form, values);
  }
}
