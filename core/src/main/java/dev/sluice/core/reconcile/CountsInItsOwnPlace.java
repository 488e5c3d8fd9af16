package dev.sluice.core.reconcile;

import dev.sluice.core.datapath.DesiredState;
import dev.sluice.core.node.Node;
import java.util.function.Function;

/** An ability that a datapath may have: it knows where what it has decided is counted. */
public interface CountsInItsOwnPlace {

  /**
   * Works out where what {@code desired} renders to is counted, which takes as long as to render
   * it; what is returned reads the kernel, each time, for what has been counted so far.
   */
  Function<Node, Counts> counting(DesiredState desired);
}
