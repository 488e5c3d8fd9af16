package dev.sluice.testkit;

import dev.sluice.core.node.Node;

/** Parts of the conformance suite that see each drop counted: POLICY rule 17. */
abstract class CountedContract extends Contract {

  final Counts counts(Node node, String topology) {
    return suite().counts(node, topology);
  }

  final GuardBed guarded(Node node) {
    apply(node, GuardBed.TOPOLOGY);
    return new GuardBed(node, () -> counts(node, GuardBed.NAME), floods());
  }

  /** The endpoints of {@link PolicyBed} under these policies. */
  final PolicyBed policed(Node node, String... policies) {
    apply(node, PolicyBed.topology(policies));
    return bed(node);
  }

  /** On a node where the topology of a {@link PolicyBed} runs already. */
  final PolicyBed bed(Node node) {
    return new PolicyBed(
        node, Witnesses.ofPackets(node, PolicyBed.ENDPOINTS), () -> counts(node, PolicyBed.NAME));
  }

  /** As {@link #policed}, with all that comes in by the endpoints' interfaces too. */
  final PolicyBed policedWires(Node node, String... policies) {
    apply(node, PolicyBed.topology(policies));
    return new PolicyBed(
        node, Witnesses.ofBoth(node, PolicyBed.ENDPOINTS), () -> counts(node, PolicyBed.NAME));
  }
}
