package dev.sluice.backend.ebpf;

import com.google.inject.AbstractModule;
import com.google.inject.multibindings.MapBinder;
import dev.sluice.bpf.BpfModule;
import dev.sluice.core.datapath.Datapath;

/** Makes the eBPF datapath known under its name, and the kinds of objects that it renders to. */
public final class EbpfModule extends AbstractModule {

  @Override
  protected void configure() {
    install(new BpfModule());
    MapBinder.newMapBinder(binder(), String.class, Datapath.class)
        .addBinding(EbpfDatapath.NAME)
        .toInstance(new EbpfDatapath());
  }
}
