package dev.sluice.core.datapath;

import dev.sluice.core.kernel.KernelFeatures;
import dev.sluice.core.kernel.KernelState;

/**
 * A way to realise a topology on a Linux node. A datapath only describes kernel objects; the
 * reconciler makes them. Adding one is a class, a Guice module, and a run of the conformance suite:
 * {@code docs/architecture.md}.
 */
public interface Datapath {

  /** The name in topology files and on the command line: "bridge", "macvlan", "ipvlan", "ebpf". */
  String name();

  /** One line for people: how packets go. */
  String summary();

  /** What this kernel allows; each lack is named with its config option. */
  Support support(KernelFeatures features);

  /**
   * The kernel objects that realise {@code desired}. Pure: no kernel, no I/O, no clock. Throws
   * {@link RefusedTopologyException} naming each field that this datapath cannot honour; none is
   * ignored.
   */
  KernelState render(DesiredState desired);
}
