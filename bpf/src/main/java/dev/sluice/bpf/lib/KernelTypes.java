package dev.sluice.bpf.lib;

import dev.sluice.core.error.SluiceException;
import dev.sluice.core.node.NodeDirectories;
import dev.sluice.core.sys.Kernel;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.zip.CRC32;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files of the few types of the kernel that an object names: libbpf would read all hundred thousand
 * at each load, for 60 ms and more. A kernel keeps its types until the next boot, and so long they
 * are remembered, by files whose names say what must be in them:
 *
 * <pre>
 * btf-BOOT-TYPES-CONTENT   boot id; checksum of the names of the types, and of what the file holds
 * </pre>
 */
final class KernelTypes {

  private static final Logger LOG = LoggerFactory.getLogger(KernelTypes.class);

  /** Another one if {@link BtfCopy} ever makes another file of the same names. */
  private static final String PREFIX = "btf-";

  /** A file, for its owner alone, who is root. */
  private static final Map<String, Object> PRIVATE = Map.of("mode", 0100600, "uid", 0);

  private final Path directory;

  KernelTypes(Path directory) {
    this.directory = directory;
  }

  /** Those of this machine. */
  static KernelTypes remembered() {
    return new KernelTypes(NodeDirectories.RUN);
  }

  /**
   * A file with those of {@code names} that the kernel has; empty if there are none, or where none
   * can be made: then it is libbpf that looks at the kernel's own, and has the words for what is
   * wrong with them.
   */
  Optional<Path> file(SortedSet<String> names) {
    if (names.isEmpty()) {
      return Optional.empty();
    }
    String boot = PREFIX + Kernel.bootId() + "-";
    String prefix = boot + checksum(LibBpf.cString(String.join(" ", names))) + "-";
    try {
      Files.createDirectories(directory);
      Optional<Path> there = find(prefix);
      return there.isPresent() ? there : Optional.of(make(boot, prefix, names));
    } catch (IOException | SluiceException e) {
      LOG.debug("the kernel's own types are read, for want of a file of some: {}", e.toString());
      return Optional.empty();
    }
  }

  private Optional<Path> find(String prefix) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, prefix + "*")) {
      for (Path file : files) {
        if (isWhole(file, prefix)) {
          return Optional.of(file);
        }
      }
    }
    return Optional.empty();
  }

  private static boolean isWhole(Path file, String prefix) throws IOException {
    return Files.readAttributes(file, "unix:mode,uid", LinkOption.NOFOLLOW_LINKS).equals(PRIVATE)
        && file.endsWith(prefix + checksum(Files.readAllBytes(file)));
  }

  private Path make(String boot, String prefix, SortedSet<String> names) throws IOException {
    byte[] content = BtfCopy.of(names);
    Path file = directory.resolve(prefix + checksum(content));
    removeOthers(boot, prefix, file);
    Path fresh = Files.createTempFile(directory, PREFIX, ".new");
    Files.write(fresh, content);
    return Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Of boots before, and what is damaged; {@code file} itself may be in use already. */
  private void removeOthers(String boot, String prefix, Path file) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, PREFIX + "*")) {
      for (Path other : files) {
        String name = other.getFileName().toString();
        if (!other.equals(file) && (!name.startsWith(boot) || name.startsWith(prefix))) {
          Files.deleteIfExists(other);
        }
      }
    }
  }

  private static String checksum(byte[] bytes) {
    CRC32 crc = new CRC32();
    crc.update(bytes);
    return Long.toHexString(crc.getValue());
  }
}
