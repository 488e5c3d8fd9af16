package dev.sluice.core.reconcile;

import dev.sluice.core.error.SluiceException;
import dev.sluice.core.error.SluiceException.Category;
import dev.sluice.core.netlink.route.LinkMessage;
import dev.sluice.core.netlink.route.RouteSocket;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Waits until pairs of links carry packets. Raising a link only starts that: the kernel's link
 * watch (net/core/link_watch.c) does the rest in the background, and until then the end that was
 * raised first drops what it sends, and the other's IPv6 addresses do not work.
 */
final class LinkWait {

  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final long POLL_MILLIS = 2;

  /** IF_OPER_UP of RFC 2863. */
  private static final int OPERATIONAL = 6;

  private LinkWait() {}

  /**
   * Runs on a thread in the node. Looks at near ends alone: the second end to be raised is the far
   * one, and the kernel queues its event before that of its peer. Links that do not come up in time
   * are told, and are no failure: they are configured.
   */
  static void untilUp(RouteSocket route, List<String> nearEnds, Progress progress) {
    Set<String> waiting = new HashSet<>(nearEnds);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    try {
      while (true) {
        for (LinkMessage link : route.links()) {
          if (link.operState() == OPERATIONAL) {
            waiting.remove(link.name());
          }
        }
        if (waiting.isEmpty()) {
          return;
        }
        if (System.nanoTime() >= deadline) {
          progress.note(
              waiting.size() + " links do not carry packets yet: " + String.join(", ", waiting));
          return;
        }
        Thread.sleep(POLL_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SluiceException(Category.TRANSIENT, "interrupted", e);
    }
  }
}
