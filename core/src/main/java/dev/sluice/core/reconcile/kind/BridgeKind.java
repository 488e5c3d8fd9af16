package dev.sluice.core.reconcile.kind;

import dev.sluice.core.address.MacAddress;
import dev.sluice.core.kernel.Bridge;
import dev.sluice.core.kernel.KernelObject;
import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.netlink.route.LinkMessage;
import dev.sluice.core.netlink.route.LinkRequests;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Bridges; ours by link group. */
final class BridgeKind implements Kind<Bridge> {

  private static final String KIND = "bridge";
  private static final MacAddress NO_MAC = MacAddress.of(new byte[6]);

  @Override
  public Class<Bridge> type() {
    return Bridge.class;
  }

  @Override
  public void observe(World world, NetnsSnapshot here, Consumer<KernelObject> ours) {
    for (LinkMessage link : here.links()) {
      if (here.netns().isNode() && Links.isOurs(link) && link.kind().equals(Optional.of(KIND))) {
        ours.accept(
            new Bridge(
                link.name(),
                link.mac().orElse(NO_MAC),
                link.mtu(),
                link.bridgeNetfilter(),
                link.alias().orElse(""),
                link.isUp()));
      }
    }
  }

  @Override
  public Optional<String> foreign(World world, Bridge wanted) {
    return Links.foreign(world, wanted.key());
  }

  @Override
  public boolean updatable(Bridge from, Bridge to) {
    return true;
  }

  @Override
  public List<Action> create(Bridge b) {
    List<Action> out = new ArrayList<>();
    out.add(
        new Action.Netlink(
            NetnsRef.NODE,
            Phase.LINK,
            names -> LinkRequests.addBridge(b.name(), b.mac(), b.mtu(), Mark.LINK_GROUP)));
    if (b.netfilter()) {
      out.add(netfilter(b));
    }
    out.add(Links.alias(NetnsRef.NODE, b.name(), b.alias()));
    out.add(Links.up(NetnsRef.NODE, b.name(), b.up()));
    return out;
  }

  @Override
  public List<Action> update(Bridge from, Bridge to) {
    List<Action> out = new ArrayList<>();
    if (!from.mac().equals(to.mac())) {
      out.add(Links.mac(NetnsRef.NODE, to.name(), to.mac()));
    }
    if (from.mtu() != to.mtu()) {
      out.add(Links.mtu(NetnsRef.NODE, to.name(), to.mtu()));
    }
    if (from.netfilter() != to.netfilter()) {
      out.add(netfilter(to));
    }
    if (!from.alias().equals(to.alias())) {
      out.add(Links.alias(NetnsRef.NODE, to.name(), to.alias()));
    }
    if (from.up() != to.up()) {
      out.add(Links.up(NetnsRef.NODE, to.name(), to.up()));
    }
    return out;
  }

  private static Action netfilter(Bridge bridge) {
    return new Action.Netlink(
        NetnsRef.NODE,
        Phase.LINK,
        names -> LinkRequests.bridgeNetfilter(bridge.name(), bridge.netfilter()));
  }

  @Override
  public List<Action> delete(Bridge object) {
    return Links.DELETED_TOGETHER;
  }
}
