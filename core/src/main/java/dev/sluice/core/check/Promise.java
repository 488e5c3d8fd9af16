package dev.sluice.core.check;

import dev.sluice.core.check.Probe.Kind;
import dev.sluice.core.check.Probe.Transport;
import java.util.Comparator;

/**
 * One sort of promise of a topology.
 *
 * @param passes whether it is to arrive, or to be denied
 * @param probes how many test it
 */
public record Promise(Kind kind, Transport transport, boolean passes, int probes) {

  static final Comparator<Promise> ORDER =
      Comparator.comparing(Promise::kind)
          .thenComparing(Promise::transport)
          .thenComparing(p -> !p.passes());

  Promise of(int count) {
    return new Promise(kind, transport, passes, count);
  }
}
