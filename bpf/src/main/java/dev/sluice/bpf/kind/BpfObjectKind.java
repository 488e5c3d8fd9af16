package dev.sluice.bpf.kind;

import dev.sluice.bpf.kernel.BpfObject;
import dev.sluice.bpf.kernel.BpfVersion;
import dev.sluice.core.kernel.KernelObject;
import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.netlink.route.LinkMessage;
import dev.sluice.core.reconcile.kind.Action;
import dev.sluice.core.reconcile.kind.Kind;
import dev.sluice.core.reconcile.kind.NetnsSnapshot;
import dev.sluice.core.reconcile.kind.Phase;
import dev.sluice.core.reconcile.kind.Site;
import dev.sluice.core.reconcile.kind.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Objects; ours by their directory of pins. Of a wanted version its maps are read; of any other it
 * is enough that it is another.
 */
public final class BpfObjectKind implements Kind<BpfObject> {

  @Override
  public Class<BpfObject> type() {
    return BpfObject.class;
  }

  @Override
  public void read(Site site, Consumer<KernelObject> ours) {
    for (ObjectPins pins : ObjectPins.all(site.pins())) {
      Optional<BpfObject> wanted =
          site.desired().get(BpfObject.key(pins.object())).map(BpfObject.class::cast);
      if (wanted.isEmpty()) {
        // It goes as a whole.
        ours.accept(BpfObject.unknown(pins.object(), current(pins.versions())));
      } else {
        read(site, pins, wanted.get(), ours);
      }
    }
  }

  private static void read(
      Site site, ObjectPins pins, BpfObject wanted, Consumer<KernelObject> ours) {
    List<String> versions = pins.versions();
    String current = versions.contains(wanted.version()) ? wanted.version() : current(versions);
    if (current.equals(wanted.version())
        && !ObjectReader.isComplete(pins, wanted, site.desired())) {
      // Pins have been removed by hand; what is attached goes on until it is made anew.
      ours.accept(BpfObject.unknown(pins.object(), ""));
      return;
    }
    ours.accept(
        current.equals(wanted.version())
            ? ObjectReader.read(pins.version(current), wanted, indexes(site.here()))
            : BpfObject.unknown(pins.object(), current));
    versions.stream()
        .filter(version -> !version.equals(current))
        .forEach(version -> ours.accept(new BpfVersion(pins.object(), version)));
  }

  private static Function<String, OptionalInt> indexes(NetnsSnapshot here) {
    return link ->
        here.link(link).map(LinkMessage::index).map(OptionalInt::of).orElse(OptionalInt.empty());
  }

  /** Any that is whole, where none is wanted; empty if there is none. */
  private static String current(List<String> versions) {
    return versions.stream().filter(ObjectPins::isWhole).findFirst().orElse("");
  }

  @Override
  public void observe(World world, NetnsSnapshot here, Consumer<KernelObject> ours) {}

  @Override
  public Optional<String> foreign(World world, BpfObject wanted) {
    return Optional.empty();
  }

  @Override
  public boolean updatable(BpfObject from, BpfObject to) {
    return true;
  }

  @Override
  public List<Action> create(BpfObject object) {
    return List.of(
        new Action.Call(
            NetnsRef.NODE,
            Phase.FILTER,
            names -> ObjectLoader.load(ObjectPins.of(names.pins(), object.name()), object, names)));
  }

  @Override
  public List<Action> update(BpfObject from, BpfObject to) {
    if (from.version().equals(to.version())) {
      return MapChange.actions(from, to);
    }
    List<Action> out = new ArrayList<>(create(to));
    if (!from.version().isEmpty()) {
      out.addAll(new BpfVersionKind().delete(new BpfVersion(from.name(), from.version())));
    }
    return out;
  }

  @Override
  public List<Action> delete(BpfObject object) {
    return List.of(
        new Action.Call(
            NetnsRef.NODE,
            Phase.SWEEP,
            names -> ObjectPins.remove(ObjectPins.of(names.pins(), object.name()).directory())));
  }
}
