package dev.sluice.cli.command;

import dev.sluice.cli.output.Console;
import dev.sluice.core.datapath.Datapath;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Supplier;

/** What a command is run with. Whatever costs time to make is made when it is first asked for. */
public final class Invocation {

  private final Console console;
  private final ChangeGuard guard;
  private final Supplier<SortedMap<String, Datapath>> source;
  private Optional<SortedMap<String, Datapath>> datapaths = Optional.empty();

  public Invocation(
      Console console, ChangeGuard guard, Supplier<SortedMap<String, Datapath>> datapaths) {
    this.console = console;
    this.guard = guard;
    this.source = datapaths;
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
