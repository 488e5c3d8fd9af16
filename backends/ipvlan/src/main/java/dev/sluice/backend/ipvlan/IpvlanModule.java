package dev.sluice.backend.ipvlan;

import com.google.inject.AbstractModule;
import com.google.inject.multibindings.MapBinder;
import dev.sluice.core.datapath.Datapath;

/**
 * Makes the IPVLAN datapath known under its name; the kinds that it needs are those of {@code bpf}.
 */
public final class IpvlanModule extends AbstractModule {

  @Override
  protected void configure() {
    MapBinder.newMapBinder(binder(), String.class, Datapath.class)
        .addBinding(IpvlanDatapath.NAME)
        .toInstance(new IpvlanDatapath());
  }
}
