package dev.sluice.core.nft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.kernel.NftTable;
import dev.sluice.core.kernel.NftTable.ChainChange;
import dev.sluice.core.kernel.NftTable.NftChain;
import dev.sluice.core.kernel.NftTable.NftSet;
import dev.sluice.core.netlink.NetlinkObserver;
import dev.sluice.core.netlink.route.LinkRequests;
import dev.sluice.core.netlink.route.NewLink;
import dev.sluice.core.netlink.route.RouteSocket;
import dev.sluice.core.sys.Netns;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The real nftables, in namespaces that are thrown away. */
class NftSessionTest {

  private static final NftChain ALLOW =
      new NftChain("a/allow", Optional.empty(), List.of("counter name \"one\" return"));
  private static final NftChain OTHER = new NftChain("b/other", Optional.empty(), List.of("drop"));
  private static final NftSet VERDICTS =
      NftSet.map("by-address", "type ipv4_addr : verdict;", Map.of("10.0.0.1", "jump a/allow"));
  private static final NftSet RANGES =
      NftSet.map(
          "ranges",
          "type ipv4_addr . inet_service : counter; flags interval;",
          Map.of(
              "10.0.0.0-10.0.0.7 . 80",
              "\"one\"",
              "10.0.0.9 . 0-65535",
              "\"two\"",
              "0.0.0.0-9.255.255.255 . 7",
              "\"two\""));
  private static final NftChain HOOK =
      new NftChain(
          "forward",
          Optional.of("type filter hook forward priority 0; policy accept"),
          List.of(
              "ct original ip saddr vmap @by-address",
              "meta l4proto tcp counter name ct original ip saddr . ct reply proto-src map @ranges"
                  + " return"));

  private static final NftSet LAST_SEEN = NftSet.of("seen", "type ipv4_addr;", Set.of("10.0.0.4"));
  private static final List<String> LATE =
      List.of("ip saddr @seen goto b/other", "ct mark 7 accept");

  private static final NftTable FIRST =
      table(List.of("one", "two"), List.of(VERDICTS, RANGES), List.of(ALLOW, HOOK));

  /** From one of these to each other. */
  static final List<NftTable> TABLES =
      List.of(
          FIRST,
          // Elements come, go and change their value.
          table(
              List.of("one", "two", "three"),
              List.of(
                  VERDICTS,
                  NftSet.map(
                      RANGES.name(),
                      RANGES.declaration(),
                      Map.of("10.0.0.0-10.0.0.7 . 80", "\"three\"", "10.0.0.9 . 5", "\"two\""))),
              List.of(ALLOW, HOOK)),
          // A chain takes the place of another.
          table(
              List.of("one", "two"),
              List.of(
                  NftSet.map(
                      VERDICTS.name(), VERDICTS.declaration(), Map.of("10.0.0.1", "jump b/other")),
                  RANGES),
              List.of(OTHER, HOOK)),
          // A map and a counter go, and the rule that looked into it.
          table(
              List.of("one"),
              List.of(VERDICTS),
              List.of(ALLOW, new NftChain("forward", HOOK.hook(), HOOK.rules().subList(0, 1)))),
          // What comes last changes with the rest, and lets go of what is not there any more.
          table(
              List.of("one", "two"),
              List.of(VERDICTS, RANGES, LAST_SEEN),
              List.of(
                  ALLOW,
                  OTHER,
                  HOOK,
                  new NftChain("late", Optional.empty(), LATE, ChainChange.AFTERWARDS))),
          table(
              List.of("one"),
              List.of(VERDICTS),
              List.of(
                  ALLOW,
                  new NftChain("forward", HOOK.hook(), HOOK.rules().subList(0, 1)),
                  new NftChain(
                      "late",
                      Optional.empty(),
                      LATE.subList(1, 2),
                      ChainChange.ACCEPTING_MEANWHILE))),
          // More elements than are worth deleting one by one.
          table(
              List.of("one", "two"),
              List.of(VERDICTS, NftSet.map(RANGES.name(), RANGES.declaration(), many(0, 40))),
              List.of(ALLOW, HOOK)),
          table(
              List.of("one", "two"),
              List.of(VERDICTS, NftSet.map(RANGES.name(), RANGES.declaration(), many(20, 60))),
              List.of(ALLOW, HOOK)),
          table(
              List.of("one", "two"),
              List.of(VERDICTS, NftSet.map(RANGES.name(), RANGES.declaration(), many(0, 40))),
              List.of(
                  ALLOW,
                  new NftChain("forward", HOOK.hook(), List.of("goto looker")),
                  new NftChain("looker", Optional.empty(), HOOK.rules()))),
          // Another hook: nothing of the old can stay.
          table(
              List.of("one", "two"),
              List.of(VERDICTS, RANGES),
              List.of(
                  ALLOW,
                  new NftChain(
                      "input",
                      Optional.of("type filter hook input priority 0; policy accept"),
                      HOOK.rules()))));

