package dev.sluice.cli.command;

import dev.sluice.cli.output.Console;
import dev.sluice.cli.output.Console.ClosableProgress;
import dev.sluice.core.datapath.Datapath;
import dev.sluice.core.reconcile.ReconcileObserver;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Supplier;

/** What a command is run with. Whatever costs time to make is made when it is first asked for. */
public final class Invocation {

  private final Console console;
  private final ChangeGuard guard;
  private final Supplier<SortedMap<String, Datapath>> source;
  private Optional<SortedMap<String, Datapath>> datapaths = Optional.empty();
  private boolean verbose;

  public Invocation(
      Console console, ChangeGuard guard, Supplier<SortedMap<String, Datapath>> datapaths) {
    this.console = console;
    this.guard = guard;
    this.source = datapaths;
  }

  /** From now on what is done is logged. */
  public void verbose() {
    verbose = true;
  }

  /** Where the work in hand is told: in the log, if there is one. */
  ClosableProgress progress() {
    return verbose ? new LoggedProgress(console.err()) : console.progress();
  }

  /** {@code observer}, with a log if one is wanted; loading the loggers costs time. */
  ReconcileObserver logged(ReconcileObserver observer) {
    return verbose ? new LoggedReconcile(observer) : observer;
  }

  Console console() {
    return console;
  }

  ChangeGuard guard() {
    return guard;
  }

  /** Every datapath there is, by name. */
  SortedMap<String, Datapath> datapaths() {
    if (datapaths.isEmpty()) {
      datapaths = Optional.of(source.get());
    }
    return datapaths.get();
  }
}
