package dev.sluice.core.nft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.kernel.NftTable;
import dev.sluice.core.kernel.NftTable.ChainChange;
import dev.sluice.core.kernel.NftTable.NftChain;
import dev.sluice.core.kernel.NftTable.NftSet;
import dev.sluice.core.netlink.NetlinkObserver;
import dev.sluice.core.sys.Netns;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is sent to the kernel directly, against what libnftables makes of the same commands. */
class NftMessagesTest {

  private static final List<String> COUNTERS = List.of("one", "two");
  private static final NftChain ALLOW =
      new NftChain("a/allow", Optional.empty(), List.of("counter name \"one\" return"));
  private static final NftChain OTHER = new NftChain("b/other", Optional.empty(), List.of("drop"));

  private static NftTable table(List<String> counters, List<NftChain> chains, NftSet... sets) {
    return new NftTable(
        NetnsRef.NODE, "inet", "sluice-test", counters, List.of(sets), chains, Set.of());
  }

  private static NftTable of(NftSet set) {
    return table(COUNTERS, List.of(ALLOW, OTHER), set);
  }

  private static NftChain marking(String rule) {
    return new NftChain("admit", Optional.empty(), List.of(rule), ChainChange.ACCEPTING_MEANWHILE);
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

  /**
   * Fails unless every transaction of the change is sent directly, and does what its script does.
   */
  private static void assertDirect(NftTable from, NftTable to) {
    List<NftTransaction> transactions = NftScript.change(from, to);
    assertThat(transactions).isNotEmpty().allMatch(t -> t.requests().isPresent());
    inScratch(
        nft -> {
          nft.run("replace", NftScript.replace(from));
          int before = nft.generation();
          for (NftTransaction transaction : transactions) {
            nft.run("change", directly(transaction));
          }
          assertThat(nft.generation()).isEqualTo(before + transactions.size());
          NftListing seen = nft.list("inet", "sluice-test");
          nft.run("replace", NftScript.replace(to));
          assertThat(seen).isEqualTo(nft.list("inet", "sluice-test"));
        });
  }

  /** The same without a script that could do it instead. */
  private static NftTransaction directly(NftTransaction transaction) {
    return new NftTransaction("this is no nft", transaction.requests());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "type ipv4_addr . inet_service : counter;                       | 10.0.0.1 . 80 | 10.0.0.2 . 65535",
        "type ipv6_addr . inet_service : counter;                       | fd00::1 . 80  | fd00::2 . 0",
        "type ipv4_addr . inet_service : counter; flags interval;       | 10.0.0.0-10.0.0.9 . 80-89 | 10.0.0.0-10.0.0.9 . 90",
        "type ipv4_addr . inet_service : counter; flags interval;       | 0.0.0.0-255.255.255.255 . 7 | 10.0.0.1 . 0-65535",
        "type ipv6_addr . inet_service : counter; flags interval;       | fd00::-fd00::ff . 80-89 | fd00::1 . 1-2",
        "type ipv4_addr : counter;                                      | 10.0.0.1 | 255.255.255.255",
        "type ipv6_addr : counter;                                      | fd00::1  | ::",
        "type inet_service : counter;                                   | 80       | 0",
        "type ipv4_addr . ipv4_addr;                                    | 10.0.0.1 . 10.0.0.2 | 10.0.0.3 . 10.0.0.4"
      })
  void elementsOfAddressesAndPorts(String declaration, String first, String second) {
    boolean map = declaration.contains(":");
    for (String value : map ? List.of("\"one\"", "\"two\"") : List.of("")) {
      NftTable none = of(set(declaration, map, Map.of()));
      NftTable one = of(set(declaration, map, Map.of(first, map ? "\"one\"" : "")));
      NftTable both = of(set(declaration, map, Map.of(first, value, second, value)));
      assertDirect(none, one);
      assertDirect(one, both);
      assertDirect(both, one);
      assertDirect(both, none);
    }
  }

  private static NftSet set(String declaration, boolean map, Map<String, String> elements) {
    return map
        ? NftSet.map("the/set", declaration, elements)
        : NftSet.of("the/set", declaration, elements.keySet());
  }