  private static NftTable table(List<String> counters, List<NftSet> sets, List<NftChain> chains) {
    return new NftTable(NetnsRef.NODE, "inet", "sluice-test", counters, sets, chains, Set.of());
  }

  /** Ranges of addresses and ports, numbered. */
  private static Map<String, String> many(int from, int to) {
    return IntStream.range(from, to)
        .boxed()
        .collect(
            Collectors.toMap(
                i -> "10.1.%d.%d . %d-%d".formatted(i / 256, i % 256, i, i + 1), i -> "\"one\""));
  }

  private static void inScratch(Consumer<NftSession> work) {
    try (Netns netns = Netns.create()) {
      netns.run(
          () -> {
            try (NftSession nft = NftSession.open(NetlinkObserver.NONE)) {
              work.accept(nft);
            }
          });
    }
  }

  private static void change(NftSession nft, NftTable from, NftTable to) {
    NftScript.change(from, to).forEach(transaction -> nft.run("change", transaction));
  }

  private static List<String> scripts(NftTable from, NftTable to) {
    return NftScript.change(from, to).stream().map(NftTransaction::script).toList();
  }

  private static NftListing listing(NftSession nft, NftTable table) {
    return nft.list(table.family(), table.name());
  }

  @ParameterizedTest
  @FieldSource("TABLES")
  void aChangeLeadsToWhatAReplacementGives(NftTable from) {
    for (NftTable to : TABLES) {
      inScratch(
          nft -> {
            nft.run("replace", NftScript.replace(to));
            NftListing wanted = listing(nft, to);
            nft.run("replace", NftScript.replace(from));
            change(nft, from, to);
            assertThat(listing(nft, to)).isEqualTo(wanted);
            nft.run("replace", NftScript.replace(from));
            scripts(from, to).forEach(script -> nft.run("change", script));
            assertThat(listing(nft, to)).isEqualTo(wanted);
          });
    }
  }

  @Test
  void betweenTwoTransactionsAChainIsAsItWasOrOnlyAccepts() {
    for (ChainChange change : List.of(ChainChange.AFTERWARDS, ChainChange.ACCEPTING_MEANWHILE)) {
      NftTable from = withLate("counter name \"one\" drop", change, VERDICTS);
      NftTable to = withLate("counter name \"two\" drop", change, RANGES);
      inScratch(
          nft -> {
            nft.run("replace", NftScript.replace(from));
            List<NftTransaction> transactions = NftScript.change(from, to);
            assertThat(transactions).hasSize(2);
            nft.run("first", transactions.get(0));
            String rule = change == ChainChange.AFTERWARDS ? "counter name \"one\" drop" : "accept";
            NftTable between =
                table(
                    to.counters(),
                    List.of(VERDICTS, RANGES),
                    List.of(ALLOW, new NftChain("late", Optional.empty(), List.of(rule))));
            NftListing seen = listing(nft, to);
            nft.run("replace", NftScript.replace(between));
            assertThat(seen).isEqualTo(listing(nft, to));
          });
    }
  }

  private static NftTable withLate(String rule, ChainChange change, NftSet set) {
    return table(
        List.of("one", "two"),
        List.of(set),
        List.of(ALLOW, new NftChain("late", Optional.empty(), List.of(rule), change)));
  }

  @Test
  void differentTablesHaveDifferentListings() {
    inScratch(
        nft ->
            assertThat(
                    TABLES.stream()
                        .map(
                            t -> {
                              nft.run("replace", NftScript.replace(t));
                              return listing(nft, t);
                            })
                        .distinct())
                .hasSameSizeAs(TABLES));
  }

