package dev.sluice.core.reconcile.kind;

import dev.sluice.core.kernel.KernelObject;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** What the reconciler has to know of one kind of kernel object. */
public interface Kind<T extends KernelObject> {

  /** What it handles. */
  Class<T> type();

  /**
   * Reads what the node's snapshot lacks and this kind has to know; on a thread in the node. Hands
   * every object of this kind that bears our mark to {@code ours}.
   */
  default void read(Site site, Consumer<KernelObject> ours) {}

  /** Hands every object of this kind in {@code here} that bears our mark to {@code ours}. */
  void observe(World world, NetnsSnapshot here, Consumer<KernelObject> ours);

  /**
   * What stands in the way of {@code wanted} and is not ours, as a sentence; asked only where ours
   * is not there, or not as wanted.
   */
  Optional<String> foreign(World world, T wanted);

  /** Whether the kernel can turn {@code from} into {@code to} in place. */
  boolean updatable(T from, T to);

  List<Action> create(T object);

  List<Action> update(T from, T to);

  List<Action> delete(T object);
}
