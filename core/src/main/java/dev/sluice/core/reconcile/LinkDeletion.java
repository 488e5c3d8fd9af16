package dev.sluice.core.reconcile;

import dev.sluice.core.netlink.Request;
import dev.sluice.core.netlink.route.LinkChange;
import dev.sluice.core.netlink.route.LinkRequests;
import dev.sluice.core.netlink.route.RouteSocket;
import dev.sluice.core.reconcile.kind.Mark;
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

  /** {@code route} is a socket of the links' namespace. */
  static void delete(RouteSocket route, List<Integer> indexes) {
    Set<Integer> doomed = new HashSet<>(indexes);
    if (doomed.size() > 1
        && (deletesWhole(route, Mark.LINK_GROUP, doomed) || regroup(route, doomed))) {
      return;
    }
    List<Request> oneByOne =
        route.links().stream()
            .filter(link -> doomed.contains(link.index()) && Mark.isOurs(link.group()))
            .map(link -> LinkRequests.delete(link.index()))
            .toList();
    StepsFailedException.throwIfAny(List.copyOf(route.execute(oneByOne).errors()));
  }

  /**
   * Moves the doomed links to a group of their own and deletes that; false if strangers are in it.
   */
  private static boolean regroup(RouteSocket route, Set<Integer> doomed) {
    // One that has vanished meanwhile is no error: it is gone.
    route.execute(
        doomed.stream()
            .map(index -> LinkRequests.change(LinkChange.of(index).group(Mark.DOOMED_GROUP)))
            .toList());
    return deletesWhole(route, Mark.DOOMED_GROUP, doomed);
  }

  /**
   * Deletes the group if it has nothing but doomed links; false, and nothing deleted, otherwise.
   */
  private static boolean deletesWhole(RouteSocket route, int group, Set<Integer> doomed) {
    boolean only =
        route.links().stream()
            .filter(link -> link.group() == group)
            .allMatch(link -> doomed.contains(link.index()));
    if (only) {
      StepsFailedException.throwIfAny(
          List.copyOf(route.execute(List.of(LinkRequests.deleteGroup(group))).errors()));
    }
    return only;
  }
}
