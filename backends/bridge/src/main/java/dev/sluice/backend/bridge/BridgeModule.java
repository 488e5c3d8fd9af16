package dev.sluice.backend.bridge;

import com.google.inject.AbstractModule;
import com.google.inject.multibindings.MapBinder;
import dev.sluice.core.datapath.Datapath;

/** Makes the bridge datapath known under its name. */
public final class BridgeModule extends AbstractModule {

  @Override
  protected void configure() {
    MapBinder.newMapBinder(binder(), String.class, Datapath.class)
        .addBinding(BridgeDatapath.NAME)
        .toInstance(new BridgeDatapath());
  }
}
