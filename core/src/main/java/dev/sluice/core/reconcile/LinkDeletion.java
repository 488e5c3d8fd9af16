package dev.sluice.core.reconcile;

import dev.sluice.core.netlink.Request;
import dev.sluice.core.netlink.route.LinkChange;
import dev.sluice.core.netlink.route.LinkMessage;
import dev.sluice.core.netlink.route.LinkRequests;
import dev.sluice.core.netlink.route.RouteSocket;
import dev.sluice.core.reconcile.kind.Mark;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Deletes many links at the price of one. Each deletion waits for a grace period of its own (17
 * ms), also within a batch; a deletion by group waits once. So the links are moved to a group, and
 * once a dump shows nothing else in it, that group goes.
 */
final class LinkDeletion {

  private LinkDeletion() {}

  /** Runs on a thread in the links' namespace. */
  static void delete(List<Integer> indexes) {
    try (RouteSocket route = RouteSocket.open()) {
      Set<Integer> doomed = new HashSet<>(indexes);
      List<RuntimeException> errors = new ArrayList<>();
      if (doomed.size() > 1) {
        // One that vanished meanwhile (the other end of a deleted pair, say) is no error: it is
        // gone.
        route.execute(
            doomed.stream()
                .map(i -> LinkRequests.change(LinkChange.of(i).group(Mark.DOOMED_GROUP)))
                .toList());
        if (isOnlyOurs(route, doomed)) {
          errors.addAll(
              route.execute(List.of(LinkRequests.deleteGroup(Mark.DOOMED_GROUP))).errors());
          StepsFailedException.throwIfAny(errors);
          return;
        }
      }
      List<Request> oneByOne = new ArrayList<>();
      for (LinkMessage link : route.links()) {
        if (doomed.contains(link.index()) && Mark.isOurs(link.group())) {
          oneByOne.add(LinkRequests.delete(link.index()));
        }
      }
      errors.addAll(route.execute(oneByOne).errors());
      StepsFailedException.throwIfAny(errors);
    }
  }

  private static boolean isOnlyOurs(RouteSocket route, Set<Integer> doomed) {
    return route.links().stream()
        .filter(l -> l.group() == Mark.DOOMED_GROUP)
        .allMatch(l -> doomed.contains(l.index()));
  }
}
