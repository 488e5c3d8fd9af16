package dev.sluice.bench;

import dev.sluice.core.sys.Netns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The TCP sockets of a network namespace, by {@code /proc/net/tcp} and {@code tcp6}. */
final class TcpSockets {

  /** As the kernel numbers them (include/net/tcp_states.h). */
  enum State {
    TIME_WAIT("06"),
    LISTEN("0A");

    private final String number;

    State(String number) {
      this.number = number;
    }
  }

  private static final Path OF_THIS_THREAD = Path.of("/proc/thread-self/net");

  private TcpSockets() {}

  /** Whether one with that local port is in that state. */
  static boolean any(Netns netns, int port, State state) {
    String local = String.format(Locale.ROOT, ":%04X", port);
    return netns.call(
        () ->
            matches(OF_THIS_THREAD.resolve("tcp"), local, state)
                || matches(OF_THIS_THREAD.resolve("tcp6"), local, state));
  }

  private static boolean matches(Path file, String local, State state) throws IOException {
    if (!Files.exists(file)) {
      return false;
    }
    return Files.readAllLines(file).stream()
        .map(line -> List.of(line.strip().split(" +", -1)))
        .anyMatch(words -> words.get(1).endsWith(local) && words.get(3).equals(state.number));
  }
}
