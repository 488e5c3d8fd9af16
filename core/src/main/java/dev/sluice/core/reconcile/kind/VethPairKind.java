package dev.sluice.core.reconcile.kind;

import dev.sluice.core.address.MacAddress;
import dev.sluice.core.kernel.KernelObject;
import dev.sluice.core.kernel.Key;
import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.kernel.VethPair;
import dev.sluice.core.kernel.VethPair.End;
import dev.sluice.core.netlink.route.LinkChange;
import dev.sluice.core.netlink.route.LinkMessage;
import dev.sluice.core.netlink.route.LinkRequests;
import dev.sluice.core.netlink.route.NewLink;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * veth pairs; ours by the link group of the near end, which is in the node. The far end is found
 * through it (IFLA_LINK and IFLA_LINK_NETNSID), never by what its own namespace says of itself.
 */
final class VethPairKind implements Kind<VethPair> {

  private static final String KIND = "veth";

  /** The far end of a pair that leads to a namespace we do not know, or that is no more. */
  private static final NetnsRef ELSEWHERE = NetnsRef.named("(elsewhere)");

  /**
   * A bridge port is no host: with a link-local address each port would only add to the node's MLD
   * traffic.
   */
  private static final int NO_LINK_LOCAL = 1;

  private static final MacAddress NO_MAC = MacAddress.of(new byte[6]);

  @Override
  public Class<VethPair> type() {
    return VethPair.class;
  }

  @Override
  public void observe(World world, NetnsSnapshot here, Consumer<KernelObject> ours) {
    if (!here.netns().isNode()) {
      return;
    }
    for (LinkMessage link : here.links()) {
      if (Links.isOurs(link) && link.kind().equals(Optional.of(KIND))) {
        ours.accept(pair(world, here, link));
      }
    }
  }

  private static VethPair pair(World world, NetnsSnapshot here, LinkMessage near) {
    Optional<String> master =
        near.master().isPresent()
            ? Optional.of(here.linkName(near.master().getAsInt()))
            : Optional.empty();
    // Without an id the other end is in the node itself.
    Optional<NetnsRef> farNetns =
        near.linkNetnsId().isPresent()
            ? world.byNsid(near.linkNetnsId().getAsInt())
            : Optional.of(NetnsRef.NODE);
    Optional<LinkMessage> far =
        farNetns.flatMap(world::snapshot).flatMap(there -> there.link(near.linkIndex().orElse(0)));
    return new VethPair(
        end(near),
        master,
        near.isHairpin(),
        near.alias().orElse(""),
        far.isPresent() ? farNetns.orElseThrow() : ELSEWHERE,
        far.map(VethPairKind::end).orElseGet(() -> new End("#" + near.index(), NO_MAC, 0, false)));
  }

  private static End end(LinkMessage link) {
    return new End(link.name(), link.mac().orElse(NO_MAC), link.mtu(), link.isUp());
  }

  @Override
  public Optional<String> foreign(World world, VethPair wanted) {
    return Links.foreign(world, wanted.key())
        .or(() -> foreignFar(world, Key.link(wanted.farNetns(), wanted.far().name())));
  }

  /** The name may be taken by a pair of ours that goes before the wanted one comes. */
  private Optional<String> foreignFar(World world, Key far) {
    return Links.foreign(world, far).filter(what -> !isFarEndOfOurs(world, far));
  }

  private boolean isFarEndOfOurs(World world, Key far) {
    List<KernelObject> pairs = new ArrayList<>();
    observe(world, world.snapshots().get(NetnsRef.NODE), pairs::add);
    return pairs.stream().anyMatch(pair -> pair.provides().contains(far));
  }

  @Override
  public boolean updatable(VethPair from, VethPair to) {
    return from.farNetns().equals(to.farNetns()) && from.far().name().equals(to.far().name());
  }

  @Override
  public List<Action> create(VethPair pair) {
    List<Action> out = new ArrayList<>();
    out.add(
        new Action.Netlink(
            NetnsRef.NODE,
            Phase.LINK,
            names -> LinkRequests.addVeth(near(pair, names), far(pair, names))));
    if (pair.hairpin()) {
      out.add(hairpin(pair));
    }
    // In one request: no address is generated before there is a carrier, which the far end brings.
    out.add(Links.change(NetnsRef.NODE, Phase.UP, pair.near().name(), link -> settle(pair, link)));
    if (pair.far().up()) {
      out.add(Links.up(pair.farNetns(), pair.far().name(), true));
    }
    return out;
  }

  private static LinkChange settle(VethPair pair, LinkChange near) {
    LinkChange change = near.alias(pair.alias());
    if (pair.master().isPresent()) {
      change = change.addrGenMode(NO_LINK_LOCAL);
    }
    return pair.near().up() ? change.up() : change;
  }

  private static NewLink near(VethPair pair, Action.Names names) {
    NewLink near = born(pair.near()).withGroup(Mark.LINK_GROUP);
    return pair.master().isPresent() ? near.withMaster(names.link(pair.master().get())) : near;
  }

  private static NewLink far(VethPair pair, Action.Names names) {
    NewLink far = born(pair.far());
    return pair.farNetns().isNode() ? far : far.inNetns(names.netnsFd(pair.farNetns()));
  }

  private static NewLink born(End end) {
    return NewLink.named(end.name()).withMac(end.mac()).withMtu(end.mtu());
  }

  @Override
  public List<Action> update(VethPair from, VethPair to) {
    List<Action> out = new ArrayList<>();
    String near = to.near().name();
    update(NetnsRef.NODE, from.near(), to.near(), out);
    update(to.farNetns(), from.far(), to.far(), out);
    if (!from.alias().equals(to.alias())) {
      out.add(Links.alias(NetnsRef.NODE, near, to.alias()));
    }
    if (!from.master().equals(to.master())) {
      out.add(
          new Action.Netlink(
              NetnsRef.NODE, Phase.LINK, names -> LinkRequests.change(master(to, names))));
    }
    // A port that changes its bridge is a new one.
    boolean kept = from.hairpin() && from.master().equals(to.master());
    if (to.hairpin() != kept) {
      out.add(hairpin(to));
    }
    return out;
  }

  private static Action hairpin(VethPair pair) {
    return new Action.Netlink(
        NetnsRef.NODE,
        Phase.LINK,
        names -> LinkRequests.hairpin(pair.near().name(), pair.hairpin()));
  }

  private static LinkChange master(VethPair pair, Action.Names names) {
    LinkChange change = LinkChange.named(pair.near().name());
    return pair.master().isPresent()
        ? change.master(names.link(pair.master().get()))
        : change.noMaster();
  }

  private static void update(NetnsRef netns, End from, End to, List<Action> out) {
    if (!from.mac().equals(to.mac())) {
      out.add(Links.mac(netns, to.name(), to.mac()));
    }
    if (from.mtu() != to.mtu()) {
      out.add(Links.mtu(netns, to.name(), to.mtu()));
    }
    if (from.up() != to.up()) {
      out.add(Links.up(netns, to.name(), to.up()));
    }
  }

  @Override
  public List<Action> delete(VethPair object) {
    return Links.DELETED_TOGETHER;
  }
}
