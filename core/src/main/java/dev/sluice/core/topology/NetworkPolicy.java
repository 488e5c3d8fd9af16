package dev.sluice.core.topology;

import dev.sluice.core.address.Cidr;
import dev.sluice.core.topology.Topology.Protocol;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A {@code networking.k8s.io/v1} NetworkPolicy as declared: selectors and names not yet resolved.
 *
 * @param namespace the policy namespace that it is in; {@link Topology#DEFAULT_NAMESPACE} if the
 *     file names none
 * @param podSelector which endpoints of that namespace it isolates
 * @param types the directions that it isolates; defaults already filled in
 */
public record NetworkPolicy(
    String namespace,
    String name,
    LabelSelector podSelector,
    Set<Direction> types,
    List<Rule> ingress,
    List<Rule> egress) {

  public NetworkPolicy {
    types = types.isEmpty() ? Set.of() : Collections.unmodifiableSet(EnumSet.copyOf(types));
    ingress = List.copyOf(ingress);
    egress = List.copyOf(egress);
  }

  /** The rules of one direction. */
  public List<Rule> rules(Direction direction) {
    return direction == Direction.INGRESS ? ingress : egress;
  }

  /** As seen from the endpoint that a policy selects. */
  public enum Direction {
    INGRESS,
    EGRESS
  }

  /**
   * What one rule allows: the given ports to or from the given peers.
   *
   * @param peers empty: everybody
   * @param ports empty: every IP protocol and port
   */
  public record Rule(List<Peer> peers, List<PortMatch> ports) {
    public Rule {
      peers = List.copyOf(peers);
      ports = List.copyOf(ports);
    }
  }

  /** Whom a rule means. */
  public sealed interface Peer {

    /**
     * Endpoints by labels.
     *
     * @param namespaces empty: those of the policy's own namespace
     * @param pods empty: all endpoints of those namespaces
     */
    record Selected(Optional<LabelSelector> namespaces, Optional<LabelSelector> pods)
        implements Peer {}

    /** Addresses of a block but for those of {@code except}. */
    record Block(Cidr cidr, List<Cidr> except) implements Peer {
      public Block {
        except = List.copyOf(except);
      }
    }
  }

  /** Which ports of one protocol a rule means. */
  public sealed interface PortMatch {

    Protocol protocol();

    /** {@code from} to {@code to}, both included; 0 to 65535: all. */
    record Range(Protocol protocol, int from, int to) implements PortMatch {}

    /** The port that the destination endpoint calls so, of the same protocol. */
    record Named(Protocol protocol, String name) implements PortMatch {}
  }

  /**
   * A Kubernetes label selector: all requirements hold. Without any it selects everything.
   *
   * @param requirements {@code matchLabels} entries are here as {@link Operator#IN} of one value
   */
  public record LabelSelector(List<Requirement> requirements) {
    public LabelSelector {
      requirements = List.copyOf(requirements);
    }

    /** Whether something with these labels is selected. */
    public boolean matches(Map<String, String> labels) {
      return requirements.stream().allMatch(r -> r.matches(labels));
    }
  }

  /** The operators of {@code matchExpressions}. */
  public enum Operator {
    IN,
    NOT_IN,
    EXISTS,
    DOES_NOT_EXIST
  }

  /**
   * One condition on a label.
   *
   * @param values empty for {@link Operator#EXISTS} and {@link Operator#DOES_NOT_EXIST}
   */
  public record Requirement(String key, Operator operator, List<String> values) {
    public Requirement {
      values = List.copyOf(values);
    }

    boolean matches(Map<String, String> labels) {
      return switch (operator) {
        case IN -> labels.containsKey(key) && values.contains(labels.get(key));
        // Kubernetes: also where the label is absent.
        case NOT_IN -> !labels.containsKey(key) || !values.contains(labels.get(key));
        case EXISTS -> labels.containsKey(key);
        case DOES_NOT_EXIST -> !labels.containsKey(key);
      };
    }
  }
}
