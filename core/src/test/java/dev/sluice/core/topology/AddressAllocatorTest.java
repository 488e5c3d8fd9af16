package dev.sluice.core.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.address.Cidr;
import dev.sluice.core.address.IpAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import net.jqwik.api.constraints.UniqueElements;

class AddressAllocatorTest {

  @Property(tries = 300)
  void givesDistinctUsableAddressesUntilTheSubnetIsFull(
      @ForAll("smallSubnets") Cidr subnet, @ForAll @IntRange(max = 20) int takenCount) {
    List<IpAddress> taken = new ArrayList<>();
    for (int i = 0; i < takenCount; i++) {
      IpAddress ip = subnet.address().plus(1 + 2L * i);
      if (subnet.contains(ip) && Addresses.reserved(subnet, ip).isEmpty()) {
        taken.add(ip);
      }
    }
    AddressAllocator allocator = new AddressAllocator(subnet, taken);
    List<IpAddress> given = new ArrayList<>();
    for (long i = taken.size(); i < allocator.usable(); i++) {
      given.add(allocator.allocate("t", "n", "e" + i, "eth0").orElseThrow());
    }

    assertThat(given).doesNotHaveDuplicates().noneMatch(taken::contains);
    assertThat(given)
        .allSatisfy(
            ip -> {
              assertThat(subnet.contains(ip)).isTrue();
              assertThat(Addresses.reserved(subnet, ip)).isEmpty();
            });
    assertThat(allocator.allocate("t", "n", "one more", "eth0")).isEmpty();
  }

  @Property(tries = 200)
  void endpointsAddedAfterTheOthersMoveNone(
      @ForAll("smallSubnets") Cidr subnet,
      @ForAll @Size(max = 40) @UniqueElements List<@StringLength(max = 8) String> endpoints,
      @ForAll @IntRange(max = 40) int firstOnes) {
    Map<String, Optional<IpAddress>> all = allocate(subnet, endpoints);
    List<String> few = endpoints.subList(0, Math.min(firstOnes, endpoints.size()));

    assertThat(all).containsAllEntriesOf(allocate(subnet, few));
  }

  /** In a /64 starts do not meet, so that the order of the file plays no part either. */
  @Property(tries = 100)
  void inALargeSubnetEachAddressDependsOnItsOwnerAlone(
      @ForAll @Size(max = 200) @UniqueElements List<@StringLength(max = 8) String> endpoints) {
    Cidr subnet = Cidr.parse("fd00:0:0:1::/64");
    Map<String, Optional<IpAddress>> all = allocate(subnet, endpoints);

    for (String endpoint : endpoints) {
      assertThat(allocate(subnet, List.of(endpoint)).get(endpoint)).isEqualTo(all.get(endpoint));
    }
  }

  @Example
  void usesTheWholeOfASlash22() {
    Cidr subnet = Cidr.parse("10.0.0.0/22");
    AddressAllocator allocator = new AddressAllocator(subnet, Set.of(subnet.address().plus(1)));

    assertThat(allocator.usable()).isEqualTo(1022);
    for (int i = 0; i < 1021; i++) {
      assertThat(allocator.allocate("t", "n", "e" + i, "eth0")).isPresent();
    }
    assertThat(allocator.allocate("t", "n", "e1021", "eth0")).isEmpty();
  }

  @Example
  void hasNothingToGiveInABlockOfHosts() {
    assertThat(new AddressAllocator(Cidr.parse("10.0.0.1/32"), Set.of()).allocate("x")).isEmpty();
    assertThat(new AddressAllocator(Cidr.parse("fd00::1/128"), Set.of()).allocate("x")).isEmpty();
  }

  private static Map<String, Optional<IpAddress>> allocate(Cidr subnet, List<String> endpoints) {
    AddressAllocator allocator = new AddressAllocator(subnet, Set.of(subnet.address().plus(1)));
    Map<String, Optional<IpAddress>> addresses = new LinkedHashMap<>();
    endpoints.forEach(e -> addresses.put(e, allocator.allocate("t", "n", e, "eth0")));
    return addresses;
  }

  @Provide
  Arbitrary<Cidr> smallSubnets() {
    Arbitrary<Cidr> v4 =
        Combinators.combine(
                Arbitraries.integers().between(24, 30), Arbitraries.integers().between(0, 255))
            .as((prefix, host) -> new Cidr(IpAddress.parse("10.1.2." + host).mask(prefix), prefix));
    Arbitrary<Cidr> v6 =
        Arbitraries.integers()
            .between(120, 126)
            .map(prefix -> new Cidr(IpAddress.parse("fd00::1:ff").mask(prefix), prefix));
    return Arbitraries.oneOf(v4, v6);
  }
}
