package dev.sluice.cli.command;

import dev.sluice.cli.output.Console;
import dev.sluice.cli.output.Console.ClosableProgress;
import dev.sluice.core.datapath.Datapath;
import dev.sluice.core.reconcile.ReconcileObserver;
import dev.sluice.core.reconcile.kind.Kind;
import dev.sluice.core.reconcile.kind.Kinds;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** What a command is run with. Whatever costs time to make is made when it is first asked for. */
public final class Invocation {

  private final Console console;
  private final ChangeGuard guard;
  private final Supplier<Parts> source;
  private Optional<Parts> parts = Optional.empty();
  private boolean verbose;

  /**
   * What the modules of the program bring.
   *
   * @param datapaths by name
   * @param kinds of kernel objects, beside those of core
   */
  public record Parts(SortedMap<String, Datapath> datapaths, Set<Kind<?>> kinds) {}

  public Invocation(Console console, ChangeGuard guard, Supplier<Parts> parts) {
    this.console = console;
    this.guard = guard;
    this.source = parts;
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
    return parts().datapaths();
  }

  /** The datapath that an option of {@code command} names; wrong usage, if there is none. */
  Datapath datapath(CommandSpec command, String name) {
    Datapath datapath = datapaths().get(name);
    if (datapath == null) {
      throw new ParameterException(
          command.commandLine(),
          "%s; there are: %s"
              .formatted(
                  name.isEmpty() ? "no datapath is named" : "there is no datapath " + name,
                  String.join(", ", datapaths().keySet())));
    }
    return datapath;
  }

  /** Every kind of kernel object there is. */
  Kinds kinds() {
    return Kinds.core().and(parts().kinds());
  }

  private Parts parts() {
    if (parts.isEmpty()) {
      parts = Optional.of(source.get());
    }
    return parts.get();
  }
}
