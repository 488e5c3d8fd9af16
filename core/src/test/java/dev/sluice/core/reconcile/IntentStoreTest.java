package dev.sluice.core.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.kernel.Key;
import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.kernel.NftTable;
import dev.sluice.core.kernel.NftTable.NftChain;
import dev.sluice.core.kernel.NftTable.NftSet;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IntentStoreTest {

  private static final NftTable TABLE =
      new NftTable(
          NetnsRef.NODE,
          "inet",
          "sluice-shop",
          List.of("drop/policy"),
          List.of(
              NftSet.of("set", "type ipv4_addr;", Set.of("10.0.0.1")),
              NftSet.map("map", "type ipv4_addr : verdict;", Map.of("10.0.0.1", "jump chain"))),
          List.of(
              new NftChain("chain", Optional.empty(), List.of("drop")),
              new NftChain("base", Optional.of("type filter hook input priority 0"), List.of())),
          Set.of("eth0"),
          Set.of(Key.publishedPort("TCP", 8080)));

  @Test
  void theRulesetIsReadAsItWasWritten(@TempDir Path state) {
    IntentStore store = new IntentStore(state);
    assertThat(store.ruleset()).isEmpty();
    Ruleset written =
        new Ruleset(
            "boot",
            4711,
            Optional.of(7),
            List.of(TABLE, NftTable.altered(NetnsRef.NODE, "inet", "sluice-other")));
    store.putRuleset(written);
    assertThat(store.ruleset()).contains(written);
  }
}
