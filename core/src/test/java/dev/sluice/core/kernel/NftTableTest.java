package dev.sluice.core.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class NftTableTest {

  private static final List<String> LINKS =
      IntStream.range(100, 140).mapToObj(i -> "sv" + i).toList();

  private static final List<String> PORTS =
      IntStream.range(8000, 8040).mapToObj(Integer::toString).toList();

  private static NftTable table(Stream<String> links, Stream<String> ports) {
    Set<Key> claims =
        ports
            .map(p -> Key.publishedPort("TCP", Integer.parseInt(p)))
            .collect(Collectors.toCollection(LinkedHashSet::new));
    return new NftTable(
        NetnsRef.NODE,
        "netdev",
        "sluice-t",
        List.of("drop/x"),
        List.of(NftTable.NftSet.of("s", "type ifname;", Set.copyOf(LINKS))),
        List.of(new NftTable.NftChain("c", Optional.empty(), List.of("drop"))),
        links.collect(Collectors.toCollection(LinkedHashSet::new)),
        claims);
  }

  /** Its text is hashed, and what one process has written another compares. */
  @Test
  void whatHasNoOrderOfItsOwnIsSorted() {
    NftTable upwards = table(LINKS.stream(), PORTS.stream());
    NftTable downwards = table(reversed(LINKS), reversed(PORTS));
    assertThat(downwards).isEqualTo(upwards).hasToString(upwards.toString());
    assertThat(downwards.links()).containsExactlyElementsOf(LINKS);
    assertThat(List.copyOf(downwards.claims())).isSorted();
    assertThat(downwards.sets().get(0).elements().keySet()).containsExactlyElementsOf(LINKS);
  }

  private static Stream<String> reversed(List<String> list) {
    return IntStream.range(0, list.size()).mapToObj(i -> list.get(list.size() - 1 - i));
  }
}
