package dev.sluice.core.node;

import dev.sluice.core.datapath.NodeFacts;
import dev.sluice.core.kernel.KernelFeature;
import dev.sluice.core.kernel.KernelFeatures;
import dev.sluice.core.sys.Kernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The facts of this machine. What a kernel has it keeps until the next boot, so what a probe found
 * is remembered until then, and a command that changes nothing sends nothing that changes anything.
 * What it lacked is tried again: a module may have come.
 */
public final class NodeFactsReader {

  private static final Path REMEMBERED = Path.of("/run/sluice/features");

  private NodeFactsReader() {}

  /**
   * The facts.
   *
   * @param afresh whether everything is probed, whatever is remembered
   */
  public static NodeFacts read(boolean afresh) {
    Set<KernelFeature> present = afresh ? EnumSet.noneOf(KernelFeature.class) : remembered();
    Set<KernelFeature> found = FeatureProbe.probe(EnumSet.complementOf(EnumSet.copyOf(present)));
    if (!found.isEmpty()) {
      found.addAll(present);
      remember(found);
      present = found;
    }
    return new NodeFacts(Kernel.machineId(), new KernelFeatures(Kernel.release(), present));
  }

  /** The first line is the boot that the others speak of. */
  private static EnumSet<KernelFeature> remembered() {
    EnumSet<KernelFeature> out = EnumSet.noneOf(KernelFeature.class);
    try {
      List<String> lines = Files.readAllLines(REMEMBERED);
      if (!lines.isEmpty() && lines.get(0).equals(Kernel.bootId())) {
        Arrays.stream(KernelFeature.values())
            .filter(f -> lines.contains(f.name()))
            .forEach(out::add);
      }
    } catch (IOException e) {
      // Nothing is remembered, or nothing that can be read: everything is probed.
    }
    return out;
  }

  private static void remember(Set<KernelFeature> found) {
    StringBuilder text = new StringBuilder(Kernel.bootId()).append('\n');
    found.forEach(f -> text.append(f.name()).append('\n'));
    try {
      Files.createDirectories(REMEMBERED.getParent());
      Path fresh = Files.createTempFile(REMEMBERED.getParent(), "features", ".new");
      Files.writeString(fresh, text);
      Files.move(fresh, REMEMBERED, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      // Then the next command probes again: slower, and no less right.
    }
  }
}
