package dev.sluice.testkit;

import dev.sluice.core.kernel.KernelFeature;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestTag;
import org.junit.platform.launcher.PostDiscoveryFilter;

/**
 * Leaves out the tests with the tag {@code ipvlan} where a probe finds that this kernel has no such
 * devices: they are for kernels that have, as those of guests ({@code ci/kernels}).
 */
public final class FeatureFilter implements PostDiscoveryFilter {

  private static final TestTag IPVLAN = TestTag.create("ipvlan");

  /** JUnit finds this class as a service of the class path. */
  public FeatureFilter() {}

  /** Probed once, and only where there is such a test. */
  private static final class Here {
    static final boolean HAS_IPVLAN = TestTopologies.facts().features().has(KernelFeature.IPVLAN);
  }

  @Override
  public FilterResult apply(TestDescriptor test) {
    return FilterResult.includedIf(
        !test.getTags().contains(IPVLAN) || Here.HAS_IPVLAN,
        () -> "of the kernel's features",
        () -> "this kernel has no ipvlan devices");
  }
}
