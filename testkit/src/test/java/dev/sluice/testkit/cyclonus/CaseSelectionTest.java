package dev.sluice.testkit.cyclonus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CaseSelectionTest {

  private static final List<CyclonusCase> SUITE = CyclonusSuite.load();

  private static List<CyclonusCase> selected(String choice) {
    return CaseSelection.of(Optional.of(choice)).select(SUITE);
  }

  @Test
  void theThirdsHaveEachCaseOnce() {
    assertThat(Stream.of("1/3", "2/3", "3/3").flatMap(third -> selected(third).stream()))
        .containsExactlyInAnyOrderElementsOf(SUITE);
    assertThat(selected("3/3")).hasSize(76);
    assertThat(selected("all")).isEqualTo(SUITE);
  }

  @Test
  void theFirstThirdRunsUnlessChosenOtherwise() {
    assertThat(CaseSelection.of(Optional.empty()).select(SUITE)).isEqualTo(selected("1/3"));
  }

  @Test
  void anotherChoiceIsRefused() {
    assertThatThrownBy(() -> CaseSelection.of(Optional.of("4/3")))
        .hasMessage("SLUICE_CASES is 4/3; it has to be all, 1/3, 2/3 or 3/3");
  }
}
