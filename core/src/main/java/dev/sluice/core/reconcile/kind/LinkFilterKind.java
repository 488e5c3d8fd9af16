package dev.sluice.core.reconcile.kind;

import dev.sluice.core.kernel.KernelObject;
import dev.sluice.core.kernel.LinkFilter;
import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.netlink.route.NeighbourRequests;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** What devices that were there before us take in, by leases. */
final class LinkFilterKind implements Kind<LinkFilter> {

  @Override
  public Class<LinkFilter> type() {
    return LinkFilter.class;
  }

  @Override
  public void observe(World world, NetnsSnapshot here, Consumer<KernelObject> ours) {
    here.linkFilters().forEach(ours);
  }

  @Override
  public Optional<String> foreign(World world, LinkFilter wanted) {
    return Optional.empty();
  }

  @Override
  public boolean updatable(LinkFilter from, LinkFilter to) {
    return true;
  }

  @Override
  public List<Action> create(LinkFilter filter) {
    return List.of(
        filter.accepted()
            ? new Action.Netlink(
                NetnsRef.NODE,
                Phase.NEIGHBOUR,
                names -> NeighbourRequests.accept(names.link(filter.link()), filter.mac()))
            : new Action.Removal(
                NetnsRef.NODE,
                Phase.NEIGHBOUR,
                names -> NeighbourRequests.ignore(names.link(filter.link()), filter.mac())));
  }

  @Override
  public List<Action> update(LinkFilter from, LinkFilter to) {
    return create(to);
  }

  /** It goes with its device, or is restored, which is an update. */
  @Override
  public List<Action> delete(LinkFilter filter) {
    return List.of();
  }
}
