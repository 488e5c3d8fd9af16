package dev.sluice.core.policy;

import dev.sluice.core.address.Cidr;
import java.util.List;

/**
 * What policy says of a flow: the source's egress and the destination's ingress must both allow.
 */
public record Verdict(Decision egress, Decision ingress) {

  public boolean allows() {
    return egress.allows() && ingress.allows();
  }

  /** What one direction says, and why. */
  public sealed interface Decision {

    boolean allows();

    /** Neither policy nor endpoint has a say: the end is no endpoint, or no policy isolates it. */
    record NotIsolated() implements Decision {
      @Override
      public boolean allows() {
        return true;
      }
    }

    /** An endpoint reaches itself (rule 8). */
    record Self() implements Decision {
      @Override
      public boolean allows() {
        return true;
      }
    }

    /** The node reaches its own endpoints (rule 8). */
    record FromNode() implements Decision {
      @Override
      public boolean allows() {
        return true;
      }
    }

    /** Allowed by {@code rules}: all that do, the first is the one that is counted. */
    record Allowed(List<RuleId> rules) implements Decision {
      public Allowed {
        rules = List.copyOf(rules);
      }

      @Override
      public boolean allows() {
        return true;
      }
    }

    /** It does not get so far: {@code spec.denyFrom} denies the block that its source is in. */
    record DeniedSource(Cidr block) implements Decision {
      @Override
      public boolean allows() {
        return false;
      }
    }

    /** Denied by default, as these policies isolate the endpoint and none allows the flow. */
    record DefaultDeny(List<PolicyId> isolatedBy) implements Decision {
      public DefaultDeny {
        isolatedBy = List.copyOf(isolatedBy);
      }

      @Override
      public boolean allows() {
        return false;
      }
    }
  }
}
