package dev.sluice.core.reconcile;

import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import dev.sluice.core.error.SluiceException;
import dev.sluice.core.kernel.Key;
import dev.sluice.core.sys.Kernel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What each topology of a node is meant to be, the leases that stand, and the packet filter, on
 * disk before the first step. Every write is a new file, fsynced and renamed into place, the
 * directory fsynced too: after a crash there is the old or the new one.
 */
public final class IntentStore {

  private static final String SUFFIX = ".json";
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .addModule(new Jdk8Module())
          // A record is its components, not what else it can tell.
          .disable(MapperFeature.AUTO_DETECT_IS_GETTERS)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();

  private final Path topologies;
  private final Path leases;
  private final Path ruleset;
  private final Path epoch;

  public IntentStore(Path stateDirectory) {
    this.topologies = stateDirectory.resolve("topologies");
    this.leases = stateDirectory.resolve("leases" + SUFFIX);
    this.ruleset = stateDirectory.resolve("ruleset" + SUFFIX);
    this.epoch = stateDirectory.resolve("epoch" + SUFFIX);
  }

  /** All stored intents, by topology name. */
  public List<Intent> all() {
    List<Intent> out = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(topologies, "*" + SUFFIX)) {
      for (Path file : files) {
        out.add(read(file));
      }
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw failure("read the intents in " + topologies, e);
    }
    out.sort((a, b) -> a.topology().compareTo(b.topology()));
    return List.copyOf(out);
  }

  /** The intent of that topology, if it is stored. */
  public Optional<Intent> find(String topology) {
    Path file = file(topology);
    try {
      return Optional.of(read(file));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private static Intent read(Path file) throws NoSuchFileException {
    try {
      return JSON.readValue(Files.readAllBytes(file), Intent.class);
    } catch (NoSuchFileException e) {
      throw e;
    } catch (IOException e) {
      throw failure("read the intent " + file, e);
    }
  }

  public void put(Intent intent) {
    write(file(intent.topology()), intent);
  }

  /** Forgets that topology; with the last one the directories go too. */
  public void remove(String topology) {
    try {
      Files.deleteIfExists(temporary(file(topology)));
      Files.deleteIfExists(file(topology));
      syncDirectory(topologies);
    } catch (IOException e) {
      throw failure("remove the intent of " + topology, e);
    }
    if (all().isEmpty() && leases().isEmpty()) {
      tidy();
    }
  }

  private void tidy() {
    try {
      Files.deleteIfExists(temporary(leases));
      Files.deleteIfExists(leases);
      Files.deleteIfExists(temporary(ruleset));
      Files.deleteIfExists(ruleset);
      Files.deleteIfExists(temporary(epoch));
      Files.deleteIfExists(epoch);
      Files.deleteIfExists(topologies);
      Files.deleteIfExists(leases.getParent());
    } catch (IOException e) {
      // A directory that holds something else, or is a mount of its own, stays.
    }
  }

  private static Path temporary(Path file) {
    return file.resolveSibling(file.getFileName() + ".new");
  }

  /** The leases that stand; none after a reboot, for the kernel they speak of is gone. */
  public Map<Key, Lease> leases() {
    try {
      LeaseFile file = JSON.readValue(Files.readAllBytes(leases), LeaseFile.class);
      return file.bootId().equals(Kernel.bootId()) ? file.toLeases() : Map.of();
    } catch (NoSuchFileException e) {
      return Map.of();
    } catch (IOException e) {
      throw failure("read the leases " + leases, e);
    }
  }

  public void putLeases(Map<Key, Lease> standing) {
    if (!standing.equals(leases())) {
      write(leases, LeaseFile.of(Kernel.bootId(), standing));
    }
  }

  /** The ruleset as it was written last; one that cannot be read is none. */
  public Optional<Ruleset> ruleset() {
    try {
      return Optional.of(JSON.readValue(Files.readAllBytes(ruleset), Ruleset.class));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** To save comparing, no more: if it is lost, nothing else is. */
  public void putRuleset(Ruleset written) {
    write(ruleset, written);
  }

  /** The epoch that flows are admitted in, see {@link dev.sluice.core.datapath.DesiredState}. */
  public OptionalInt epoch() {
    try {
      return OptionalInt.of(JSON.readValue(Files.readAllBytes(epoch), Integer.class));
    } catch (NoSuchFileException e) {
      return OptionalInt.empty();
    } catch (IOException e) {
      throw failure("read " + epoch, e);
    }
  }

  public void putEpoch(int begun) {
    if (!epoch().equals(OptionalInt.of(begun))) {
      write(epoch, begun);
    }
  }

  private Path file(String topology) {
    return topologies.resolve(topology + SUFFIX);
  }

  private static void write(Path file, Object value) {
    Path temporary = temporary(file);
    try {
      Files.createDirectories(file.getParent());
      try (FileChannel out =
          FileChannel.open(
              temporary,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        ByteBuffer bytes = ByteBuffer.wrap(JSON.writeValueAsBytes(value));
        while (bytes.hasRemaining()) {
          out.write(bytes);
        }
        out.force(true);
      }
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
      syncDirectory(file.getParent());
    } catch (IOException e) {
      throw failure("write " + file, e);
    }
  }

  private static void syncDirectory(Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  private static SluiceException failure(String what, IOException e) {
    return new SluiceException(
        SluiceException.Category.TRANSIENT, "cannot " + what + ": " + e.getMessage(), e);
  }
}
