package dev.sluice.core.reconcile.kind;

import dev.sluice.core.address.MacAddress;
import dev.sluice.core.kernel.KernelObject;
import dev.sluice.core.kernel.Macvlan;
import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.netlink.route.LinkKind;
import dev.sluice.core.netlink.route.LinkMessage;
import dev.sluice.core.netlink.route.LinkRequests;
import dev.sluice.core.netlink.route.MacvlanKind.Mode;
import dev.sluice.core.netlink.route.NewLink;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Macvlans; ours where the parent is a link of ours in the node. */
final class MacvlanKind implements Kind<Macvlan> {

  private static final LinkKind PASSTHRU =
      new dev.sluice.core.netlink.route.MacvlanKind(Mode.PASSTHRU);
  private static final MacAddress NO_MAC = MacAddress.of(new byte[6]);

  @Override
  public Class<Macvlan> type() {
    return Macvlan.class;
  }

  @Override
  public void observe(World world, NetnsSnapshot here, Consumer<KernelObject> ours) {
    NetnsSnapshot node = world.snapshots().get(NetnsRef.NODE);
    for (LinkMessage link : here.links()) {
      if (link.macvlanMode().isPresent()
          && here.parentNetns(link).equals(Optional.of(NetnsRef.NODE))) {
        node.link(link.linkIndex().orElse(0))
            .filter(Links::isOurs)
            .ifPresent(parent -> ours.accept(macvlan(here.netns(), link, parent)));
      }
    }
  }

  private static Macvlan macvlan(NetnsRef netns, LinkMessage link, LinkMessage parent) {
    return new Macvlan(
        netns,
        link.name(),
        parent.name(),
        link.macvlanMode().equals(Optional.of(Mode.PASSTHRU)),
        link.mac().orElse(NO_MAC),
        link.mtu(),
        link.isUp());
  }

  @Override
  public Optional<String> foreign(World world, Macvlan wanted) {
    return Links.foreign(world, wanted.key());
  }

  @Override
  public boolean updatable(Macvlan from, Macvlan to) {
    return from.parent().equals(to.parent()) && from.passthru() == to.passthru();
  }

  @Override
  public List<Action> create(Macvlan link) {
    List<Action> out = new ArrayList<>();
    out.add(
        new Action.Netlink(
            NetnsRef.NODE,
            Phase.LINK,
            names ->
                LinkRequests.add(
                    NewLink.named(link.name())
                        .withMtu(link.mtu())
                        .withGroup(Mark.LINK_GROUP)
                        .withParent(names.link(link.parent()))
                        .inNetns(names.netnsFd(link.netns())),
                    PASSTHRU)));
    if (link.up()) {
      out.add(Links.up(link.netns(), link.name(), true));
    }
    return out;
  }

  /** Its MAC is its parent's, and follows that. */
  @Override
  public List<Action> update(Macvlan from, Macvlan to) {
    List<Action> out = new ArrayList<>();
    NetnsRef netns = to.netns();
    if (from.mtu() != to.mtu()) {
      out.add(Links.mtu(netns, to.name(), to.mtu()));
    }
    if (from.up() != to.up()) {
      out.add(Links.up(netns, to.name(), to.up()));
    }
    return out;
  }

  /** By itself: deletions of the executor are of the node's links. */
  @Override
  public List<Action> delete(Macvlan link) {
    return List.of(
        new Action.Removal(link.netns(), Phase.LINK, names -> LinkRequests.delete(link.name())));
  }
}
