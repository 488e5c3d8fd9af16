package dev.sluice.core.netlink;

import java.util.List;

/**
 * How the requests of a batch ended. All were attempted.
 *
 * @param failures those refused, in the order of the requests
 */
public record BatchResult(List<Failure> failures) {

  public BatchResult {
    failures = List.copyOf(failures);
  }

  /**
   * A refused request.
   *
   * @param index its place in the batch, from 0
   */
  public record Failure(int index, NetlinkException error) {}

  /** The errors of all failures, in order. */
  public List<NetlinkException> errors() {
    return failures.stream().map(Failure::error).toList();
  }

  /** Throws the first failure, the others suppressed in it; returns if there is none. */
  public void orThrow() {
    if (!failures.isEmpty()) {
      NetlinkException first = failures.get(0).error();
      failures.stream().skip(1).map(Failure::error).forEach(first::addSuppressed);
      throw first;
    }
  }
}
