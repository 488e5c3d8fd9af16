package dev.sluice.testkit.cyclonus;

import dev.sluice.testkit.Part;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Which cases run: all of them, or a part, for all take minutes. */
record CaseSelection(Part part) {

  /** What the environment chooses. */
  static CaseSelection chosen() {
    return new CaseSelection(Part.ofCases());
  }

  /** {@code variable}: what the environment variable holds that chooses. */
  static CaseSelection of(Optional<String> variable) {
    return new CaseSelection(Part.ofCases(variable));
  }

  /** By their places in the file, where neighbours are alike. */
  List<CyclonusCase> select(List<CyclonusCase> all) {
    return IntStream.range(0, all.size()).filter(part::has).mapToObj(all::get).toList();
  }
}
