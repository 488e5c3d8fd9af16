package dev.sluice.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.bpf.lib.BpfProgram.ProgramInfo;
import dev.sluice.bpf.lib.OpenObject;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The gate: the verifier of the kernel that this runs on takes every object of ours. */
@Tag("kernels")
class ObjectsLoadTest {

  private static final String SUFFIX = ".bpf.o";

  /** The objects beside {@link ObjectFile}, in a directory or a jar. */
  static List<String> objects() throws IOException, URISyntaxException {
    Path place =
        Path.of(ObjectFile.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    if (Files.isDirectory(place)) {
      return names(place);
    }
    try (FileSystem jar = FileSystems.newFileSystem(place)) {
      return names(jar.getPath("/"));
    }
  }

  private static List<String> names(Path root) throws IOException {
    try (Stream<Path> files = Files.list(root.resolve("dev/sluice/bpf"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(SUFFIX))
          .map(name -> name.substring(0, name.length() - SUFFIX.length()))
          .sorted()
          .toList();
    }
  }

  @Test
  void theObjectsAreFound() throws IOException, URISyntaxException {
    assertThat(objects()).containsExactly("endpoint", "netkit", "parent", "uplink");
  }

  @ParameterizedTest
  @MethodSource("objects")
  void theKernelTakesIt(String name) {
    try (OpenObject object = OpenObject.open(name, ObjectFile.read(name))) {
      object.load();
      assertThat(object.programs()).isNotEmpty();
      for (String program : object.programs()) {
        ProgramInfo info = object.program(program).info();
        assertThat(info.id()).as(program).isPositive();
        assertThat(info.verifiedInstructions()).as(program).isPositive();
      }
    }
  }
}
