package dev.sluice.cli.output;

import dev.sluice.core.policy.PortRange;
import java.util.List;
import java.util.Locale;

/** Words for what policies say. */
public final class PolicyText {

  /** So many names of a list are shown in a table. */
  private static final int SHOWN = 3;

  private PolicyText() {}

  /** {@code tcp/80}, {@code tcp/80-89}, {@code tcp} for all of its ports. */
  public static String ports(PortRange range) {
    String protocol = range.protocol().name().toLowerCase(Locale.ROOT);
    if (range.from() <= 1 && range.to() == PortRange.MAX) {
      return protocol;
    }
    return range.from() == range.to()
        ? protocol + "/" + range.from()
        : protocol + "/" + range.from() + "-" + range.to();
  }

  /** Some names of a long list, and how many there are besides. */
  public static String several(List<String> names) {
    return names.size() <= SHOWN + 1
        ? String.join(", ", names)
        : String.join(", ", names.subList(0, SHOWN))
            + " and %d more".formatted(names.size() - SHOWN);
  }
}
