package dev.sluice.testkit;

import dev.sluice.core.node.Node;
import dev.sluice.core.sys.Netns;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A user namespace, with root in it, that a network namespace of a node belongs to. */
final class UserNamespace implements AutoCloseable {

  private final Process holder;

  private UserNamespace(Process holder) {
    this.holder = holder;
  }

  /** Makes both; the network namespace has that name in the node. */
  static UserNamespace owning(Node node, String netns) {
    try {
      Process holder =
          new ProcessBuilder("unshare", "-Urn", "sh", "-c", "echo there; exec sleep 600")
              .redirectErrorStream(true)
              .start();
      UserNamespace made = new UserNamespace(holder);
      made.publish(node, netns);
      return made;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void publish(Node node, String name) throws IOException {
    BufferedReader out = holder.inputReader(StandardCharsets.UTF_8);
    String line = out.readLine();
    if (!"there".equals(line)) {
      close();
      throw new AssertionError("no user namespace: " + line);
    }
    try (Netns netns = Netns.open(Path.of("/proc/" + holder.pid() + "/ns/net"))) {
      netns.bindTo(node.published(name));
    }
  }

  /** A script that is run as root of it, in the network namespace that it is called in. */
  String wrap(String script) {
    return "nsenter -t %d -U sh <<'END'%n%s%nEND%n".formatted(holder.pid(), script);
  }

  @Override
  public void close() {
    holder.destroyForcibly().onExit().join();
  }
}
