package dev.sluice.core.node;

import dev.sluice.core.error.SluiceException;
import dev.sluice.core.error.SluiceException.Category;
import dev.sluice.core.sys.Mounts;
import dev.sluice.core.sys.Netns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The network namespace that plays the host, with the directories that belong to it. */
public final class Node implements AutoCloseable {

  private static final Path NAMES = Path.of("/run/netns");

  private final String name;
  private final Netns netns;
  private final NodeDirectories directories;

  /**
   * Any namespace as a node.
   *
   * @param name for messages
   * @param netns closed with the node
   */
  public Node(String name, Netns netns, NodeDirectories directories) {
    this.name = name;
    this.netns = netns;
    this.directories = directories;
  }

  /** The host that this process runs on, in the namespace that it was started in. */
  public static Node host() {
    return new Node("host", Netns.current(), NodeDirectories.host());
  }

  /** Whether a namespace may be called {@code name}: it is the name of a file. */
  public static boolean isName(String name) {
    return !name.isEmpty() && !name.contains("/") && !name.startsWith(".");
  }

  /** The namespace of that name in {@code /run/netns} as a node of its own. */
  public static Node inNetns(String name) {
    if (!isName(name)) {
      throw new SluiceException(Category.USER, "not the name of a namespace: " + name);
    }
    Path file = NAMES.resolve(name);
    if (!Files.exists(file)) {
      throw new SluiceException(
          Category.USER,
          "there is no namespace "
              + name
              + " in "
              + NAMES
              + "; make it with: ip netns add "
              + name);
    }
    return new Node("netns-" + name, Netns.open(file), NodeDirectories.inNetns(name));
  }

  /** For messages: "host", or which namespace it is. */
  public String name() {
    return name;
  }

  public Netns netns() {
    return netns;
  }

  public NodeDirectories directories() {
    return directories;
  }

  /** Where a named namespace of this node is published. */
  public Path published(String namespace) {
    return directories.names().resolve(namespace);
  }

  /** Where our own binding of a namespace that we made is. */
  public Path mark(String namespace) {
    return directories.marks().resolve(namespace);
  }

  /** Makes the directories that namespaces are bound in. */
  public void prepare() {
    try {
      Files.createDirectories(directories.names());
      Files.createDirectories(directories.marks());
      if (directories.names().equals(NAMES)) {
        // As ip-netns(8) does; if that did it later, each of our bindings would be there twice.
        Mounts.makeShared(NAMES);
      }
    } catch (IOException e) {
      throw new SluiceException(
          Category.TRANSIENT, "cannot make the node's directories: " + e.getMessage(), e);
    }
  }

  /** Makes the directory of BPF pins; mounts its file system first, where that is not mounted. */
  public void preparePins() {
    BpfFileSystem.require();
    try {
      Files.createDirectories(directories.pins());
    } catch (IOException e) {
      throw new SluiceException(
          Category.TRANSIENT, "cannot make the node's directory of pins: " + e.getMessage(), e);
    }
  }

  /**
   * Removes those of the directories that are empty; the published names of the host are not ours
   * to remove.
   */
  public void tidy() {
    if (!directories.names().equals(NAMES)) {
      removeIfEmpty(directories.names());
    }
    removeIfEmpty(directories.marks());
    removeIfEmpty(directories.pins());
  }

  private static void removeIfEmpty(Path directory) {
    try {
      Files.deleteIfExists(directory);
    } catch (IOException e) {
      // One that is still in use stays.
    }
  }

  @Override
  public void close() {
    netns.close();
  }
}
