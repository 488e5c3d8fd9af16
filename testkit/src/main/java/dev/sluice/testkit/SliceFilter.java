package dev.sluice.testkit;

import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestTag;
import org.junit.platform.launcher.PostDiscoveryFilter;

/**
 * Leaves, of the tests with the tag {@code sliced}, the part that the environment variable {@code
 * SLUICE_SLICE} says: {@code 2/6}, say; all of them without it. Which part a test is in is told by
 * its name. For guests, in which everything takes a dozen times as long.
 */
public final class SliceFilter implements PostDiscoveryFilter {

  private static final TestTag SLICED = TestTag.create("sliced");

  private final Part part;

  /** JUnit finds this class as a service of the class path. */
  public SliceFilter() {
    this(Part.ofSlice());
  }

  SliceFilter(Part part) {
    this.part = part;
  }

  @Override
  public FilterResult apply(TestDescriptor test) {
    return FilterResult.includedIf(
        !test.getTags().contains(SLICED) || part.has(test.getUniqueId().toString().hashCode()));
  }
}
