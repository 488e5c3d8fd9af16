package dev.sluice.testkit.cyclonus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
  void theTwentiethsHaveEachCaseOnce() {
    assertThat(IntStream.rangeClosed(1, 20).boxed().flatMap(i -> selected(i + "/20").stream()))
        .containsExactlyInAnyOrderElementsOf(SUITE);
    assertThat(selected("20/20")).hasSize(11);
  }

  @ParameterizedTest
  @ValueSource(strings = {"4/3", "0/3", "1/0", "1/100", "third", ""})
  void anotherChoiceIsRefused(String choice) {
    assertThatThrownBy(() -> CaseSelection.of(Optional.of(choice)))
        .hasMessage(
            "SLUICE_CASES is %s; it has to be all, or a part of at most 99, as 2/3 is the second"
                + " third",
            choice);
  }
}
