package dev.sluice.core.reconcile.kind;

import dev.sluice.core.kernel.KernelObject;
import dev.sluice.core.kernel.Sysctl;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Sysctls. They are always there, with the kernel or with their link; what was there before us is
 * leased.
 */
final class SysctlKind implements Kind<Sysctl> {

  @Override
  public Class<Sysctl> type() {
    return Sysctl.class;
  }

  @Override
  public void observe(World world, NetnsSnapshot here, Consumer<KernelObject> ours) {
    here.sysctls().forEach(ours);
  }

  @Override
  public Optional<String> foreign(World world, Sysctl wanted) {
    return Optional.empty();
  }

  @Override
  public boolean updatable(Sysctl from, Sysctl to) {
    return true;
  }

  @Override
  public List<Action> create(Sysctl sysctl) {
    return List.of(new Action.WriteSysctl(sysctl));
  }

  @Override
  public List<Action> update(Sysctl from, Sysctl to) {
    return create(to);
  }

  /** It goes with its link; a leased one is restored, which is an update. */
  @Override
  public List<Action> delete(Sysctl sysctl) {
    return List.of();
  }
}
