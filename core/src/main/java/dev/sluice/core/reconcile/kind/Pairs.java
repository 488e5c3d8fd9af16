package dev.sluice.core.reconcile.kind;

import dev.sluice.core.address.MacAddress;
import dev.sluice.core.kernel.LinkPair;
import dev.sluice.core.kernel.LinkPair.End;
import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.netlink.route.LinkChange;
import dev.sluice.core.netlink.route.LinkMessage;
import dev.sluice.core.netlink.route.NewLink;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * What all kinds of pairs have in common: ours by the link group of the near end, which is in the
 * node. The far end is found through it (IFLA_LINK and IFLA_LINK_NETNSID), never by what its own
 * namespace says of itself.
 */
final class Pairs {

  /** The far end of a pair that leads to a namespace we do not know, or that is no more. */
  private static final NetnsRef ELSEWHERE = NetnsRef.named("(elsewhere)");

  private static final MacAddress NO_MAC = MacAddress.of(new byte[6]);

  private Pairs() {}

  record Far(NetnsRef netns, End end) {}

  /** The near ends of our pairs of that kind. */
  static Stream<LinkMessage> near(NetnsSnapshot here, String kind) {
    return here.netns().isNode()
        ? here.links().stream()
            .filter(link -> Links.isOurs(link) && link.kind().equals(Optional.of(kind)))
        : Stream.empty();
  }

  static Far far(World world, LinkMessage near) {
    // Without an id the other end is in the node itself.
    Optional<NetnsRef> netns =
        near.linkNetnsId().isPresent()
            ? world.byNsid(near.linkNetnsId().getAsInt())
            : Optional.of(NetnsRef.NODE);
    Optional<LinkMessage> far =
        netns.flatMap(world::snapshot).flatMap(there -> there.link(near.linkIndex().orElse(0)));
    return far.isPresent()
        ? new Far(netns.orElseThrow(), end(far.get()))
        : new Far(ELSEWHERE, new End("#" + near.index(), NO_MAC, 0, false));
  }

  static End end(LinkMessage link) {
    return new End(link.name(), link.mac().orElse(NO_MAC), link.mtu(), link.isUp());
  }

  static NewLink born(End end) {
    return NewLink.named(end.name()).withMac(end.mac()).withMtu(end.mtu());
  }

  static NewLink bornFar(LinkPair pair, Action.Names names) {
    NewLink far = born(pair.far());
    return pair.farNetns().isNode() ? far : far.inNetns(names.netnsFd(pair.farNetns()));
  }

  /** Raises both ends, with other changes of the near one. */
  static List<Action> raise(LinkPair pair, UnaryOperator<LinkChange> near) {
    List<Action> out = new ArrayList<>();
    // In one request: no address is generated before there is a carrier, which the far end brings.
    out.add(
        Links.change(
            NetnsRef.NODE,
            Phase.UP,
            pair.near().name(),
            link -> pair.near().up() ? near.apply(link).up() : near.apply(link)));
    if (pair.far().up()) {
      out.add(Links.up(pair.farNetns(), pair.far().name(), true));
    }
    return out;
  }

  /** What both ends and the alias of the near one lack. */
  static List<Action> update(LinkPair from, LinkPair to) {
    List<Action> out = new ArrayList<>();
    update(NetnsRef.NODE, from.near(), to.near(), out);
    update(to.farNetns(), from.far(), to.far(), out);
    if (!from.alias().equals(to.alias())) {
      out.add(Links.alias(NetnsRef.NODE, to.near().name(), to.alias()));
    }
    return out;
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
}
