package dev.sluice.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestPlan;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

class SliceFilterTest {

  /** Not run by its name: it is no {@code *Test}. */
  @Tag("sliced")
  static class Sliced {

    @Test
    void one() {}

    @Test
    void two() {}

    @Nested
    class Inner {
      @Test
      void three() {}

      @Test
      void four() {}
    }
  }

  /** As {@link Sliced}. */
  static class Whole {
    @Test
    void five() {}
  }

  private static List<String> found(Part part) {
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(
                DiscoverySelectors.selectClass(Sliced.class),
                DiscoverySelectors.selectClass(Whole.class))
            .filters(new SliceFilter(part))
            .build();
    TestPlan plan = LauncherFactory.create().discover(request);
    return plan.getRoots().stream()
        .flatMap(root -> plan.getDescendants(root).stream())
        .filter(test -> test.getType() == TestDescriptor.Type.TEST)
        .map(test -> test.getDisplayName())
        .toList();
  }

  @Test
  void allRunUnlessChosenOtherwise() {
    assertThat(found(Part.ALL))
        .containsExactlyInAnyOrder("one()", "two()", "three()", "four()", "five()");
  }

  @Test
  void eachTestIsInOnePart() {
    List<List<String>> parts =
        IntStream.rangeClosed(1, 3).mapToObj(i -> found(new Part(i, 3))).toList();

    assertThat(parts.stream().flatMap(List::stream).filter(test -> !test.equals("five()")))
        .containsExactlyInAnyOrder("one()", "two()", "three()", "four()");
    assertThat(parts).allSatisfy(part -> assertThat(part).contains("five()"));
  }
}
