package dev.sluice.cli;

import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.Key;
import com.google.inject.Stage;
import com.google.inject.TypeLiteral;
import dev.sluice.cli.command.Invocation.Parts;
import dev.sluice.core.datapath.Datapath;
import dev.sluice.core.reconcile.kind.Kind;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Composes the program. Apart from {@link Main}, for not every command needs what it costs. */
final class Bootstrap {

  private static final Key<Map<String, Datapath>> DATAPATHS = Key.get(new TypeLiteral<>() {});
  private static final Key<Set<Kind<?>>> KINDS = Key.get(new TypeLiteral<>() {});

  private Bootstrap() {}

  /** What all modules bring. */
  static Parts parts() {
    Injector injector = Guice.createInjector(Stage.PRODUCTION, new CliModule());
    return new Parts(new TreeMap<>(injector.getInstance(DATAPATHS)), injector.getInstance(KINDS));
  }
}
