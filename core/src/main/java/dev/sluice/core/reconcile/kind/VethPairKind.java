package dev.sluice.core.reconcile.kind;

import dev.sluice.core.kernel.KernelObject;
import dev.sluice.core.kernel.Key;
import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.kernel.VethPair;
import dev.sluice.core.netlink.route.LinkChange;
import dev.sluice.core.netlink.route.LinkMessage;
import dev.sluice.core.netlink.route.LinkRequests;
import dev.sluice.core.netlink.route.NewLink;
import dev.sluice.core.netlink.route.VethKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** veth pairs; ours as all {@link Pairs}. */
final class VethPairKind implements Kind<VethPair> {

  /**
   * A bridge port is no host: with a link-local address each port would only add to the node's MLD
   * traffic.
   */
  private static final int NO_LINK_LOCAL = 1;

  @Override
  public Class<VethPair> type() {
    return VethPair.class;
  }

  @Override
  public void observe(World world, NetnsSnapshot here, Consumer<KernelObject> ours) {
    Pairs.near(here, VethKind.NAME).forEach(near -> ours.accept(pair(world, here, near)));
  }

  private static VethPair pair(World world, NetnsSnapshot here, LinkMessage near) {
    Optional<String> master =
        near.master().isPresent()
            ? Optional.of(here.linkName(near.master().getAsInt()))
            : Optional.empty();
    Pairs.Far far = Pairs.far(world, near);
    return new VethPair(
        Pairs.end(near), master, near.isHairpin(), near.alias().orElse(""), far.netns(), far.end());
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
            names -> LinkRequests.addVeth(near(pair, names), Pairs.bornFar(pair, names))));
    if (pair.hairpin()) {
      out.add(hairpin(pair));
    }
    out.addAll(Pairs.raise(pair, link -> settle(pair, link)));
    return out;
  }

  private static LinkChange settle(VethPair pair, LinkChange near) {
    LinkChange change = near.alias(pair.alias());
    return pair.master().isPresent() ? change.addrGenMode(NO_LINK_LOCAL) : change;
  }

  private static NewLink near(VethPair pair, Action.Names names) {
    NewLink near = Pairs.born(pair.near()).withGroup(Mark.LINK_GROUP);
    return pair.master().isPresent() ? near.withMaster(names.link(pair.master().get())) : near;
  }

  @Override
  public List<Action> update(VethPair from, VethPair to) {
    List<Action> out = new ArrayList<>(Pairs.update(from, to));
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

  @Override
  public List<Action> delete(VethPair object) {
    return Links.DELETED_TOGETHER;
  }
}
