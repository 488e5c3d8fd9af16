package dev.sluice.core.node;

import dev.sluice.core.datapath.NodeFacts;
import dev.sluice.core.kernel.KernelFeature;
import dev.sluice.core.kernel.KernelFeatures;
import dev.sluice.core.sys.Kernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The facts of this machine. What a kernel has it keeps until the next boot, so what a probe found
 * is remembered until then, and a command that changes nothing sends nothing that changes anything.
 * What it lacked is tried again once other modules are installed or loaded.
 */
public final class NodeFactsReader {

  private static final Path REMEMBERED = NodeDirectories.RUN.resolve("features");
  private static final Path LOADED_MODULES = Path.of("/proc/modules");
  private static final Path INSTALLED_MODULES = Path.of("/lib/modules");

  private static final String LACKING = "-";

  private NodeFactsReader() {}

  /** What was found here once, either way. */
  private record Memory(Set<KernelFeature> present, Set<KernelFeature> lacking) {

    static Memory empty() {
      return new Memory(EnumSet.noneOf(KernelFeature.class), EnumSet.noneOf(KernelFeature.class));
    }

    Set<KernelFeature> unknown() {
      Set<KernelFeature> out = EnumSet.allOf(KernelFeature.class);
      out.removeAll(present);
      out.removeAll(lacking);
      return out;
    }
  }

  /**
   * The facts.
   *
   * @param afresh whether everything is probed, whatever is remembered
   */
  public static NodeFacts read(boolean afresh) {
    Memory memory = afresh ? Memory.empty() : remembered();
    Set<KernelFeature> tried = memory.unknown();
    Set<KernelFeature> found = FeatureProbe.probe(tried);
    memory.present.addAll(found);
    tried.removeAll(found);
    memory.lacking.addAll(tried);
    if (!found.isEmpty() || !tried.isEmpty()) {
      remember(memory);
    }
    Set<KernelFeature> present = memory.present;
    return new NodeFacts(Kernel.machineId(), new KernelFeatures(Kernel.release(), present));
  }

  /** The first line is the boot that the others speak of, the second the modules of that time. */
  private static Memory remembered() {
    Memory out = Memory.empty();
    try {
      List<String> lines = Files.readAllLines(REMEMBERED);
      if (!lines.isEmpty() && lines.get(0).equals(Kernel.bootId())) {
        boolean sameModules = lines.size() > 1 && lines.get(1).equals(modules());
        for (KernelFeature feature : KernelFeature.values()) {
          if (lines.contains(feature.name())) {
            out.present.add(feature);
          } else if (sameModules && lines.contains(LACKING + feature.name())) {
            out.lacking.add(feature);
          }
        }
      }
    } catch (IOException e) {
      // Nothing is remembered, or nothing that can be read: everything is probed.
    }
    return out;
  }

  private static void remember(Memory memory) {
    StringBuilder text = new StringBuilder(Kernel.bootId()).append('\n');
    text.append(modules()).append('\n');
    memory.present.forEach(f -> text.append(f.name()).append('\n'));
    memory.lacking.forEach(f -> text.append(LACKING).append(f.name()).append('\n'));
    try {
      Files.createDirectories(REMEMBERED.getParent());
      Path fresh = Files.createTempFile(REMEMBERED.getParent(), "features", ".new");
      Files.writeString(fresh, text);
      Files.move(fresh, REMEMBERED, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      // Then the next command probes again: slower, and no less right.
    }
  }

  /** A word that changes with what is loaded and what could be; probing itself loads some. */
  private static String modules() {
    StringBuilder out = new StringBuilder("modules");
    try {
      Path installed = INSTALLED_MODULES.resolve(Kernel.release()).resolve("modules.dep");
      if (Files.exists(installed)) {
        out.append(' ').append(Files.getLastModifiedTime(installed).toMillis());
      }
      if (Files.exists(LOADED_MODULES)) {
        // Name, size, users …: only the name stays the same while a module is in use.
        Files.readAllLines(LOADED_MODULES).stream()
            .map(line -> line.substring(0, line.indexOf(' ')))
            .sorted()
            .forEach(name -> out.append(' ').append(name));
      }
    } catch (IOException e) {
      // What cannot be read is the same as before: `doctor` probes everything.
    }
    return out.toString();
  }
}
