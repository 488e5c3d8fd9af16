package dev.sluice.core.reconcile.kind;

import dev.sluice.core.kernel.KernelObject;
import dev.sluice.core.kernel.Loopback;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The loopback device of each namespace but the node's. It is always there; only up or down is ours
 * to wish.
 */
final class LoopbackKind implements Kind<Loopback> {

  @Override
  public Class<Loopback> type() {
    return Loopback.class;
  }

  @Override
  public void observe(World world, NetnsSnapshot here, Consumer<KernelObject> ours) {
    if (!here.netns().isNode()) {
      here.link(Loopback.NAME).ifPresent(lo -> ours.accept(new Loopback(here.netns(), lo.isUp())));
    }
  }

  @Override
  public Optional<String> foreign(World world, Loopback wanted) {
    return Optional.empty();
  }

  @Override
  public boolean updatable(Loopback from, Loopback to) {
    return true;
  }

  @Override
  public List<Action> create(Loopback lo) {
    return List.of(Links.up(lo.netns(), Loopback.NAME, lo.up()));
  }

  @Override
  public List<Action> update(Loopback from, Loopback to) {
    return create(to);
  }

  @Override
  public List<Action> delete(Loopback object) {
    return List.of();
  }
}
