package dev.sluice.bench.report;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number of something of which a workload meets more and more, to see what that costs. It is part
 * of the workload's name then, {@code tcp-rr-rules-10}, and in the extras of its results.
 */
public record Size(Sort sort, int number) {

  /** What there is more and more of. */
  public enum Sort {
    /** Policy rules that the flow is judged by. */
    RULES,
    /** Endpoints of the node. */
    ENDPOINTS;

    /** The word for names and for {@code results.json}. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final Pattern NAME = Pattern.compile("(.+)-(rules|endpoints)-([0-9]+)");

  /** What {@code workload} is called at this size. */
  public String of(String workload) {
    return workload + "-" + this;
  }

  /** As the results at this size have it. */
  public Map<String, Double> extras() {
    return Map.of(sort.word(), (double) number);
  }

  /** The size that is part of a workload's name. */
  static Optional<Size> in(String name) {
    Matcher matcher = NAME.matcher(name);
    return matcher.matches()
        ? Optional.of(
            new Size(
                Sort.valueOf(matcher.group(2).toUpperCase(Locale.ROOT)),
                Integer.parseInt(matcher.group(3))))
        : Optional.empty();
  }

  /** A workload's name without its size. */
  static String without(String name) {
    Matcher matcher = NAME.matcher(name);
    return matcher.matches() ? matcher.group(1) : name;
  }

  /** As in names: {@code rules-10}. */
  @Override
  public String toString() {
    return sort.word() + "-" + number;
  }
}
