package dev.sluice.core.reconcile.kind;

import dev.sluice.core.address.MacAddress;
import dev.sluice.core.kernel.Key;
import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.netlink.route.LinkChange;
import dev.sluice.core.netlink.route.LinkMessage;
import dev.sluice.core.netlink.route.LinkRequests;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** What all kinds of links have in common. */
final class Links {

  /** Links have no deletion of their own: the executor deletes all of a plan together. */
  static final List<Action> DELETED_TOGETHER = List.of();

  private Links() {}

  static boolean isOurs(LinkMessage link) {
    return Mark.isOurs(link.group());
  }

  static Optional<String> foreign(World world, Key key) {
    if (world.ours().contains(key)) {
      return Optional.empty();
    }
    return world
        .snapshot(key.netns())
        .flatMap(here -> here.link(key.id()))
        .filter(link -> !isOurs(link))
        .map(link -> "%s: there is a %s of that name".formatted(key, link.kind().orElse("device")));
  }

  static Action up(NetnsRef netns, String name, boolean up) {
    return change(netns, Phase.UP, name, link -> up ? link.up() : link.down());
  }

  static Action alias(NetnsRef netns, String name, String alias) {
    return change(netns, Phase.LINK, name, link -> link.alias(alias));
  }

  static Action mtu(NetnsRef netns, String name, int mtu) {
    return change(netns, Phase.LINK, name, link -> link.mtu(mtu));
  }

  static Action mac(NetnsRef netns, String name, MacAddress mac) {
    return change(netns, Phase.LINK, name, link -> link.mac(mac));
  }

  /**
   * A change that names the link itself, so that it can follow the link's creation in one batch.
   */
  static Action change(NetnsRef netns, Phase phase, String name, UnaryOperator<LinkChange> what) {
    return new Action.Netlink(
        netns, phase, names -> LinkRequests.change(what.apply(LinkChange.named(name))));
  }
}
