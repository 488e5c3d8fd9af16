package dev.sluice.testkit;

import dev.sluice.core.node.Node;

/** What an endpoint may send at all, whatever policy says: POLICY rules 9 and 13. */
abstract class GuardContract extends Contract {

  abstract Counts counts(Node node, String topology);

  final GuardBed bed(Node node) {
    apply(node, GuardBed.TOPOLOGY);
    return new GuardBed(node, () -> counts(node, GuardBed.NAME));
  }
}
