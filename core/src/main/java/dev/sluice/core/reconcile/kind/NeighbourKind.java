package dev.sluice.core.reconcile.kind;

import dev.sluice.core.kernel.KernelObject;
import dev.sluice.core.kernel.Neighbour;
import dev.sluice.core.netlink.route.NeighbourMessage;
import dev.sluice.core.netlink.route.NeighbourRequests;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Permanent neighbour entries; ours by their protocol. */
final class NeighbourKind implements Kind<Neighbour> {

  @Override
  public Class<Neighbour> type() {
    return Neighbour.class;
  }

  @Override
  public void observe(World world, NetnsSnapshot here, Consumer<KernelObject> ours) {
    for (NeighbourMessage message : here.neighbours()) {
      if (message.protocol() == Mark.PROTOCOL && message.mac().isPresent()) {
        ours.accept(
            new Neighbour(
                here.netns(), here.linkName(message.index()), message.ip(), message.mac().get()));
      }
    }
  }

  /**
   * One that the kernel learnt is no obstacle: it is replaced. On a link of ours nobody else has a
   * say.
   */
  @Override
  public Optional<String> foreign(World world, Neighbour wanted) {
    return Optional.empty();
  }

  @Override
  public boolean updatable(Neighbour from, Neighbour to) {
    return true;
  }

  @Override
  public List<Action> create(Neighbour n) {
    return List.of(
        new Action.Netlink(
            n.netns(),
            Phase.NEIGHBOUR,
            names ->
                NeighbourRequests.replace(
                    new NeighbourRequests.NewNeighbour(
                        names.link(n.link()), n.ip(), n.mac(), Mark.PROTOCOL))));
  }

  @Override
  public List<Action> update(Neighbour from, Neighbour to) {
    return create(to);
  }

  @Override
  public List<Action> delete(Neighbour n) {
    return List.of(
        new Action.Removal(
            n.netns(),
            Phase.NEIGHBOUR,
            names -> NeighbourRequests.delete(names.link(n.link()), n.ip())));
  }
}