  @Test
  void elementsThatLeadToChains() {
    String declaration = "type ipv4_addr : verdict;";
    assertDirect(
        of(set(declaration, true, Map.of("10.0.0.1", "jump a/allow", "10.0.0.2", "drop"))),
        of(
            set(
                declaration,
                true,
                Map.of("10.0.0.1", "goto b/other", "10.0.0.3", "accept", "10.0.0.4", "return"))));
  }

  @Test
  void rulesThatGiveAndKnowMarks() {
    assertDirect(
        table(COUNTERS, List.of(marking("ct mark set 0x53000001 accept"), ALLOW)),
        table(COUNTERS, List.of(marking("ct mark set 0x53ffffff accept"), ALLOW)));
    assertDirect(
        table(COUNTERS, List.of(marking("ct mark 0x53000001 accept"), ALLOW)),
        table(COUNTERS, List.of(marking("ct mark 0xfedcba98 accept"), ALLOW)));
  }

  @Test
  void countersThatComeAndGoWithTheirElements() {
    String declaration = "type ipv4_addr . inet_service : counter; flags interval;";
    NftSet one = set(declaration, true, Map.of("10.0.0.0-10.0.0.9 . 80", "\"one\""));
    NftSet two = set(declaration, true, Map.of("10.0.0.0-10.0.0.9 . 80", "\"new\""));
    assertDirect(
        table(List.of("one"), List.of(OTHER), one), table(List.of("new"), List.of(OTHER), two));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "type ipv4_addr : counter; flags interval;",
        "type ether_addr : counter;",
        "typeof iifname . @th,64,128;",
        "type ipv4_addr . inet_service : counter; flags interval; auto-merge;"
      })
  void setsOfAnotherSortAreForLibnftables(String declaration) {
    NftSet set = set(declaration, true, Map.of("10.0.0.1", "\"one\""));
    assertThat(new NftMessages(of(set)).addElements(set, set.elements())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.0.0.1",
        "10.0.0.1 . 80 . 80",
        "fd00::1 . 80",
        "10.0.0.1 . http",
        "10.0.0.1 . 65536",
        "10.0.0.0/8 . 80",
        "10.0.0.1-10.0.0.2 . 80",
        " . ",
        "10.0.0.1 . "
      })
  void keysOfAnotherSortAreForLibnftables(String key) {
    NftSet set = set("type ipv4_addr . inet_service : counter;", true, Map.of(key, "\"one\""));
    assertThat(new NftMessages(of(set)).addElements(set, set.elements())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"drop", "ct mark 7 accept", "ct mark 0x53000001 drop", "ip saddr @x accept", ""})
  void rulesOfAnotherFormAreForLibnftables(String rule) {
    assertThat(new NftMessages(of(set("type ipv4_addr;", false, Map.of()))).addRule("c", rule))
        .isEmpty();
  }

  @Test
  void manyElementsAreForLibnftables() {
    Map<String, String> many =
        IntStream.range(0, 300)
            .boxed()
            .collect(Collectors.toMap(i -> "10.0." + i / 250 + "." + i % 250, i -> "\"one\""));
    String declaration = "type ipv4_addr : counter;";
    NftTable none = of(set(declaration, true, Map.of()));
    assertThat(NftScript.change(none, of(set(declaration, true, many))))
        .singleElement()
        .matches(transaction -> transaction.requests().isEmpty());
  }

  @Test
  void whatIsRefusedChangesNothingAndIsToldInWords() {
    String declaration = "type ipv4_addr : counter;";
    NftTable none = of(set(declaration, true, Map.of()));
    NftTable some = of(set(declaration, true, Map.of("10.0.0.1", "\"one\"")));
    NftTransaction adds = NftScript.change(none, some).get(0);
    NftTransaction deletes = NftScript.change(some, none).get(0);
    inScratch(
        nft -> {
          nft.run("replace", NftScript.replace(none));
          int before = nft.generation();
          assertThatThrownBy(() -> nft.run("change the filter", adds.and(deletes).and(deletes)))
              .isInstanceOf(NftException.class)
              .hasMessageContaining("change the filter")
              .hasMessageContaining("delete element")
              .hasMessageContaining("No such file or directory");
          assertThat(nft.generation()).isEqualTo(before);
        });
  }
}
