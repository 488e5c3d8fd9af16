package dev.sluice.testkit.cyclonus;

import dev.sluice.testkit.Part;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Which cases run: all of them, or a part, for all take minutes. */
record CaseSelection(Part part) {

  /** The environment variable that chooses; {@code ci/test} sets it, {@code 1/3} without it. */
  private static final String VARIABLE = "SLUICE_CASES";

  private static final String DEFAULT = "1/3";

  /** What the environment chooses. */
  static CaseSelection chosen() {
    return of(Optional.ofNullable(System.getenv(VARIABLE)));
  }

  /** {@code variable}: what {@link #VARIABLE} holds. */
  static CaseSelection of(Optional<String> variable) {
    return new CaseSelection(Part.parse(VARIABLE, variable.orElse(DEFAULT)));
  }

  /** By their places in the file, where neighbours are alike. */
  List<CyclonusCase> select(List<CyclonusCase> all) {
    return IntStream.range(0, all.size()).filter(part::has).mapToObj(all::get).toList();
  }
}
