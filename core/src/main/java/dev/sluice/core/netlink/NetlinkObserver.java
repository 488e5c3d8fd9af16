package dev.sluice.core.netlink;

import java.util.List;

/** Told what a connection does, for metrics; called on the thread that uses the connection. */
public interface NetlinkObserver {

  /** Hears nothing. */
  NetlinkObserver NONE = new NetlinkObserver() {};

  /**
   * These go to the kernel with the next system call, which carries them all out, whatever becomes
   * of the process meanwhile. Each is told of by {@link #sent}, unless this is overridden.
   */
  default void sending(List<Request> requests) {
    requests.forEach(this::sent);
  }

  /** A request is sent; a dump that starts again counts again. */
  default void sent(Request request) {}

  /** The kernel refused a request. */
  default void refused(Request request, NetlinkException error) {}

  /** A dump starts again, since what it shows changed meanwhile. */
  default void dumpInterrupted(Request request) {}
}
