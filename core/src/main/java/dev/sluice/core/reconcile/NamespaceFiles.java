package dev.sluice.core.reconcile;

import dev.sluice.core.error.SluiceException;
import dev.sluice.core.error.SluiceException.Category;
import dev.sluice.core.node.Node;
import dev.sluice.core.reconcile.kind.World.NamespaceState;
import dev.sluice.core.sys.Mounts;
import dev.sluice.core.sys.Netns;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The files that name a node's namespaces: our mark, then the published name. A namespace is ours
 * if our mark is bound to it; both bindings are mounts of nsfs, and while the mark stands its inode
 * number is not used again.
 */
final class NamespaceFiles {

  private final Node node;
  private final Object nsfs;

  NamespaceFiles(Node node) {
    this.node = node;
    this.nsfs = identity(Path.of("/proc/self/ns/net")).orElseThrow().device();
  }

  private record Identity(Object device, Object inode) {}

  /** The names of all namespaces that bear our mark. */
  Set<String> marked() {
    Set<String> out = new TreeSet<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(node.directories().marks())) {
      files.forEach(f -> out.add(f.getFileName().toString()));
    } catch (NoSuchFileException e) {
      return out;
    } catch (IOException e) {
      throw failure("list", node.directories().marks(), e);
    }
    return out;
  }

  /** Removes marks that no namespace is bound to. */
  void dropUnboundMarks() {
    marked().forEach(name -> deleteUnbound(node.mark(name)));
  }

  NamespaceState state(String name) {
    Optional<Identity> mark = identity(node.mark(name)).filter(this::isNamespace);
    Optional<Identity> published = identity(node.published(name));
    if (mark.isPresent()) {
      if (published.equals(mark)) {
        return NamespaceState.OURS;
      }
      if (published.filter(this::isNamespace).isPresent()) {
        return NamespaceState.DISPLACED;
      }
      return published.isEmpty() || isUnbound(node.published(name))
          ? NamespaceState.UNPUBLISHED
          : NamespaceState.OBSTRUCTED;
    }
    if (published.isEmpty()) {
      return NamespaceState.ABSENT;
    }
    return isNamespace(published.get()) ? NamespaceState.ADOPTED : NamespaceState.OBSTRUCTED;
  }

  /** Where to open a namespace: by our mark if it has one, for its name may lead elsewhere. */
  Path open(String name) {
    boolean marked = identity(node.mark(name)).filter(this::isNamespace).isPresent();
    return marked ? node.mark(name) : node.published(name);
  }

  /** Marks and publishes {@code netns}, which is new. */
  void create(String name, Netns netns) {
    // What a crash between making the file and binding it has left.
    deleteUnbound(node.mark(name));
    netns.bindTo(node.mark(name));
    netns.bindTo(node.published(name));
  }

  /** Publishes a marked namespace again. */
  void publish(String name) {
    deleteUnbound(node.published(name));
    try (Netns netns = Netns.open(node.mark(name))) {
      netns.bindTo(node.published(name));
    }
  }

  /**
   * Takes a namespace of ours away: its name if that still is ours, then the mark. The kernel frees
   * it with its last user.
   */
  void delete(String name) {
    if (state(name) == NamespaceState.OURS) {
      unbind(node.published(name));
    } else {
      // What a crash between making or unbinding the file and the next step has left.
      deleteUnbound(node.published(name));
    }
    unbind(node.mark(name));
  }

  private boolean isNamespace(Identity identity) {
    return identity.device().equals(nsfs);
  }

  private static void deleteUnbound(Path file) {
    try {
      if (isUnbound(file)) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw failure("delete", file, e);
    }
  }

  /** Whether it is what a crash leaves between making a file and binding a namespace to it. */
  private static boolean isUnbound(Path file) {
    try {
      return Files.isRegularFile(file) && !Mounts.isMountPoint(file) && Files.size(file) == 0;
    } catch (IOException e) {
      throw failure("look at", file, e);
    }
  }

  private static void unbind(Path file) {
    // More than once where somebody has since bound the directory above onto itself.
    while (Mounts.isMountPoint(file)) {
      Mounts.unmount(file);
    }
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw failure("delete", file, e);
    }
  }

  private static Optional<Identity> identity(Path file) {
    try {
      Map<String, Object> attributes = Files.readAttributes(file, "unix:dev,ino");
      return Optional.of(new Identity(attributes.get("dev"), attributes.get("ino")));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw failure("look at", file, e);
    }
  }

  private static SluiceException failure(String what, Path file, IOException e) {
    return new SluiceException(
        Category.TRANSIENT, "cannot " + what + " " + file + ": " + e.getMessage(), e);
  }
}
