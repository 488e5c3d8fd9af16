package dev.sluice.cli.command;

import dev.sluice.cli.command.DoctorDocument.HostCheck;
import dev.sluice.core.node.Node;
import dev.sluice.core.node.NodeDirectories;
import dev.sluice.core.node.ThrowawayNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Looks at what a node needs of its host, beside the kernel. */
final class HostChecks {

  private HostChecks() {}

  static List<HostCheck> of(Node node) {
    NodeDirectories directories = node.directories();
    return List.of(
        new HostCheck("privileges", true, "CAP_NET_ADMIN and CAP_SYS_ADMIN"),
        new HostCheck("packages", true, "Java; nothing else is needed to run"),
        directory("namespace names", directories.names()),
        directory("state", directories.state()),
        directory("locks", directories.run()),
        leftovers());
  }

  /** A directory that is not there yet is judged by the nearest one above it. */
  private static HostCheck directory(String item, Path directory) {
    Path nearest = directory;
    while (!Files.exists(nearest)) {
      nearest = nearest.getParent();
    }
    boolean good = Files.isDirectory(nearest) && Files.isWritable(nearest);
    String there = nearest.equals(directory) ? "" : " (made when first needed)";
    return new HostCheck(
        item, good, directory + (good ? " can be written" : " cannot be written") + there);
  }

  private static HostCheck leftovers() {
    int removed = ThrowawayNode.collectLeftovers();
    return new HostCheck(
        "leftovers",
        true,
        removed == 0 ? "none of killed runs" : "removed those of " + removed + " killed runs");
  }
}
