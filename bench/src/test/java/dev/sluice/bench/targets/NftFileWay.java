package dev.sluice.bench.targets;

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

  private final NftShell shell;

  NftFileWay(RuleChange change) {
    super("nft -f", change);
    shell = shell();
  }

  @Override
  Effect make() {
    List<Path> files = new ArrayList<>();
    try {
      for (String script : change().scripts(now())) {
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
