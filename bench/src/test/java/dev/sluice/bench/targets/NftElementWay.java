package dev.sluice.bench.targets;

import dev.sluice.backend.bridge.BridgeDatapath;
import dev.sluice.bench.targets.EffectProbe.Effect;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Forked nft that adds the elements which the change adds, and does nothing else of it; they are
 * taken away again afterwards.
 */
final class NftElementWay extends ChangeWay {

  private static final String ADD = "add element ";

  private final NftShell shell;
  private final List<String> elements;

  NftElementWay(RuleChange change) {
    super("nft add element", change, new BridgeDatapath());
    shell = shell();
    elements =
        change.scripts(now()).stream()
            .flatMap(String::lines)
            .filter(line -> line.startsWith(ADD))
            .map(line -> line.substring(ADD.length()))
            .toList();
  }

  @Override
  Effect make() {
    String add = command("add element ");
    Effect effect = watchOpening(() -> shell.run(add));
    shell.run(command("delete element "));
    return effect;
  }

  private String command(String verb) {
    return elements.stream().map(verb::concat).collect(Collectors.joining("; ", "nft '", "'"));
  }
}
