package dev.sluice.bpf.lib;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.bpf.ObjectFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Objects that reach into the kernel's structures, and what is remembered of those. */
class KernelTypesTest {

  private static final Path KERNEL = Path.of("/sys/kernel/btf/vmlinux");
  private static final byte[] ENDPOINT = ObjectFile.read("endpoint");
  private static final SortedSet<String> TYPES = NamedTypes.in(ENDPOINT);

  @TempDir private Path directory;

  private Path file() {
    return new KernelTypes(directory).file(TYPES).orElseThrow();
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList();
    }
  }

  /** Of each program's instructions, fields' offsets among them. */
  private static SortedMap<String, Long> tags(String name, Optional<Path> types) {
    SortedMap<String, Long> out = new TreeMap<>();
    try (OpenObject object = OpenObject.open(name, ObjectFile.read(name), types)) {
      object.load();
      for (String program : object.programs()) {
        int fd = object.program(program).fd();
        try (Info info = Info.of(Handle.borrowed(fd, program))) {
          out.put(program, info.wide(8));
        }
      }
    }
    return out;
  }

  @Test
  void thoseOfAnObjectAreFoundInItsRelocations() {
    assertThat(TYPES).contains("sk_buff", "sock", "net_device");
    assertThat(NamedTypes.in(ObjectFile.read("sample"))).isEmpty();
    assertThat(NamedTypes.in(new byte[100])).isEmpty();
  }

  @Tag("kernels")
  @ParameterizedTest
  @MethodSource("dev.sluice.bpf.ObjectsLoadTest#objects")
  void programsAreTheSameByAFewTypesAsByAllOfTheKernels(String name) {
    Optional<Path> few = new KernelTypes(directory).file(NamedTypes.in(ObjectFile.read(name)));
    assertThat(tags(name, few)).isNotEmpty().isEqualTo(tags(name, Optional.empty()));
  }

  @Tag("kernels")
  @Test
  void fieldsAreWhereTheKernelHasThem() throws IOException {
    Btf few = new Btf(Files.readAllBytes(file()));
    Btf all = new Btf(Files.readAllBytes(KERNEL));
    assertThat(Files.size(file())).isLessThan(100_000);
    for (String type : TYPES) {
      assertThat(few.structSize(type)).isPresent().isEqualTo(all.structSize(type));
      assertThat(few.members(type)).isNotEmpty().isEqualTo(all.members(type));
    }
  }

  /** So the file is what decides, and no look at the kernel's own makes up for it. */
  @Test
  void anObjectDoesNotLoadByTypesThatItDoesNotName() throws IOException {
    Path others = directory.resolve("others");
    Files.write(others, BtfCopy.of(NamedTypes.in(new byte[0])));
    assertThatThrownBy(() -> tags("endpoint", Optional.of(others)))
        .isInstanceOf(BpfLoadException.class);
  }

  @Test
  void whatIsRememberedIsNotMadeAgain() throws IOException {
    Path first = file();
    Object inode = Files.getAttribute(first, "unix:ino");
    assertThat(Files.getAttribute(first, "unix:mode")).isEqualTo(0100600);
    assertThat(file()).isEqualTo(first);
    assertThat(Files.getAttribute(first, "unix:ino")).isEqualTo(inode);
    assertThat(files()).containsExactly(first);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ": > %s",
        "truncate -s -100 %s",
        "head -c 100 /dev/urandom > %s",
        "printf '\\377' | dd of=%s bs=1 seek=2000 conv=notrunc",
        "cp %1$s %1$s0",
        "chmod 666 %s",
        "chown nobody %s",
        "cp %1$s other && rm %1$s && ln -s other %1$s",
        "mv %1$s %1$s0 && cp /sys/kernel/btf/vmlinux %1$s",
      })
  void whatIsDamagedOrSomebodyElsesIsReplaced(String damage)
      throws IOException, InterruptedException {
    byte[] whole = Files.readAllBytes(file());
    Process shell =
        new ProcessBuilder("sh", "-ec", damage.formatted(file().getFileName()))
            .directory(directory.toFile())
            .start();
    assertThat(shell.waitFor()).isZero();
    Path again = file();
    assertThat(again).hasBinaryContent(whole);
    assertThat(Files.getAttribute(again, "unix:mode", LinkOption.NOFOLLOW_LINKS))
        .isEqualTo(0100600);
    assertThat(Files.getAttribute(again, "unix:uid")).isEqualTo(0);
    assertThat(tags("endpoint", Optional.of(again))).isNotEmpty();
  }

  @Test
  void thatOfABootBeforeIsNotUsedAndGoes() throws IOException {
    Path first = file();
    String name = first.getFileName().toString();
    Path before = directory.resolve("btf-00000000" + name.substring("btf-00000000".length()));
    Files.move(first, before);
    assertThat(file()).isEqualTo(first);
    assertThat(files()).containsExactly(first);
  }

  @Test
  void whereNoneCanBeKeptTheKernelsOwnAreRead() throws IOException {
    Path taken = Files.createFile(directory.resolve("taken"));
    assertThat(new KernelTypes(taken).file(TYPES)).isEmpty();
    assertThat(tags("endpoint", Optional.empty())).isNotEmpty();
  }
}
