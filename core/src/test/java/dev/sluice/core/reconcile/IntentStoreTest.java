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

  private static Intent intent(String source) {
    return Intent.applied("t", new Intent.Declared("bridge", "t.yaml", source));
  }

  @Test
  void whatAnotherProcessHasWrittenIsSeen() {
    IntentStore mine = new IntentStore(directory);
    IntentStore others = new IntentStore(directory);
    for (int i = 0; i < 20; i++) {
      mine.put(intent("mine"));
      assertThat(others.find("t")).contains(intent("mine"));
      // Of the same length, and at about the same time.
      others.put(intent("ours"));
      assertThat(mine.find("t")).contains(intent("ours"));
      assertThat(mine.all()).containsExactly(intent("ours"));
    }
    others.remove("t");
    assertThat(mine.find("t")).isEmpty();
  }

  @Test
  void aFileThatIsAsItWasIsNotReadAgain() {
    IntentStore store = new IntentStore(directory);
    store.put(intent("a"));
    Intent first = store.find("t").orElseThrow();
    assertThat(store.find("t").orElseThrow()).isSameAs(first);
    Intent read = new IntentStore(directory).find("t").orElseThrow();
    assertThat(read).isEqualTo(first).isNotSameAs(first);
  }

  @Test
  void aFileThatSomebodyHasWrittenOverIsReadAgain() throws IOException {
    IntentStore store = new IntentStore(directory);
    store.put(intent("a"));
    Path file = directory.resolve("topologies/t.json");
    Files.writeString(file, Files.readString(file).replace("\"a\"", "\"another\""));
    assertThat(store.find("t")).contains(intent("another"));
  }
}
