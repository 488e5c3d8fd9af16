package dev.sluice.bench.targets;

import dev.sluice.bpf.kind.BpfLinkKind;
import dev.sluice.bpf.kind.BpfObjectKind;
import dev.sluice.bpf.kind.BpfVersionKind;
import dev.sluice.core.reconcile.kind.Kinds;
import java.util.List;

/** What the benchmarks share. */
final class Targets {

  private Targets() {}

  /** Core's kinds of objects, and those of BPF. */
  static Kinds kinds() {
    return Kinds.core().and(List.of(new BpfObjectKind(), new BpfVersionKind(), new BpfLinkKind()));
  }
}
