package dev.sluice.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.inject.Guice;
import com.google.inject.Key;
import com.google.inject.TypeLiteral;
import dev.sluice.bpf.kernel.BpfObject;
import dev.sluice.bpf.kind.BpfObjectKind;
import dev.sluice.core.reconcile.kind.Kind;
import dev.sluice.core.reconcile.kind.Kinds;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BpfModuleTest {

  private static final Key<Set<Kind<?>>> KINDS = Key.get(new TypeLiteral<>() {});

  @Test
  void itsKindsComeBesideThoseOfCoreHoweverOftenItIsInstalled() {
    Set<Kind<?>> kinds = Guice.createInjector(new BpfModule(), new BpfModule()).getInstance(KINDS);
    assertThat(kinds).hasSize(3);
    assertThat(Kinds.core().and(kinds).of(BpfObject.unknown("t", "v")))
        .isInstanceOf(BpfObjectKind.class);
  }
}
