package dev.sluice.core.datapath;

import dev.sluice.core.kernel.KernelFeature;
import dev.sluice.core.kernel.KernelFeatures;
import java.util.List;
import java.util.Set;

/**
 * What a kernel allows a datapath.
 *
 * @param lacks without these it does not run
 * @param notes what is used instead of something better that this kernel lacks
 */
public record Support(List<KernelFeature> lacks, List<String> notes) {

  public Support {
    lacks = List.copyOf(lacks);
    notes = List.copyOf(notes);
  }

  /** Support that needs all of {@code needed}. */
  public static Support of(KernelFeatures features, Set<KernelFeature> needed, List<String> notes) {
    return new Support(features.lacking(needed), notes);
  }

  public boolean runs() {
    return lacks.isEmpty();
  }
}
