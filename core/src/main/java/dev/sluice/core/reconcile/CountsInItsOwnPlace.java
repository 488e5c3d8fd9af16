package dev.sluice.core.reconcile;

import dev.sluice.core.datapath.DesiredState;
import dev.sluice.core.node.Node;

/** An ability that a datapath may have: it knows where what it has decided is counted. */
public interface CountsInItsOwnPlace {

  /** What has been counted so far of what {@code desired} renders to; the kernel is read. */
  Counts counts(Node node, DesiredState desired);
}
