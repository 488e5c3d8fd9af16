package dev.sluice.core.reconcile.kind;

import dev.sluice.core.kernel.KernelObject;
import dev.sluice.core.kernel.Namespace;
import dev.sluice.core.reconcile.kind.World.NamespaceState;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Named namespaces; ours by the binding in our own directory. They are made and deleted by the
 * executor, for that is no work inside a namespace.
 */
final class NamespaceKind implements Kind<Namespace> {

  @Override
  public Class<Namespace> type() {
    return Namespace.class;
  }

  @Override
  public void observe(World world, NetnsSnapshot here, Consumer<KernelObject> ours) {
    if (here.netns().isNode()) {
      world
          .namespaces()
          .forEach(
              (name, state) -> {
                switch (state) {
                  case OURS -> ours.accept(new Namespace(name, true));
                  case UNPUBLISHED, DISPLACED -> ours.accept(new Namespace(name, false));
                  case ABSENT, ADOPTED, OBSTRUCTED -> {}
                }
              });
    }
  }

  @Override
  public Optional<String> foreign(World world, Namespace wanted) {
    NamespaceState state = world.namespaces().getOrDefault(wanted.name(), NamespaceState.ABSENT);
    return switch (state) {
      case DISPLACED ->
          Optional.of(
              wanted.key()
                  + ": somebody deleted the namespace we made and made another of that name");
      case OBSTRUCTED ->
          Optional.of(wanted.key() + ": a file of that name is there that is no namespace");
      case ABSENT, OURS, UNPUBLISHED, ADOPTED -> Optional.empty();
    };
  }

  @Override
  public boolean updatable(Namespace from, Namespace to) {
    return true;
  }

  @Override
  public List<Action> create(Namespace object) {
    return List.of();
  }

  @Override
  public List<Action> update(Namespace from, Namespace to) {
    return List.of();
  }

  @Override
  public List<Action> delete(Namespace object) {
    return List.of();
  }
}
