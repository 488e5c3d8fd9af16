package dev.sluice.bpf.kind;

import dev.sluice.bpf.kernel.BpfLink;
import dev.sluice.bpf.kernel.BpfLink.Hook;
import dev.sluice.bpf.kernel.BpfObject;
import dev.sluice.bpf.lib.AttachType;
import dev.sluice.bpf.lib.BpfAttachment;
import dev.sluice.bpf.lib.BpfAttachment.AttachmentInfo;
import dev.sluice.bpf.lib.BpfException;
import dev.sluice.bpf.lib.BpfProgram;
import dev.sluice.core.kernel.KernelObject;
import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.netlink.route.LinkMessage;
import dev.sluice.core.reconcile.kind.Action;
import dev.sluice.core.reconcile.kind.Kind;
import dev.sluice.core.reconcile.kind.NetnsSnapshot;
import dev.sluice.core.reconcile.kind.Phase;
import dev.sluice.core.reconcile.kind.Site;
import dev.sluice.core.reconcile.kind.World;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * Attachments; ours by their pin, or a directory in the place of one where there is nothing to pin
 * ({@link Filters}). That says what should be there; what is there the kernel says: a link of BPF
 * outlives its device, and names may be given away.
 */
public final class BpfLinkKind implements Kind<BpfLink> {

  private record Loaded(String version, String program) {

    BpfLink at(BpfLink named) {
      return new BpfLink(named.object(), program, version, named.link(), named.hook());
    }
  }

  @Override
  public Class<BpfLink> type() {
    return BpfLink.class;
  }

  @Override
  public void read(Site site, Consumer<KernelObject> ours) {
    try (Filters filters = new Filters()) {
      for (ObjectPins pins : ObjectPins.all(site.pins())) {
        List<Path> links = ObjectPins.list(pins.links());
        Map<Integer, Loaded> programs = links.isEmpty() ? Map.of() : programs(site, pins);
        for (Path pin : links) {
          pins.linkAt(pin)
              .map(named -> read(named, program(site, pin, named, filters), programs))
              .filter(link -> !isDisplaced(site, pin, link))
              .ifPresent(ours);
        }
      }
    }
  }

  /**
   * Whether somebody else has come to the place of one that is wanted at a hook for one program:
   * then ours is not there, and the other stands in the way of making it anew.
   */
  private static boolean isDisplaced(Site site, Path pin, BpfLink link) {
    return link.hook() == Hook.XDP
        && link.isAltered()
        && site.desired().contains(link.key())
        && site.here()
            .link(link.link())
            .filter(device -> device.xdpProgram().isPresent())
            .filter(device -> !isOfUse(pin, device.index(), link.hook()))
            .isPresent();
  }

  private static BpfLink read(BpfLink named, OptionalInt program, Map<Integer, Loaded> programs) {
    return program.isPresent() && programs.containsKey(program.getAsInt())
        ? programs.get(program.getAsInt()).at(named)
        : named;
  }

  /** The kernel's id of the program that is where {@code named} should be; empty: none is. */
  private static OptionalInt program(Site site, Path pin, BpfLink named, Filters filters) {
    Optional<LinkMessage> device = site.here().link(named.link());
    if (device.isEmpty()) {
      return OptionalInt.empty();
    }
    int ifindex = device(device.get(), named.hook());
    if (named.hook().isFilter()) {
      return filters.program(named, ifindex);
    }
    try (BpfAttachment attachment = BpfAttachment.pinned(pin)) {
      AttachmentInfo info = attachment.info();
      return info.ifindex() == ifindex && isAt(info, named.hook())
          ? OptionalInt.of(info.programId())
          : OptionalInt.empty();
    } catch (BpfException e) {
      // Something else than a link is pinned there.
      return OptionalInt.empty();
    }
  }

  /** What the kernel says that a program is at: of a pair's other end the number where that is. */
  private static int device(LinkMessage link, Hook hook) {
    return hook == Hook.NETKIT_PEER ? link.linkIndex().orElse(-1) : link.index();
  }

  /**
   * The pinned programs of every version by the kernel's id; those of one that is made anew, for it
   * has lost pins, are not what they will be.
   */
  private static Map<Integer, Loaded> programs(Site site, ObjectPins pins) {
    Map<Integer, Loaded> out = new HashMap<>();
    Optional<String> lost =
        site.desired()
            .get(BpfObject.key(pins.object()))
            .map(BpfObject.class::cast)
            .filter(wanted -> !ObjectReader.isComplete(pins, wanted, site.desired()))
            .map(BpfObject::version);
    for (String version : pins.versions()) {
      if (lost.equals(Optional.of(version))) {
        continue;
      }
      for (Path pin : ObjectPins.list(pins.version(version))) {
        String name = pin.getFileName().toString();
        if (name.startsWith(ObjectLoader.PROGRAM)) {
          try (BpfProgram program = BpfProgram.pinned(pin)) {
            out.put(
                program.info().id(),
                new Loaded(version, name.substring(ObjectLoader.PROGRAM.length())));
          }
        }
      }
    }
    return out;
  }

