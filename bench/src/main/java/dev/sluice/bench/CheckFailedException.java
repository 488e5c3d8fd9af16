package dev.sluice.bench;

import dev.sluice.core.check.CheckReport;
import dev.sluice.core.error.SluiceException;
import java.util.List;
import java.util.stream.Collectors;

/** A datapath does not do what the topology promises, so that timing it would mean nothing. */
public final class CheckFailedException extends SluiceException {

  private static final long serialVersionUID = 1L;

  private static final int SHOWN = 10;

  CheckFailedException(List<CheckReport> reports) {
    super(
        Category.TRANSIENT,
        reports.stream()
            .filter(r -> !r.disagree().isEmpty())
            .map(CheckFailedException::text)
            .collect(Collectors.joining("\n")));
  }

  private static String text(CheckReport report) {
    return "%s does not carry %s: %d of %d probes disagree\n  %s"
        .formatted(
            report.datapath(),
            report.topology(),
            report.disagree().size(),
            report.probes(),
            report.disagree().stream()
                .limit(SHOWN)
                .map(
                    d ->
                        "%s to %s (%s) %s %s: expected %s, seen %s %s"
                            .formatted(
                                d.from(),
                                d.to(),
                                d.address(),
                                d.protocol(),
                                d.kind(),
                                d.expected(),
                                d.seen(),
                                d.detail()))
                .collect(Collectors.joining("\n  ")));
  }
}
