package dev.sluice.core.kernel;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The features that a probe found on a kernel. */
public record KernelFeatures(String release, Set<KernelFeature> present) {

  public KernelFeatures {
    present = Set.copyOf(present);
  }

  public boolean has(KernelFeature feature) {
    return present.contains(feature);
  }

  /** Those of {@code wanted} that are not there, in order. */
  public List<KernelFeature> lacking(Collection<KernelFeature> wanted) {
    Set<KernelFeature> lacking = new TreeSet<>(wanted);
    lacking.removeAll(present);
    return List.copyOf(lacking);
  }
}
