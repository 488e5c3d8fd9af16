package dev.sluice.bench.targets;

import dev.sluice.backend.bridge.BridgeDatapath;
import dev.sluice.bench.targets.EffectProbe.Effect;
import dev.sluice.core.kernel.NftTable;
import dev.sluice.core.netlink.NetlinkObserver;
import dev.sluice.core.nft.NftScript;
import dev.sluice.core.nft.NftSession;

/** What comes after rendering: the difference of two tables as a script, and its transactions. */
final class StepWay extends ChangeWay {

  StepWay(RuleChange change) {
    super("step", change, new BridgeDatapath());
  }

  @Override
  Effect make() {
    NftTable from = change().table(now());
    NftTable to = change().table(change().following(now()));
    return node()
        .netns()
        .call(
            () -> {
              try (NftSession nft = NftSession.open(NetlinkObserver.NONE)) {
                return watch(
                    () ->
                        NftScript.change(from, to)
                            .forEach(commands -> nft.run("change policy", commands)));
              }
            });
  }
}
