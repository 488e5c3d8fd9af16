package dev.sluice.cli;

import com.google.inject.Guice;
import com.google.inject.Key;
import com.google.inject.Stage;
import com.google.inject.TypeLiteral;
import dev.sluice.core.datapath.Datapath;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Composes the program. Apart from {@link Main}, for not every command needs what it costs. */
final class Bootstrap {

  private static final Key<Map<String, Datapath>> DATAPATHS = Key.get(new TypeLiteral<>() {});

  private Bootstrap() {}

  /** Every datapath there is, by name. */
  static SortedMap<String, Datapath> datapaths() {
    return new TreeMap<>(
        Guice.createInjector(Stage.PRODUCTION, new CliModule()).getInstance(DATAPATHS));
  }
}
