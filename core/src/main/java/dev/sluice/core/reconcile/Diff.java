package dev.sluice.core.reconcile;

import dev.sluice.core.kernel.KernelObject;
import dev.sluice.core.kernel.KernelState;
import dev.sluice.core.kernel.Key;
import dev.sluice.core.kernel.LinkFilter;
import dev.sluice.core.kernel.Loopback;
import dev.sluice.core.kernel.Namespace;
import dev.sluice.core.kernel.Sysctl;
import dev.sluice.core.reconcile.kind.Kinds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Desired and observed state to a plan. Pure. */
public final class Diff {

  private final Kinds kinds;
  private final KernelState desired;
  private final Observed observed;
  private final Map<Key, Lease> leases;
  private final List<Step> steps = new ArrayList<>();

  private Diff(Kinds kinds, KernelState desired, Observed observed, Map<Key, Lease> leases) {
    this.kinds = kinds;
    this.desired = desired;
    this.observed = observed;
    this.leases = new HashMap<>(leases);
  }

  /**
   * The steps that lead from {@code observed} to {@code desired}. Whether something foreign stands
   * in the way is for the caller to ask, before it makes anything.
   *
   * @param leases the leases that stand now
   */
  public static Plan plan(
      Kinds kinds, KernelState desired, Observed observed, Map<Key, Lease> leases) {
    return new Diff(kinds, desired, observed, leases).run();
  }

  private Plan run() {
    Map<Key, KernelObject> owned = new HashMap<>(observed.ours());
    owned.values().removeIf(Diff::isSetting);
    Set<Key> gone = gone(owned);
    for (KernelObject object : owned.values()) {
      if (!desired.contains(object.key()) && !goesByItself(object, gone)) {
        steps.add(Step.delete(object));
      }
    }
    for (KernelState.Entry entry : desired.entries()) {
      KernelObject wanted = entry.object();
      if (isLeased(wanted)) {
        lease(wanted, entry.owners());
      } else if (!isAdopted(wanted)) {
        change(wanted, entry.owners(), gone);
      }
    }
    for (Key key : Set.copyOf(leases.keySet())) {
      if (!desired.contains(key)) {
        restore(key);
      }
    }
    return new Plan(steps, leases);
  }

  /**
   * Keys that vanish when the deletions and replacements happen: theirs, and of all that needs
   * them.
   */
  private Set<Key> gone(Map<Key, KernelObject> owned) {
    Set<Key> gone = new HashSet<>();
    for (KernelObject object : owned.values()) {
      boolean stays = desired.get(object.key()).filter(w -> isUpdatable(object, w)).isPresent();
      if (!stays) {
        gone.addAll(object.provides());
      }
    }
    boolean grew = !gone.isEmpty();
    while (grew) {
      grew = false;
      for (KernelObject object : observed.ours().values()) {
        if (!gone.contains(object.key()) && loses(object, gone) && object.remains().isEmpty()) {
          grew |= gone.addAll(object.provides());
        }
      }
    }
    return gone;
  }

  private boolean isUpdatable(KernelObject from, KernelObject to) {
    return from.getClass() == to.getClass() && kinds.of(to).updatable(from, to);
  }

  /** A link is deleted by name even where its namespace goes: a process may hold that one alive. */
  private static boolean goesByItself(KernelObject object, Set<Key> gone) {
    return (object.key().type() != Key.Type.LINK || isSetting(object))
        && object.remains().isEmpty()
        && loses(object, gone);
  }

  private static boolean loses(KernelObject object, Set<Key> gone) {
    return object.allNeeds().stream().anyMatch(gone::contains);
  }

  private void change(KernelObject wanted, List<String> owners, Set<Key> gone) {
    KernelObject current = observed.ours().get(wanted.key());
    // A setting of a link that goes starts anew with the next link of that name.
    if (current == null || goesByItself(current, gone)) {
      steps.add(Step.create(wanted, owners));
    } else if (current.remains().isPresent() && loses(current, gone)) {
      steps.add(Step.change(Step.Op.UPDATE, current.remains().get(), wanted, owners));
    } else if (gone.contains(wanted.key())) {
      steps.add(Step.change(Step.Op.REPLACE, current, wanted, owners));
    } else if (!current.equals(wanted)) {
      steps.add(Step.change(Step.Op.UPDATE, current, wanted, owners));
    }
  }

  private boolean isAdopted(KernelObject object) {
    return object instanceof Namespace namespace && observed.adopted().contains(namespace.name());
  }

  /** A value of something that is there anyway: it can be changed, but neither made nor deleted. */
  private static boolean isSetting(KernelObject object) {
    return object instanceof Loopback || object instanceof Sysctl || object instanceof LinkFilter;
  }

  /** A setting of what was there before us. */
  private boolean isLeased(KernelObject object) {
    return namespaceWasThere(object.key())
        && isSetting(object)
        && !(object instanceof Sysctl sysctl && sysctl.link().isPresent());
  }

  private boolean namespaceWasThere(Key key) {
    return key.netns().name().map(observed.adopted()::contains).orElse(true);
  }

  private void lease(KernelObject wanted, List<String> owners) {
    KernelObject current = observed.ours().get(wanted.key());
    if (current == null) {
      steps.add(Step.create(wanted, owners));
    } else if (!current.equals(wanted)) {
      leases.merge(
          wanted.key(),
          new Lease(current, wanted),
          (standing, now) -> new Lease(standing.old(), wanted));
      steps.add(Step.change(Step.Op.UPDATE, current, wanted, owners));
    }
  }

  private void restore(Key key) {
    Lease lease = leases.remove(key);
    KernelObject current = observed.ours().get(key);
    // A namespace that was there may since have gone, and one of ours have come in its place.
    if (lease.ours().equals(current) && namespaceWasThere(key)) {
      steps.add(Step.change(Step.Op.RESTORE, current, lease.old(), List.of()));
    }
  }
}
