package dev.sluice.cli;

import com.google.inject.AbstractModule;
import dev.sluice.backend.bridge.BridgeModule;

/** The datapaths that this program has: a line for each backend. */
final class CliModule extends AbstractModule {

  @Override
  protected void configure() {
    install(new BridgeModule());
  }
}