  /** The JSON of nft does not tell. */
  @Test
  void theDeviceOfAChainIsPartOfItsListing() {
    String table =
        """
        table netdev sluice-test {
          chain c {
            type filter hook ingress device "%s" priority 0; policy accept;
            accept
          }
        }
        """;
    inScratch(
        nft -> {
          try (RouteSocket route = RouteSocket.open()) {
            route.executeAll(LinkRequests.addVeth(NewLink.named("one"), NewLink.named("two")));
          }
          nft.run("add", table.formatted("one"));
          NftListing one = nft.list("netdev", "sluice-test");
          nft.run("replace", "delete table netdev sluice-test\n" + table.formatted("two"));
          assertThat(nft.list("netdev", "sluice-test")).isNotEqualTo(one);
        });
  }

  @Test
  void aFewElementsAreChangedByThemAlone() {
    List<String> scripts = scripts(FIRST, TABLES.get(1));
    assertThat(scripts)
        .singleElement(STRING)
        .doesNotContain("table inet sluice-test {")
        .doesNotContain("flush");
  }

  @Test
  void whatComesLastIsATransactionOfItsOwn() {
    NftTable before = TABLES.get(4);
    NftTable after =
        table(
            before.counters(),
            List.of(VERDICTS, TABLES.get(1).sets().get(1), LAST_SEEN),
            List.of(
                ALLOW,
                OTHER,
                HOOK,
                new NftChain("late", Optional.empty(), List.of("accept"), ChainChange.AFTERWARDS)));
    List<String> scripts = scripts(before, after);
    assertThat(scripts).hasSize(2);
    assertThat(scripts.get(0)).contains("ranges").doesNotContain("late");
    assertThat(scripts.get(1)).contains("late").doesNotContain("ranges");
    assertThat(NftScript.change(after, after)).isEmpty();
  }

  @Test
  void aSetOfWhichMuchGoesIsMadeAnew() {
    NftTable before = TABLES.get(6);
    NftTable after = TABLES.get(7);
    assertThat(scripts(before, after))
        .singleElement(STRING)
        .contains("delete map inet sluice-test ranges")
        .contains("flush chain inet sluice-test forward")
        .doesNotContain("delete element")
        .doesNotContain("a/allow")
        .doesNotContain("by-address {");
    NftTable fewLess =
        table(
            before.counters(),
            List.of(VERDICTS, NftSet.map(RANGES.name(), RANGES.declaration(), many(8, 60))),
            before.chains());
    assertThat(scripts(before, fewLess))
        .singleElement(STRING)
        .contains("delete element")
        .doesNotContain("flush");
  }

  @Test
  void eachTransactionRaisesTheGenerationByOne() {
    inScratch(
        nft -> {
          int before = nft.generation();
          nft.run("replace", NftScript.replace(FIRST));
          assertThat(nft.generation()).isEqualTo(before + 1);
          change(nft, FIRST, TABLES.get(2));
          assertThat(nft.generation()).isEqualTo(before + 2);
        });
  }

  @Test
  void whatIsRefusedLeavesTheRulesetAndTellsTheRule() {
    inScratch(
        nft -> {
          nft.run("replace", NftScript.replace(FIRST));
          int before = nft.generation();
          String script =
              "flush chain inet sluice-test forward\nadd rule inet sluice-test forward goto nowhere\n";
          assertThatThrownBy(() -> nft.run("change the filter", script))
              .isInstanceOf(NftException.class)
              .hasMessageContaining("change the filter")
              .hasMessageContaining("goto nowhere")
              .hasMessageContaining("No such file or directory");
          assertThat(nft.generation()).isEqualTo(before);
        });
  }

  @Test
  void tablesAreFoundByTheirPrefix() {
    inScratch(
        nft -> {
          nft.run("replace", NftScript.replace(FIRST));
          nft.run("add", "add table ip somebody-elses\nadd table netdev sluice-test\n");
          assertThat(nft.tables("sluice-"))
              .extracting(t -> t.family() + " " + t.name())
              .containsExactlyInAnyOrder("inet sluice-test", "netdev sluice-test");
        });
  }

  @Test
  void tenThousandElementsAreOneTransaction() {
    NftTable large =
        table(
            List.of("one", "two"),
            List.of(VERDICTS, NftSet.map("ranges", RANGES.declaration(), many(0, 10_000))),
            List.of(ALLOW, HOOK));
    inScratch(
        nft -> {
          nft.run("replace", NftScript.replace(large));
          assertThat(Stream.of(nft.json("list map inet sluice-test ranges", true).split("concat")))
              .hasSize(10_001);
        });
  }
}
