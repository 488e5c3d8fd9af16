package dev.sluice.testkit.cyclonus;

import dev.sluice.core.topology.Topology.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;

/**
 * What passes from each endpoint to each other, by one protocol to one port.
 *
 * @param endpoints in the order of rows (sources) and columns (destinations)
 * @param rows one a source, a character a destination: {@code .} passes, {@code X} is denied,
 *     {@code #} is the endpoint itself, which is not judged
 */
public record Matrix(Protocol protocol, int port, List<String> endpoints, List<String> rows) {

  private static final char PASSES = '.';
  private static final char DENIED = 'X';
  private static final char SELF = '#';

  public Matrix {
    endpoints = List.copyOf(endpoints);
    rows = List.copyOf(rows);
    int size = endpoints.size();
    if (rows.size() != size || rows.stream().anyMatch(r -> !r.matches("[.X#]{" + size + "}"))) {
      throw new IllegalArgumentException("not " + size + " by " + size + ": " + rows);
    }
  }

  /** The matrix of what {@code passes} says of each source and destination. */
  public static Matrix of(
      Protocol protocol, int port, List<String> endpoints, BiPredicate<String, String> passes) {
    List<String> rows = new ArrayList<>();
    for (String source : endpoints) {
      StringBuilder row = new StringBuilder();
      for (String destination : endpoints) {
        row.append(
            source.equals(destination) ? SELF : passes.test(source, destination) ? PASSES : DENIED);
      }
      rows.add(row.toString());
    }
    return new Matrix(protocol, port, endpoints, rows);
  }

  /** Whether this is an endpoint and itself, of which nothing is said. */
  public boolean isSelf(int source, int destination) {
    return rows.get(source).charAt(destination) == SELF;
  }

  /** Whether packets from one endpoint to another pass, both by their place in the list. */
  public boolean passes(int source, int destination) {
    return rows.get(source).charAt(destination) == PASSES;
  }

  /** {@code TCP/80}. */
  public String title() {
    return protocol + "/" + port;
  }

  /** The rows in which {@code seen} differs from this, one a line; empty if none does. */
  public String difference(Matrix seen) {
    if (!endpoints.equals(seen.endpoints) || !title().equals(seen.title())) {
      throw new IllegalArgumentException(title() + " is not compared with " + seen.title());
    }
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < rows.size(); i++) {
      if (!rows.get(i).equals(seen.rows.get(i))) {
        out.append(
            "%s from %s: expected %s, seen %s%n"
                .formatted(title(), endpoints.get(i), rows.get(i), seen.rows.get(i)));
      }
    }
    return out.toString();
  }
}
