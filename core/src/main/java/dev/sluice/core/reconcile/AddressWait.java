package dev.sluice.core.reconcile;

import dev.sluice.core.address.IpAddress;
import dev.sluice.core.error.SluiceException;
import dev.sluice.core.error.SluiceException.Category;
import dev.sluice.core.netlink.route.RouteMessage;
import dev.sluice.core.netlink.route.RouteSocket;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/**
 * Waits until a namespace takes what is for its new IPv6 addresses. The kernel answers the request
 * for an address, and makes its local route later, in the background (net/ipv6/addrconf.c,
 * addrconf_dad_work), also of one that needs no duplicate address detection; until then a packet
 * for it finds no way. Where much is configured at once that takes a while.
 */
final class AddressWait {

  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final long POLL_MILLIS = 1;

  private AddressWait() {}

  /** Runs on a thread in the namespace. What takes too long is told, and is no failure. */
  static void untilLocal(RouteSocket route, Collection<IpAddress> addresses, Progress progress) {
    Set<IpAddress> waiting = new HashSet<>(addresses);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    try {
      while (true) {
        for (RouteMessage r : route.routes()) {
          if (r.type() == RouteMessage.LOCAL) {
            waiting.remove(r.destination().address());
          }
        }
        if (waiting.isEmpty()) {
          return;
        }
        if (System.nanoTime() >= deadline) {
          progress.note(waiting.size() + " addresses do not work yet: " + waiting);
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