  @Override
  public void observe(World world, NetnsSnapshot here, Consumer<KernelObject> ours) {}

  /** At a hook for one program, another's. */
  @Override
  public Optional<String> foreign(World world, BpfLink wanted) {
    if (wanted.hook() != Hook.XDP || world.ours().contains(wanted.key())) {
      return Optional.empty();
    }
    OptionalInt program =
        world
            .snapshot(NetnsRef.NODE)
            .flatMap(here -> here.link(wanted.link()))
            .map(LinkMessage::xdpProgram)
            .orElse(OptionalInt.empty());
    return program.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "%s has an XDP program already, %s, and can have no other; to take it off: ip link set dev %s xdp off"
                .formatted(wanted.link(), BpfProgram.describe(program.getAsInt()), wanted.link()));
  }

  @Override
  public boolean updatable(BpfLink from, BpfLink to) {
    return true;
  }

  @Override
  public List<Action> create(BpfLink link) {
    return List.of(new Action.Call(NetnsRef.NODE, Phase.GUARD, names -> attach(link, names)));
  }

  @Override
  public List<Action> update(BpfLink from, BpfLink to) {
    if (from.object().equals(to.object())) {
      return create(to);
    }
    // XDP of a device that goes over to another topology.
    return List.of(
        new Action.Call(
            NetnsRef.NODE,
            Phase.GUARD,
            names -> {
              unpin(from, names);
              attach(to, names);
            }));
  }

  @Override
  public List<Action> delete(BpfLink link) {
    return List.of(new Action.Call(NetnsRef.NODE, Phase.SWEEP, names -> unpin(link, names)));
  }

  private static void unpin(BpfLink link, Action.Names names) {
    if (link.hook().isFilter()) {
      try (Filters filters = new Filters()) {
        filters.remove(link);
      }
    }
    ObjectPins.remove(ObjectPins.of(names.pins(), link.object()).link(link));
  }

  /** By the link of BPF that is there, if it is of use: then there is no gap. */
  private static void attach(BpfLink link, Action.Names names) {
    ObjectPins pins = ObjectPins.of(names.pins(), link.object());
    Path pin = pins.link(link);
    int ifindex = names.link(link.link());
    Path programPin = pins.program(link.version(), link.program());
    try (BpfProgram program = BpfProgram.pinned(programPin)) {
      if (link.hook().isFilter()) {
        filter(link, ifindex, program, pin);
      } else if (isOfUse(pin, device(names.device(link.link()), link.hook()), link.hook())) {
        try (BpfAttachment attachment = BpfAttachment.pinned(pin)) {
          attachment.update(program);
        }
      } else {
        replace(pins, pin, BpfAttachment.create(program, ifindex, type(link.hook())));
      }
    }
  }

  /** It is known as ours before it is there. */
  private static void filter(BpfLink link, int ifindex, BpfProgram program, Path pin) {
    ObjectPins.make(pin);
    try (Filters filters = new Filters()) {
      filters.put(link, ifindex, program);
    }
  }

  /** The new one is in force before the old one goes. */
  private static void replace(ObjectPins pins, Path pin, BpfAttachment made) {
    try (made) {
      ObjectPins.remove(pin);
      ObjectPins.make(pins.links());
      made.pin(pin);
    }
  }

  /** Whether another program can be put into the link that is there. */
  private static boolean isOfUse(Path pin, int ifindex, Hook hook) {
    if (!Files.exists(pin)) {
      return false;
    }
    try (BpfAttachment attachment = BpfAttachment.pinned(pin)) {
      AttachmentInfo info = attachment.info();
      return info.ifindex() == ifindex && isAt(info, hook);
    } catch (BpfException e) {
      return false;
    }
  }

  private static boolean isAt(AttachmentInfo info, Hook hook) {
    return info.type().equals(Optional.of(type(hook)));
  }

  /** Of a link of BPF. */
  private static AttachType type(Hook hook) {
    return switch (hook) {
      case TCX_INGRESS -> AttachType.TCX_INGRESS;
      case TCX_EGRESS -> AttachType.TCX_EGRESS;
      case NETKIT_PRIMARY -> AttachType.NETKIT_PRIMARY;
      case NETKIT_PEER -> AttachType.NETKIT_PEER;
      case XDP -> AttachType.XDP;
      case CLSACT_INGRESS, CLSACT_EGRESS ->
          throw new IllegalArgumentException(hook.word() + " takes a filter");
    };
  }
}
