package dev.sluice.core.datapath;

import dev.sluice.core.error.SluiceException;
import java.util.List;

/**
 * A datapath cannot honour fields of a topology; each is named by its path, and nothing was done.
 */
public final class RefusedTopologyException extends SluiceException {

  private static final long serialVersionUID = 1L;

  /** A field and why it is refused. */
  public record Refusal(String path, String reason) {}

  public RefusedTopologyException(String topology, String datapath, List<Refusal> refusals) {
    super(
        Category.USER,
        "%s cannot run on the %s datapath:\n  %s"
            .formatted(
                topology,
                datapath,
                String.join(
                    "\n  ", refusals.stream().map(r -> r.path() + ": " + r.reason()).toList())));
  }
}
