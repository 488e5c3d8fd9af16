package dev.sluice.backend.macvlan;

import com.google.inject.AbstractModule;
import com.google.inject.multibindings.MapBinder;
import dev.sluice.core.datapath.Datapath;

/**
 * Makes the MACVLAN datapath known under its name; the kinds that it needs are those of {@code
 * bpf}.
 */
public final class MacvlanModule extends AbstractModule {

  @Override
  protected void configure() {
    MapBinder.newMapBinder(binder(), String.class, Datapath.class)
        .addBinding(MacvlanDatapath.NAME)
        .toInstance(new MacvlanDatapath());
  }
}
