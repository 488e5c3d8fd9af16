package dev.sluice.bench.workload;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channel;

/**
 * The channel that one thread works with at the moment, so that another can end the work by closing
 * it.
 */
final class InFlight implements Closeable {

  private volatile Channel current;
  private volatile boolean closed;

  /** {@code channel} is the one from now on; the caller closes it when it has done. */
  <C extends Channel> C now(C channel) throws IOException {
    current = channel;
    // Either this sees that it is closed, or close() sees the channel.
    if (closed) {
      channel.close();
      throw new AsynchronousCloseException();
    }
    return channel;
  }

  @Override
  public void close() throws IOException {
    closed = true;
    Channel channel = current;
    if (channel != null) {
      channel.close();
    }
  }
}
