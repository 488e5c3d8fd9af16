package dev.sluice.bpf;

import com.google.inject.AbstractModule;
import com.google.inject.TypeLiteral;
import com.google.inject.multibindings.Multibinder;
import dev.sluice.bpf.kind.BpfLinkKind;
import dev.sluice.bpf.kind.BpfObjectKind;
import dev.sluice.bpf.kind.BpfVersionKind;
import dev.sluice.core.reconcile.kind.Kind;

/** Makes the kinds of BPF known; a module that renders to them installs it. */
public final class BpfModule extends AbstractModule {

  @Override
  protected void configure() {
    Multibinder<Kind<?>> kinds = Multibinder.newSetBinder(binder(), new TypeLiteral<Kind<?>>() {});
    kinds.addBinding().toInstance(new BpfObjectKind());
    kinds.addBinding().toInstance(new BpfVersionKind());
    kinds.addBinding().toInstance(new BpfLinkKind());
  }

  /** Several modules may install it; alike ones are installed once. */
  @Override
  public boolean equals(Object o) {
    return o instanceof BpfModule;
  }

  @Override
  public int hashCode() {
    return BpfModule.class.hashCode();
  }
}
