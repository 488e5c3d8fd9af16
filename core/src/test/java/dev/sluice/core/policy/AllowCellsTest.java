package dev.sluice.core.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.address.Cidr;
import dev.sluice.core.address.IpAddress;
import dev.sluice.core.policy.AllowCells.AddressCell;
import dev.sluice.core.policy.AllowCells.AddressPortCell;
import dev.sluice.core.policy.AllowCells.PortCell;
import dev.sluice.core.policy.Side.Entry;
import dev.sluice.core.topology.NetworkPolicy.Direction;
import dev.sluice.core.topology.Topology.Protocol;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Test;

/** Cells against the entries that they are of, address by address and port by port. */
class AllowCellsTest {

  private static final IpAddress FIRST = IpAddress.parse("10.0.0.0");
  private static final List<Integer> PORTS = List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 65534, 65535);

  /** Endpoint {@code eN} has 10.0.0.N and an IPv6 address. */
  private static List<IpAddress> addressesOf(String endpoint) {
    int n = Integer.parseInt(endpoint.substring(1));
    return List.of(FIRST.plus(n), IpAddress.parse("fd00::").plus(n));
  }

  private static RuleId rule(int index) {
    return new RuleId(new PolicyId("default", "p"), Direction.INGRESS, index);
  }

  @Test
  void blocksOfTheWholeAddressSpaceAndOfIpv6() {
    List<Entry> entries =
        List.of(
            new Entry(rule(0), new Peers.Block(Cidr.any(true), List.of()), List.of()),
            new Entry(
                rule(1),
                new Peers.Block(Cidr.any(false), List.of(Cidr.parse("8000::/1"))),
                List.of()));
    assertThat(AllowCells.of(entries, true, AllowCellsTest::addressesOf).addresses())
        .containsExactly(
            new AddressCell(
                IpAddress.parse("0.0.0.0"), IpAddress.parse("255.255.255.255"), rule(0)));
    assertThat(AllowCells.of(entries, false, AllowCellsTest::addressesOf).addresses())
        .containsExactly(
            new AddressCell(
                IpAddress.parse("::"),
                IpAddress.parse("7fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
                rule(1)));
  }

  @Property(tries = 2_000)
  void allowWhatTheEntriesAllowUnderTheFirstOfThem(@ForAll("entries") List<Entry> entries) {
    AllowCells cells = AllowCells.of(entries, true, AllowCellsTest::addressesOf);
    for (int n = 0; n < 16; n++) {
      IpAddress ip = FIRST.plus(n);
      for (int port : PORTS) {
        Optional<RuleId> all = firstRule(entries, ip, Optional.empty());
        Optional<RuleId> some = firstRule(entries, ip, Optional.of(port));
        List<RuleId> found = found(cells, ip, port);
        assertThat(found.isEmpty()).isEqualTo(all.or(() -> some).isEmpty());
        if (cells.everybody().isEmpty()) {
          assertThat(address(cells, ip)).isEqualTo(all);
        }
        Stream.of(all, some)
            .flatMap(Optional::stream)
            .min(Comparator.naturalOrder())
            .ifPresent(
                first -> {
                  if (cells.everybody().isEmpty()) {
                    assertThat(found).contains(first);
                  }
                });
      }
    }
    assertDisjoint(cells);
  }

  private static Optional<RuleId> firstRule(
      List<Entry> entries, IpAddress ip, Optional<Integer> port) {
    return entries.stream()
        .filter(e -> holds(e.peers(), ip))
        .filter(
            e ->
                port.isEmpty()
                    ? e.ports().isEmpty()
                    : e.ports().stream().anyMatch(p -> p.contains(Protocol.TCP, port.get())))
        .map(Entry::rule)
        .min(Comparator.naturalOrder());
  }

  private static boolean holds(Peers peers, IpAddress ip) {
    if (peers instanceof Peers.Endpoints endpoints) {
      return endpoints.names().stream().anyMatch(e -> addressesOf(e).contains(ip));
    }
    return !(peers instanceof Peers.Block block)
        || (block.cidr().contains(ip) && block.except().stream().noneMatch(e -> e.contains(ip)));
  }

  private static List<RuleId> found(AllowCells cells, IpAddress ip, int port) {
    List<RuleId> out = new ArrayList<>();
    cells.everybody().ifPresent(out::add);
    address(cells, ip).ifPresent(out::add);
    for (PortCell cell : cells.ports()) {
      if (cell.protocol() == Protocol.TCP && cell.from() <= port && port <= cell.to()) {
        out.add(cell.rule());
      }
    }
    for (AddressPortCell cell : cells.both()) {
      if (cell.protocol() == Protocol.TCP
          && within(cell.fromAddress(), cell.toAddress(), ip)
          && cell.from() <= port
          && port <= cell.to()) {
        out.add(cell.rule());
      }
    }
    return out;
  }

  private static Optional<RuleId> address(AllowCells cells, IpAddress ip) {
    List<RuleId> out =
        cells.addresses().stream()
            .filter(c -> within(c.from(), c.to(), ip))
            .map(AddressCell::rule)
            .toList();
    assertThat(out).hasSizeLessThanOrEqualTo(1);
    return out.stream().findFirst();
  }

  private static boolean within(IpAddress from, IpAddress to, IpAddress ip) {
    return from.compareTo(ip) <= 0 && ip.compareTo(to) <= 0;
  }

  /** No two of a sort have anything in common. */
  private static void assertDisjoint(AllowCells cells) {
    List<PortCell> ports = cells.ports();
    for (int i = 0; i < ports.size(); i++) {
      for (int j = 0; j < i; j++) {
        PortCell a = ports.get(i);
        PortCell b = ports.get(j);
        assertThat(a.protocol() == b.protocol() && a.from() <= b.to() && b.from() <= a.to())
            .isFalse();
      }
    }
    List<AddressPortCell> both = cells.both();
    for (int i = 0; i < both.size(); i++) {
      for (int j = 0; j < i; j++) {
        AddressPortCell a = both.get(i);
        AddressPortCell b = both.get(j);
        boolean sameAddresses =
            a.fromAddress().compareTo(b.toAddress()) <= 0
                && b.fromAddress().compareTo(a.toAddress()) <= 0;
        assertThat(
                a.protocol() == b.protocol()
                    && sameAddresses
                    && a.from() <= b.to()
                    && b.from() <= a.to())
            .isFalse();
      }
    }
  }

  @Provide
  Arbitrary<List<Entry>> entries() {
    Arbitrary<Cidr> cidrs =
        Combinators.combine(
                Arbitraries.integers().between(0, 15), Arbitraries.integers().between(28, 32))
            .as((n, prefix) -> new Cidr(FIRST.plus(n).mask(prefix), prefix));
    Arbitrary<Peers> blocks =
        Combinators.combine(cidrs, cidrs.list().ofMaxSize(2))
            .as(
                (cidr, except) ->
                    new Peers.Block(
                        cidr,
                        except.stream()
                            .filter(e -> e.prefix() > cidr.prefix() && cidr.overlaps(e))
                            .toList()));
    Arbitrary<Peers> endpoints =
        Arbitraries.integers()
            .between(0, 15)
            .set()
            .ofMaxSize(4)
            .map(ns -> new Peers.Endpoints(new TreeSet<>(ns.stream().map(n -> "e" + n).toList())));
    Arbitrary<Peers> peers =
        Arbitraries.frequencyOf(
            Tuple.of(5, blocks),
            Tuple.of(3, endpoints),
            Tuple.of(1, Arbitraries.just(new Peers.Any())));
    Arbitrary<PortRange> range =
        Combinators.combine(
                Arbitraries.of(Protocol.values()), Arbitraries.of(PORTS), Arbitraries.of(PORTS))
            .as((p, a, b) -> new PortRange(p, Math.min(a, b), Math.max(a, b)));
    return Combinators.combine(peers, range.list().ofMaxSize(3))
        .as((p, ports) -> new Entry(rule(0), p, ports))
        .list()
        .ofMaxSize(6)
        .map(
            list ->
                IntStream.range(0, list.size())
                    .mapToObj(i -> new Entry(rule(i), list.get(i).peers(), list.get(i).ports()))
                    .toList());
  }
}
