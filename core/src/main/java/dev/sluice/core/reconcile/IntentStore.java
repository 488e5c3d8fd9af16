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
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What each topology of a node is meant to be, the leases that stand, and the packet filter, on
 * disk before the first step, in {@link StateFiles}.
 */
public final class IntentStore {

  private static final String SUFFIX = ".json";
  private static final ObjectMapper COMPACT =
      JsonMapper.builder()
          .addModule(new Jdk8Module())
          // A record is its components, not what else it can tell.
          .disable(MapperFeature.AUTO_DETECT_IS_GETTERS)
          .build();

  /** What people may want to look at. */
  private static final ObjectMapper JSON =
      COMPACT.copy().enable(SerializationFeature.INDENT_OUTPUT);

  private final StateFiles files = new StateFiles();

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
    try (DirectoryStream<Path> stored = Files.newDirectoryStream(topologies, "*" + SUFFIX)) {
      for (Path file : stored) {
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

  private Intent read(Path file) throws NoSuchFileException {
    try {
      return files.read(file, Intent.class, JSON);
    } catch (NoSuchFileException e) {
      throw e;
    } catch (IOException e) {
      throw failure("read the intent " + file, e);
    }
  }

  public void put(Intent intent) {
    write(file(intent.topology()), intent, JSON);
  }

  /** Forgets that topology; with the last one the directories go too. */
  public void remove(String topology) {
    try {
      files.remove(file(topology));
      StateFiles.syncDirectory(topologies);
    } catch (IOException e) {
      throw failure("remove the intent of " + topology, e);
    }
    if (all().isEmpty() && leases().isEmpty()) {
      tidy();
    }
  }

  private void tidy() {
    try {
      files.remove(leases);
      files.remove(ruleset);
      files.remove(epoch);
      Files.deleteIfExists(topologies);
      Files.deleteIfExists(leases.getParent());
    } catch (IOException e) {
      // A directory that holds something else, or is a mount of its own, stays.
    }
  }

  /** The leases that stand; none after a reboot, for the kernel they speak of is gone. */
  public Map<Key, Lease> leases() {
    try {
      LeaseFile file = files.read(leases, LeaseFile.class, JSON);
      return file.bootId().equals(Kernel.bootId()) ? file.toLeases() : Map.of();
    } catch (NoSuchFileException e) {
      return Map.of();
    } catch (IOException e) {
      throw failure("read the leases " + leases, e);
    }
  }

  public void putLeases(Map<Key, Lease> standing) {
    if (!standing.equals(leases())) {
      write(leases, LeaseFile.of(Kernel.bootId(), standing), JSON);
    }
  }

  /** The ruleset as it was written last; one that cannot be read is none. */
  public Optional<Ruleset> ruleset() {
    try {
      return Optional.of(files.read(ruleset, Ruleset.class, COMPACT));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** To save comparing, no more: if it is lost, nothing else is. */
  public void putRuleset(Ruleset written) {
    write(ruleset, written, COMPACT);
  }

  /** The epoch that flows are admitted in, see {@link dev.sluice.core.datapath.DesiredState}. */
  public OptionalInt epoch() {
    try {
      return OptionalInt.of(files.read(epoch, Integer.class, JSON));
    } catch (NoSuchFileException e) {
      return OptionalInt.empty();
    } catch (IOException e) {
      throw failure("read " + epoch, e);
    }
  }

  public void putEpoch(int begun) {
    if (!epoch().equals(OptionalInt.of(begun))) {
      write(epoch, begun, JSON);
    }
  }

  private Path file(String topology) {
    return topologies.resolve(topology + SUFFIX);
  }

  private void write(Path file, Object value, ObjectMapper json) {
    try {
      files.write(file, value, json);
    } catch (IOException e) {
      throw failure("write " + file, e);
    }
  }

  private static SluiceException failure(String what, IOException e) {
    return new SluiceException(
        SluiceException.Category.TRANSIENT, "cannot " + what + ": " + e.getMessage(), e);
  }
}
