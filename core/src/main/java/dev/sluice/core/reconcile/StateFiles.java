package dev.sluice.core.reconcile;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Files of a node's state, JSON each. Every write is a new file, fsynced and renamed into place,
 * the directory fsynced too: after a crash there is the old or the new one. What a file holds is
 * remembered for as long as it is that file: another process may put another in its place.
 */
final class StateFiles {

  /** No two files of one name are alike in all of this: each is there before the other goes. */
  private record Stamp(Object key, FileTime modified, long size) {
    static Stamp of(Path file) throws IOException {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return new Stamp(
          Objects.requireNonNull(attributes.fileKey()),
          attributes.lastModifiedTime(),
          attributes.size());
    }
  }

  private record Known(Stamp stamp, Object content) {}

  private final Map<Path, Known> known = new ConcurrentHashMap<>();

  /** What the file holds; a {@link java.nio.file.NoSuchFileException} if it is not there. */
  <T> T read(Path file, Class<T> type, ObjectMapper json) throws IOException {
    Stamp stamp = Stamp.of(file);
    Known last = known.get(file);
    if (last != null && last.stamp.equals(stamp) && type.isInstance(last.content)) {
      return type.cast(last.content);
    }
    T content = json.readValue(Files.readAllBytes(file), type);
    // What was read is that file's only if no other has taken its place meanwhile.
    if (Stamp.of(file).equals(stamp)) {
      known.put(file, new Known(stamp, content));
    }
    return content;
  }

  void write(Path file, Object content, ObjectMapper json) throws IOException {
    Path temporary = temporary(file);
    Files.createDirectories(file.getParent());
    try (FileChannel out =
        FileChannel.open(
            temporary,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(json.writeValueAsBytes(content));
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      out.force(true);
    }
    known.remove(file);
    Stamp stamp = Stamp.of(temporary);
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    syncDirectory(file.getParent());
    known.put(file, new Known(stamp, content));
  }

  /** Removes a file, and what a crash may have left of its next. */
  void remove(Path file) throws IOException {
    known.remove(file);
    Files.deleteIfExists(temporary(file));
    Files.deleteIfExists(file);
  }

  static void syncDirectory(Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  private static Path temporary(Path file) {
    return file.resolveSibling(file.getFileName() + ".new");
  }
}
