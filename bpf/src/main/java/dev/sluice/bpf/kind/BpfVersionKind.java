package dev.sluice.bpf.kind;

import dev.sluice.bpf.kernel.BpfVersion;
import dev.sluice.core.kernel.KernelObject;
import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.reconcile.kind.Action;
import dev.sluice.core.reconcile.kind.Kind;
import dev.sluice.core.reconcile.kind.NetnsSnapshot;
import dev.sluice.core.reconcile.kind.Phase;
import dev.sluice.core.reconcile.kind.World;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Versions that nobody wants: {@link BpfObjectKind} finds them, for it knows which is in force. */
public final class BpfVersionKind implements Kind<BpfVersion> {

  @Override
  public Class<BpfVersion> type() {
    return BpfVersion.class;
  }

  @Override
  public void observe(World world, NetnsSnapshot here, Consumer<KernelObject> ours) {}

  @Override
  public Optional<String> foreign(World world, BpfVersion wanted) {
    return Optional.empty();
  }

  @Override
  public boolean updatable(BpfVersion from, BpfVersion to) {
    return true;
  }

  @Override
  public List<Action> create(BpfVersion version) {
    return List.of();
  }

  @Override
  public List<Action> update(BpfVersion from, BpfVersion to) {
    return List.of();
  }

  @Override
  public List<Action> delete(BpfVersion version) {
    return List.of(
        new Action.Call(
            NetnsRef.NODE,
            Phase.SWEEP,
            names ->
                ObjectPins.remove(
                    ObjectPins.of(names.pins(), version.object()).version(version.directory()))));
  }
}
