package dev.sluice.core.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.kernel.Key;
import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.kernel.NftTable;
import dev.sluice.core.kernel.NftTable.NftChain;
import dev.sluice.core.kernel.NftTable.NftSet;
import java.io.IOException;
import java.nio.file.Files;
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
          "sluice-test",
          List.of("one"),
          List.of(NftSet.map("m", "type ipv4_addr : counter;", Map.of("10.0.0.1", "\"one\""))),
          List.of(
              new NftChain("c", Optional.of("type filter hook input priority 0"), List.of("drop"))),
          Set.of("eth0"),
          Set.of(Key.publishedPort("TCP", 8080)));

  @TempDir private Path directory;

  @Test
  void aRulesetComesBackAsItWasWritten() {
    IntentStore store = new IntentStore(directory);
    assertThat(store.ruleset()).isEmpty();
    for (Optional<Integer> generation : List.of(Optional.of(7), Optional.<Integer>empty())) {
      Ruleset written =
          new Ruleset(
              "boot",
              5,
              generation,
              List.of(TABLE, NftTable.altered(NetnsRef.NODE, "netdev", "sluice-test")));
      store.putRuleset(written);
      assertThat(store.ruleset()).contains(written);
    }
  }

  @Test
  void aRulesetThatCannotBeReadIsNone() throws IOException {
    Files.writeString(directory.resolve("ruleset.json"), "{");
    assertThat(new IntentStore(directory).ruleset()).isEmpty();
  }
}
