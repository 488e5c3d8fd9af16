package dev.sluice.testkit;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/**
 * The conformance suite: what every datapath gives, tried with real packets on a throwaway node.
 * The test class of a backend extends this and names its datapath; nothing is left out or skipped.
 * What a datapath cannot honour it refuses by field, and shows in tests of its own.
 */
@Tag("kernels")
@Tag("sliced")
public abstract class DatapathContract extends ForwardingContract {

  /** Neighbours ask each other, and nobody else. */
  @Nested
  final class Segment extends SegmentContract {
    @Override
    DatapathContract suite() {
      return DatapathContract.this;
    }
  }

  /** Packets as large as declared get there, larger ones do not leave. */
  @Nested
  final class Mtu extends MtuContract {
    @Override
    DatapathContract suite() {
      return DatapathContract.this;
    }
  }

  /** Uplinks come and go, and leave nothing behind. */
  @Nested
  final class UplinkState extends UplinkStateContract {
    @Override
    DatapathContract suite() {
      return DatapathContract.this;
    }
  }

  /** Uplinks lead out, and in, and nothing else does. */
  @Nested
  final class Uplink extends UplinkContract {
    @Override
    DatapathContract suite() {
      return DatapathContract.this;
    }
  }

  /** What comes in by an uplink from a denied source gets no further. */
  @Nested
  final class Deny extends DenyContract {
    @Override
    DatapathContract suite() {
      return DatapathContract.this;
    }
  }

  /** An endpoint speaks for itself, to one other at a time. */
  @Nested
  final class SenderGuard extends SenderGuardContract {
    @Override
    DatapathContract suite() {
      return DatapathContract.this;
    }
  }

  /** ARP and neighbour discovery tell the truth; no endpoint is a router. */
  @Nested
  final class DiscoveryGuard extends DiscoveryGuardContract {
    @Override
    DatapathContract suite() {
      return DatapathContract.this;
    }
  }

  /** What rules with ports let through, and what rules without. */
  @Nested
  final class ProtocolPolicy extends ProtocolPolicyContract {
    @Override
    DatapathContract suite() {
      return DatapathContract.this;
    }
  }

  /** No cut of a packet passes a rule by. */
  @Nested
  final class Fragments extends FragmentContract {
    @Override
    DatapathContract suite() {
      return DatapathContract.this;
    }
  }

  /** A changed policy ends flows or lets them finish, as stated. */
  @Nested
  final class Established extends EstablishedContract {
    @Override
    DatapathContract suite() {
      return DatapathContract.this;
    }
  }

  /** Selectors, blocks, ranges, names, the node and the endpoint itself. */
  @Nested
  final class Rules extends RulesContract {
    @Override
    DatapathContract suite() {
      return DatapathContract.this;
    }
  }
}
