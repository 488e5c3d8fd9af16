package dev.sluice.core.reconcile.kind;

import dev.sluice.core.kernel.KernelObject;
import dev.sluice.core.kernel.Key;
import dev.sluice.core.kernel.NetkitPair;
import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.netlink.route.LinkMessage;
import dev.sluice.core.netlink.route.LinkRequests;
import dev.sluice.core.netlink.route.NetkitKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** netkit pairs; ours as all {@link Pairs}. */
final class NetkitPairKind implements Kind<NetkitPair> {

  @Override
  public Class<NetkitPair> type() {
    return NetkitPair.class;
  }

  @Override
  public void observe(World world, NetnsSnapshot here, Consumer<KernelObject> ours) {
    Pairs.near(here, NetkitKind.NAME).forEach(near -> ours.accept(pair(world, near)));
  }

  private static NetkitPair pair(World world, LinkMessage near) {
    Pairs.Far far = Pairs.far(world, near);
    return new NetkitPair(
        Pairs.end(near), near.alias().orElse(""), far.netns(), far.end(), near.isClosedNetkit());
  }

  @Override
  public Optional<String> foreign(World world, NetkitPair wanted) {
    return Links.foreign(world, wanted.key())
        .or(() -> Links.foreign(world, Key.link(wanted.farNetns(), wanted.far().name())));
  }

  @Override
  public boolean updatable(NetkitPair from, NetkitPair to) {
    return from.farNetns().equals(to.farNetns()) && from.far().name().equals(to.far().name());
  }

  @Override
  public List<Action> create(NetkitPair pair) {
    List<Action> out = new ArrayList<>();
    out.add(
        new Action.Netlink(
            NetnsRef.NODE,
            Phase.LINK,
            names ->
                LinkRequests.add(
                    Pairs.born(pair.near()).withGroup(Mark.LINK_GROUP),
                    new NetkitKind(Pairs.bornFar(pair, names)))));
    out.addAll(Pairs.raise(pair, link -> link.alias(pair.alias())));
    return out;
  }

  @Override
  public List<Action> update(NetkitPair from, NetkitPair to) {
    List<Action> out = new ArrayList<>(Pairs.update(from, to));
    if (from.closed() != to.closed()) {
      out.add(
          new Action.Netlink(
              NetnsRef.NODE, Phase.GUARD, names -> LinkRequests.closeNetkit(to.near().name())));
    }
    return out;
  }

  @Override
  public List<Action> delete(NetkitPair pair) {
    return Links.DELETED_TOGETHER;
  }
}
