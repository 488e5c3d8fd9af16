package dev.sluice.testkit;

import dev.sluice.core.kernel.KernelObject;
import dev.sluice.core.reconcile.kind.Action;
import dev.sluice.core.reconcile.kind.Kind;
import dev.sluice.core.reconcile.kind.NetnsSnapshot;
import dev.sluice.core.reconcile.kind.Site;
import dev.sluice.core.reconcile.kind.World;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A kind that tells of each piece of work before it is done. */
record SteppedKind<T extends KernelObject>(Kind<T> kind, Consumer<String> step) implements Kind<T> {

  @Override
  public Class<T> type() {
    return kind.type();
  }

  @Override
  public void read(Site site, Consumer<KernelObject> ours) {
    kind.read(site, ours);
  }

  @Override
  public void observe(World world, NetnsSnapshot here, Consumer<KernelObject> ours) {
    kind.observe(world, here, ours);
  }

  @Override
  public Optional<String> foreign(World world, T wanted) {
    return kind.foreign(world, wanted);
  }

  @Override
  public boolean updatable(T from, T to) {
    return kind.updatable(from, to);
  }

  @Override
  public List<Action> create(T object) {
    return told(object, kind.create(object));
  }

  @Override
  public List<Action> update(T from, T to) {
    return told(to, kind.update(from, to));
  }

  @Override
  public List<Action> delete(T object) {
    return told(object, kind.delete(object));
  }

  private List<Action> told(T object, List<Action> actions) {
    return actions.stream().map(action -> told(object, action)).toList();
  }

  private Action told(T object, Action action) {
    return action instanceof Action.Call call
        ? new Action.Call(
            call.netns(),
            call.phase(),
            names -> {
              step.accept(SteppedProcess.WORK + object.key().id() + " in phase " + call.phase());
              call.work().accept(names);
            })
        : action;
  }
}
