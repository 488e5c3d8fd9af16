package dev.sluice.testkit.cyclonus;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Which cases run: all of them, or a third, for all take minutes. The thirds share no case and have
 * each case between them; neighbours in the file, which are alike, are in different ones.
 *
 * @param choice {@code all}, {@code 1/3}, {@code 2/3} or {@code 3/3}
 */
record CaseSelection(String choice) {

  /** The environment variable that chooses; {@code ci/test} sets it, {@code 1/3} without it. */
  private static final String VARIABLE = "SLUICE_CASES";

  private static final String ALL = "all";
  private static final List<String> THIRDS = List.of("1/3", "2/3", "3/3");

  CaseSelection {
    if (!choice.equals(ALL) && !THIRDS.contains(choice)) {
      throw new IllegalArgumentException(
          "%s is %s; it has to be all, 1/3, 2/3 or 3/3".formatted(VARIABLE, choice));
    }
  }

  /** What the environment chooses. */
  static CaseSelection chosen() {
    return of(Optional.ofNullable(System.getenv(VARIABLE)));
  }

  /** {@code variable}: what {@link #VARIABLE} holds. */
  static CaseSelection of(Optional<String> variable) {
    return new CaseSelection(variable.orElse(THIRDS.get(0)));
  }

  List<CyclonusCase> select(List<CyclonusCase> all) {
    return choice.equals(ALL)
        ? all
        : IntStream.range(0, all.size())
            .filter(i -> THIRDS.get(i % THIRDS.size()).equals(choice))
            .mapToObj(all::get)
            .toList();
  }
}
