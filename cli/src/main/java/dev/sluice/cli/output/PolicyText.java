package dev.sluice.cli.output;

import dev.sluice.core.policy.PortRange;
import dev.sluice.core.policy.PortSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Words for what policies say. */
public final class PolicyText {

  /** So many names of a list are shown in a table. */
  private static final int SHOWN = 3;

  private static final String ALL = "all";

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

  /** {@code all}, or each part of it; {@code other} is every protocol without ports. */
  static List<String> ports(PortSet ports) {
    if (ports.equals(PortSet.ALL)) {
      return List.of(ALL);
    }
    List<String> out = new ArrayList<>(ports.ranges().stream().map(PolicyText::ports).toList());
    if (ports.others()) {
      out.add("other");
    }
    return out;
  }

  /** As {@link #ports(PortSet)} on one line; what is nearly all is told by what it lacks. */
  static String shortly(PortSet ports) {
    List<String> is = ports(ports);
    List<String> lacks = ports(ports.complement());
    return ports.others() && !ports.equals(PortSet.ALL) && lacks.size() <= is.size()
        ? ALL + " but " + String.join(", ", lacks)
        : String.join(", ", is);
  }

  /** Some names of a long list, and how many there are besides. */
  public static String several(List<String> names) {
    return names.size() <= SHOWN + 1
        ? String.join(", ", names)
        : String.join(", ", names.subList(0, SHOWN))
            + " and %d more".formatted(names.size() - SHOWN);
  }
}
