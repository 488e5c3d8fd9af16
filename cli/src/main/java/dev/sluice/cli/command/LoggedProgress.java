package dev.sluice.cli.command;

import dev.sluice.cli.output.Console.ClosableProgress;
import java.io.PrintStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs the stages of the work; notes are for people who do not read logs too. */
record LoggedProgress(PrintStream err) implements ClosableProgress {

  private static final Logger LOG = LoggerFactory.getLogger(LoggedProgress.class);

  @Override
  public void stage(String what, int count) {
    if (count > 0) {
      LOG.debug("{} ({})", what, count);
    } else {
      LOG.debug("{}", what);
    }
  }

  @Override
  public void note(String text) {
    err.println(text);
  }

  @Override
  public void close() {}
}
