package dev.sluice.cli;

import com.google.inject.AbstractModule;
import com.google.inject.TypeLiteral;
import com.google.inject.multibindings.Multibinder;
import dev.sluice.backend.bridge.BridgeModule;
import dev.sluice.backend.ebpf.EbpfModule;
import dev.sluice.backend.ipvlan.IpvlanModule;
import dev.sluice.backend.macvlan.MacvlanModule;
import dev.sluice.core.reconcile.kind.Kind;

/** The datapaths that this program has, and the kinds of object that they need beside core's. */
final class CliModule extends AbstractModule {

  @Override
  protected void configure() {
    Multibinder.newSetBinder(binder(), new TypeLiteral<Kind<?>>() {});
    install(new BridgeModule());
    install(new EbpfModule());
    install(new MacvlanModule());
    install(new IpvlanModule());
  }
}
