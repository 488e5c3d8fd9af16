package dev.sluice.bench.targets;

import dev.sluice.backend.bridge.BridgeDatapath;
import dev.sluice.bench.targets.EffectProbe.Effect;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Forked nft with the very scripts that Sluice runs, which lie ready in files. */
final class NftFileWay extends ChangeWay {

  private final boolean together;
  private final NftShell shell;

  /**
   * @param together whether all goes into one file, and so is one transaction. That is quicker, but
   *     lets a flow live on that is judged in the middle of it, where elements go one by one.
   */
  NftFileWay(RuleChange change, boolean together) {
    super("nft -f", change, new BridgeDatapath());
    this.together = together;
    shell = shell();
  }

  @Override
  Effect make() {
    List<Path> files = new ArrayList<>();
    try {
      List<String> scripts = change().scripts(now());
      for (String script : together ? List.of(String.join("", scripts)) : scripts) {
        files.add(Files.writeString(Files.createTempFile("sluice", ".nft"), script));
      }
      String commands =
          files.stream().map(file -> "nft -f " + file).collect(Collectors.joining(" && "));
      Effect effect = watch(() -> shell.run(commands));
      for (Path file : files) {
        Files.delete(file);
      }
      return effect;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
