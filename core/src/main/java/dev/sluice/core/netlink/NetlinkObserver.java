package dev.sluice.core.netlink;

/** Told what a connection does, for metrics; called on the thread that uses the connection. */
public interface NetlinkObserver {

  /** Hears nothing. */
  NetlinkObserver NONE = new NetlinkObserver() {};

  /** A request was sent; a dump that starts again counts again. */
  default void sent(Request request) {}

  /** The kernel refused a request. */
  default void refused(Request request, NetlinkException error) {}

  /** A dump starts again, since what it shows changed meanwhile. */
  default void dumpInterrupted(Request request) {}
}
