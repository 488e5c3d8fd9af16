package dev.sluice.core.reconcile.kind;

import dev.sluice.core.kernel.Address;
import dev.sluice.core.kernel.KernelObject;
import dev.sluice.core.netlink.route.AddressMessage;
import dev.sluice.core.netlink.route.AddressRequests;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Addresses; ours by IFA_PROTO. */
final class AddressKind implements Kind<Address> {

  @Override
  public Class<Address> type() {
    return Address.class;
  }

  @Override
  public void observe(World world, NetnsSnapshot here, Consumer<KernelObject> ours) {
    for (AddressMessage message : here.addresses()) {
      if (message.protocol() == Mark.PROTOCOL) {
        ours.accept(
            new Address(
                here.netns(), here.linkName(message.index()), message.ip(), message.prefix()));
      }
    }
  }

  @Override
  public Optional<String> foreign(World world, Address wanted) {
    return world.snapshot(wanted.netns()).stream()
        .flatMap(here -> here.addresses().stream().filter(m -> m.ip().equals(wanted.ip())))
        .filter(m -> m.protocol() != Mark.PROTOCOL)
        .map(
            m ->
                "%s: the address is there already, on %s"
                    .formatted(
                        wanted.key(),
                        world.snapshot(wanted.netns()).orElseThrow().linkName(m.index())))
        .findFirst();
  }

  @Override
  public boolean updatable(Address from, Address to) {
    return true;
  }

  @Override
  public List<Action> create(Address a) {
    return List.of(
        new Action.Netlink(
            a.netns(),
            Phase.ADDRESS,
            names ->
                AddressRequests.add(
                    new AddressRequests.NewAddress(
                        names.link(a.link()), a.ip(), a.prefix(), flags(a), Mark.PROTOCOL))));
  }

  /** The route of link-local addresses is on every link, and so no object of ours. */
  private static int flags(Address a) {
    return a.ip().isLinkLocal() ? AddressMessage.NODAD : AddressRequests.QUIET;
  }

  @Override
  public List<Action> update(Address from, Address to) {
    return List.of();
  }

  @Override
  public List<Action> delete(Address a) {
    return List.of(
        new Action.Removal(
            a.netns(),
            Phase.ADDRESS,
            names -> AddressRequests.delete(names.link(a.link()), a.ip(), a.prefix())));
  }
}
