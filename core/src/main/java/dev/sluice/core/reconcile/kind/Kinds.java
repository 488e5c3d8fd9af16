package dev.sluice.core.reconcile.kind;

import dev.sluice.core.kernel.KernelObject;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** All kinds of a program, by the type of object that they handle. */
public final class Kinds {

  private static final List<Kind<?>> CORE =
      List.of(
          new NamespaceKind(),
          new BridgeKind(),
          new VethPairKind(),
          new NetkitPairKind(),
          new MacvlanKind(),
          new IpvlanKind(),
          new LoopbackKind(),
          new AddressKind(),
          new RouteKind(),
          new RuleKind(),
          new NeighbourKind(),
          new SysctlKind(),
          new LinkFilterKind(),
          new NftTableKind());

  private final Map<Class<?>, Kind<?>> byType;

  private Kinds(Map<Class<?>, Kind<?>> byType) {
    this.byType = Map.copyOf(byType);
  }

  /** Those of this module. */
  public static Kinds core() {
    return new Kinds(Map.of()).and(CORE);
  }

  /** These and those that other modules bring; no two may handle one type. */
  public Kinds and(Collection<? extends Kind<?>> more) {
    Map<Class<?>, Kind<?>> all = new HashMap<>(byType);
    for (Kind<?> kind : more) {
      if (all.put(kind.type(), kind) != null) {
        throw new IllegalArgumentException("two kinds handle " + kind.type().getName());
      }
    }
    return new Kinds(all);
  }

  public Collection<Kind<?>> all() {
    return byType.values();
  }

  /** The kind that handles {@code object}. */
  @SuppressWarnings("unchecked") // each is found by the class that it says it handles
  public Kind<KernelObject> of(KernelObject object) {
    Kind<?> kind = byType.get(object.getClass());
    if (kind == null) {
      throw new IllegalStateException("no kind handles " + object.getClass().getName());
    }
    return (Kind<KernelObject>) kind;
  }
}
