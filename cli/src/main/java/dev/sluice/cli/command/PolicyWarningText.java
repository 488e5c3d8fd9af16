package dev.sluice.cli.command;

import dev.sluice.cli.output.Console;
import dev.sluice.core.policy.PolicyWarnings;
import dev.sluice.core.topology.Topology;
import java.util.List;

/** Tells on standard error what policies of a file have no effect. */
final class PolicyWarningText {

  private static final int SHOWN = 20;

  private PolicyWarningText() {}

  static void print(Console console, Topology topology) {
    List<String> warnings = PolicyWarnings.of(topology);
    warnings.stream().limit(SHOWN).forEach(w -> console.err().println("warning: " + w));
    if (warnings.size() > SHOWN) {
      console.err().println("warning: and " + (warnings.size() - SHOWN) + " more like these");
    }
  }
}
