package dev.sluice.core.reconcile.kind;

import dev.sluice.core.kernel.Ipvlan;
import dev.sluice.core.kernel.KernelObject;
import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.netlink.route.IpvlanKind.Mode;
import dev.sluice.core.netlink.route.LinkMessage;
import dev.sluice.core.netlink.route.LinkRequests;
import dev.sluice.core.netlink.route.NewLink;
import dev.sluice.core.topology.Topology.IpvlanMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * ipvlans; ours where the parent is in a namespace in which we want one. One that nobody wants goes
 * with its parent.
 */
final class IpvlanKind implements Kind<Ipvlan> {

  @Override
  public Class<Ipvlan> type() {
    return Ipvlan.class;
  }

  @Override
  public void observe(World world, NetnsSnapshot here, Consumer<KernelObject> ours) {
    for (LinkMessage link : here.links()) {
      link.ipvlan()
          .ifPresent(
              kind ->
                  here.parentNetns(link)
                      .filter(netns -> !netns.isNode())
                      .ifPresent(
                          netns -> ours.accept(ipvlan(world, here.netns(), link, kind, netns))));
    }
  }

  private static Ipvlan ipvlan(
      World world,
      NetnsRef netns,
      LinkMessage link,
      dev.sluice.core.netlink.route.IpvlanKind kind,
      NetnsRef parentNetns) {
    int parent = link.linkIndex().orElse(0);
    return new Ipvlan(
        netns,
        link.name(),
        parentNetns,
        world.snapshot(parentNetns).map(there -> there.linkName(parent)).orElse("#" + parent),
        IpvlanMode.valueOf(kind.mode().name()),
        kind.flags() == dev.sluice.core.netlink.route.IpvlanKind.VEPA,
        link.mtu(),
        link.isUp());
  }

  @Override
  public Optional<String> foreign(World world, Ipvlan wanted) {
    return Links.foreign(world, wanted.key());
  }

  @Override
  public boolean updatable(Ipvlan from, Ipvlan to) {
    return from.parentNetns().equals(to.parentNetns()) && from.parent().equals(to.parent());
  }

  private static dev.sluice.core.netlink.route.IpvlanKind kind(Ipvlan link) {
    return new dev.sluice.core.netlink.route.IpvlanKind(
        Mode.valueOf(link.mode().name()),
        link.vepa() ? dev.sluice.core.netlink.route.IpvlanKind.VEPA : 0);
  }

  @Override
  public List<Action> create(Ipvlan link) {
    List<Action> out = new ArrayList<>();
    out.add(
        new Action.Netlink(
            link.parentNetns(),
            Phase.LINK_ON_LINK,
            names ->
                LinkRequests.add(
                    NewLink.named(link.name())
                        .withMtu(link.mtu())
                        .withGroup(Mark.LINK_GROUP)
                        .withParent(names.link(link.parent()))
                        .inNetns(names.netnsFd(link.netns())),
                    kind(link))));
    if (link.up()) {
      out.add(Links.up(link.netns(), link.name(), true));
    }
    return out;
  }

  @Override
  public List<Action> update(Ipvlan from, Ipvlan to) {
    List<Action> out = new ArrayList<>();
    NetnsRef netns = to.netns();
    if (from.mode() != to.mode() || from.vepa() != to.vepa()) {
      out.add(
          new Action.Netlink(
              netns, Phase.LINK, names -> LinkRequests.changeKind(to.name(), kind(to))));
    }
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
  public List<Action> delete(Ipvlan link) {
    return List.of(
        new Action.Removal(link.netns(), Phase.LINK, names -> LinkRequests.delete(link.name())));
  }
}
