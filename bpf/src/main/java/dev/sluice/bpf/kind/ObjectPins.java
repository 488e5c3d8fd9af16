package dev.sluice.bpf.kind;

import dev.sluice.bpf.kernel.BpfLink;
import dev.sluice.bpf.kernel.BpfLink.Hook;
import dev.sluice.core.error.SluiceException;
import dev.sluice.core.error.SluiceException.Category;
import dev.sluice.core.node.BpfFileSystem;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Where one object and its attachments are pinned, below the node's directory of pins:
 *
 * <pre>
 * NAME/live/MAP          live state, of all versions
 * NAME/VERSION/PIN       programs and maps of a version, those of live state again
 * NAME/making-VERSION/   a version that is not whole yet
 * NAME/links/LINK:HOOK   attachments; of a filter an empty directory
 * </pre>
 */
record ObjectPins(Path directory) {

  private static final String LIVE = "live";
  private static final String LINKS = "links";
  private static final String MAKING = "making-";

  static ObjectPins of(Path pins, String object) {
    return new ObjectPins(pins.resolve(BpfFileSystem.pinName(object)));
  }

  /** Those of every object that there is. */
  static List<ObjectPins> all(Path pins) {
    return list(pins).stream().map(ObjectPins::new).toList();
  }

  String object() {
    return BpfFileSystem.ofPinName(directory.getFileName().toString());
  }

  Path live() {
    return directory.resolve(LIVE);
  }

  Path links() {
    return directory.resolve(LINKS);
  }

  Path version(String version) {
    return directory.resolve(version);
  }

  Path making(String version) {
    return directory.resolve(MAKING + version);
  }

  Path program(String version, String program) {
    return version(version).resolve(ObjectLoader.PROGRAM + program);
  }

  Path link(BpfLink link) {
    return links().resolve(BpfFileSystem.pinName(link.link()) + ":" + link.hook().word());
  }

  /** The attachment that should be pinned at {@code pin}; empty: it is none of ours. */
  Optional<BpfLink> linkAt(Path pin) {
    String file = pin.getFileName().toString();
    int colon = file.lastIndexOf(':');
    return Arrays.stream(Hook.values())
        .filter(hook -> colon > 0 && hook.word().equals(file.substring(colon + 1)))
        .map(
            hook ->
                BpfLink.altered(object(), BpfFileSystem.ofPinName(file.substring(0, colon)), hook))
        .findFirst();
  }

  /** Versions, those that are not whole included: names of directories. */
  List<String> versions() {
    return list(directory).stream()
        .map(path -> path.getFileName().toString())
        .filter(name -> !name.equals(LIVE) && !name.equals(LINKS))
        .toList();
  }

  static boolean isWhole(String version) {
    return !version.startsWith(MAKING);
  }

  /** What is in a directory, in order; nothing if there is none. */
  static List<Path> list(Path directory) {
    List<Path> out = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      files.forEach(out::add);
    } catch (NoSuchFileException e) {
      return out;
    } catch (IOException e) {
      throw failure("read", directory, e);
    }
    out.sort(null);
    return out;
  }

  static void make(Path directory) {
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw failure("make", directory, e);
    }
  }

  /** To {@code to}, which is not there, at once. */
  static void rename(Path from, Path to) {
    try {
      Files.move(from, to);
    } catch (IOException e) {
      throw failure("rename", from, e);
    }
  }

  /** With all that is in it; that it is gone already is no failure. */
  static void remove(Path path) {
    try {
      if (Files.isDirectory(path)) {
        list(path).forEach(ObjectPins::remove);
      }
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw failure("remove", path, e);
    }
  }

  private static SluiceException failure(String operation, Path path, IOException e) {
    return new SluiceException(
        Category.TRANSIENT, "cannot %s pin %s: %s".formatted(operation, path, e.getMessage()), e);
  }
}
