package dev.sluice.testkit;

import dev.sluice.core.datapath.Datapath;
import dev.sluice.core.node.Node;
import org.junit.jupiter.api.Nested;

/**
 * The part of the conformance suite that tells whether packets meet what they should on every way
 * that there is. For a datapath that attaches to one kernel otherwise than to another, once the
 * whole ({@link DatapathContract}) was tried in one way.
 */
public abstract class ForwardingContract {

  /** The datapath under test. */
  protected abstract Datapath datapath();

  /** What that datapath has counted on a node of a topology so far. */
  protected abstract Counts counts(Node node, String topology);

  /**
   * Whether what is for all neighbours gets to all, as on a switch; else questions are answered in
   * their place, and what is no question is for nobody.
   */
  protected abstract boolean floods();

  /** Packets of every protocol get where they should. */
  @Nested
  final class Reachability extends ReachabilityContract {
    @Override
    ForwardingContract suite() {
      return ForwardingContract.this;
    }
  }

  /** Packets do not get where they should not. */
  @Nested
  final class Isolation extends IsolationContract {
    @Override
    ForwardingContract suite() {
      return ForwardingContract.this;
    }
  }

  /** Published ports lead to endpoints, and to nobody else. */
  @Nested
  final class Publish extends PublishContract {
    @Override
    ForwardingContract suite() {
      return ForwardingContract.this;
    }
  }

  /** Apply, apply again, change, destroy. */
  @Nested
  final class Lifecycle extends LifecycleContract {
    @Override
    ForwardingContract suite() {
      return ForwardingContract.this;
    }
  }

  /** Replies and related errors pass under default deny. */
  @Nested
  final class Replies extends ReplyContract {
    @Override
    ForwardingContract suite() {
      return ForwardingContract.this;
    }
  }
}
