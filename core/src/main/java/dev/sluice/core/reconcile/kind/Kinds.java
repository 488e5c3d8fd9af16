package dev.sluice.core.reconcile.kind;

import dev.sluice.core.kernel.Address;
import dev.sluice.core.kernel.Bridge;
import dev.sluice.core.kernel.KernelObject;
import dev.sluice.core.kernel.Loopback;
import dev.sluice.core.kernel.Namespace;
import dev.sluice.core.kernel.Neighbour;
import dev.sluice.core.kernel.NftTable;
import dev.sluice.core.kernel.Route;
import dev.sluice.core.kernel.Rule;
import dev.sluice.core.kernel.Sysctl;
import dev.sluice.core.kernel.VethPair;
import java.util.Collection;
import java.util.Map;

/** All kinds, by the type of object that they handle. */
public final class Kinds {

  private static final Map<Class<? extends KernelObject>, Kind<? extends KernelObject>> ALL =
      Map.of(
          Namespace.class, new NamespaceKind(),
          Bridge.class, new BridgeKind(),
          VethPair.class, new VethPairKind(),
          Loopback.class, new LoopbackKind(),
          Address.class, new AddressKind(),
          Route.class, new RouteKind(),
          Rule.class, new RuleKind(),
          Neighbour.class, new NeighbourKind(),
          Sysctl.class, new SysctlKind(),
          NftTable.class, new NftTableKind());

  private Kinds() {}

  public static Collection<Kind<? extends KernelObject>> all() {
    return ALL.values();
  }

  /** The kind that handles {@code object}. */
  @SuppressWarnings("unchecked") // the map pairs each class with a kind of that class
  public static <T extends KernelObject> Kind<KernelObject> of(T object) {
    return (Kind<KernelObject>) ALL.get(object.getClass());
  }
}
