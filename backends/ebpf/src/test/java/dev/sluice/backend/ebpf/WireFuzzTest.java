package dev.sluice.backend.ebpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.sluice.backend.ebpf.FuzzHomes.Home;
import dev.sluice.bpf.lib.BpfProgram.TestResult;
import dev.sluice.core.address.IpAddress;
import dev.sluice.core.address.MacAddress;
import dev.sluice.core.node.ThrowawayNode;
import dev.sluice.core.packet.Bytes;
import dev.sluice.core.packet.Ethernet;
import dev.sluice.core.packet.Icmpv6;
import dev.sluice.core.packet.Ipv6;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * As {@link ProgramFuzzTest}, for {@code from_wire}: random and mutated frames that come from the
 * wire that a network is on, each of which gets to an endpoint only where the reference evaluator
 * has no objection, and has to where it is right.
 */
class WireFuzzTest {

  private static final String NETWORK = "red";
  private static final String DEVICE = "up0";
  private static final MacAddress STRANGER = MacAddress.parse("02:00:00:00:00:77");

  /** On the wire, its router there, and beyond that. */
  private static final List<IpAddress> WORLD =
      List.of(
          IpAddress.parse("10.0.1.77"),
          IpAddress.parse("10.0.1.1"),
          IpAddress.parse("203.0.113.9"),
          IpAddress.parse("198.51.100.1"),
          IpAddress.parse("fd00:0:0:1::77"),
          IpAddress.parse("fd00:0:0:1::1"),
          IpAddress.parse("2001:db8::9"),
          IpAddress.parse("2001:db9::9"));

  /** What became of the frames, so that a test that tests nothing is seen. */
  private int redirected;

  private int denied;
  private int left;

  private static String yaml(Random random) {
    String yaml = FuzzTopology.yaml(random);
    String wired =
        yaml.replace(
            "\"fd00:0:0:1::/64\"]}",
            "\"fd00:0:0:1::/64\"], parent: up0, gateway: [10.0.1.1, \"fd00:0:0:1::1\"]}");
    assertThat(wired).isNotEqualTo(yaml);
    return wired;
  }

  private static final class Round {
    private final Random random;
    private final FuzzHomes homes;
    private final FuzzOracle oracle;
    private final FuzzMust must;
    private final FuzzFrames frames;
    private final FuzzMutation mutation;
    private final List<IpAddress> claimed = new ArrayList<>(WORLD);

    Round(Random random, ProgramBed bed) {
      this.random = random;
      this.homes = new FuzzHomes(bed.desired());
      this.oracle = new FuzzOracle(bed.desired().topology(), homes);
      this.must = new FuzzMust(homes, Set.copyOf(WORLD));
      this.frames = new FuzzFrames(random);
      List<byte[]> known = new ArrayList<>();
      for (Home home : homes.homes()) {
        known.add(home.mac().bytes());
        claimed.addAll(home.addresses());
      }
      homes.gateways().forEach(gateway -> claimed.addAll(gateway.addresses()));
      claimed.forEach(ip -> known.add(ip.bytes()));
      this.mutation = new FuzzMutation(random, known);
    }

    private <T> T oneOf(List<T> list) {
      return list.get(random.nextInt(list.size()));
    }

    private byte[] good() {
      Home to = oneOf(homes.homes());
      IpAddress destination = oneOf(to.addresses());
      List<IpAddress> sources = random.nextInt(4) == 0 ? claimed : WORLD;
      IpAddress source =
          oneOf(sources.stream().filter(ip -> ip.isV4() == destination.isV4()).toList());
      return (random.nextInt(8) == 0
              ? frames.discovery(STRANGER, to.mac(), source, destination)
              : frames.frame(STRANGER, to.mac(), source, destination))
          .encode();
    }

    byte[] next() {
      return switch (random.nextInt(8)) {
        case 0, 1, 2 -> good();
        case 3 -> mutation.noise(good());
        default -> mutation.of(good(), good());
      };
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatComesFromAWire(Programs programs) {
    int[] rounds = FuzzRounds.of(programs);
    for (int n : rounds) {
      Random random = new Random(FuzzRounds.seed(n));
      String yaml = yaml(random);
      onWire(
          programs,
          yaml,
          bed -> {
            Round round = new Round(random, bed);
            bed.inNode(() -> run(round, bed, yaml));
          });
    }
    assertThat(redirected)
        .as("redirected of seed %d", FuzzRounds.SEED)
        .isGreaterThan(1_000 * rounds.length);
    assertThat(denied).as("denied by policy alone").isPositive();
    assertThat(left).as("left to the node").isGreaterThan(1_000 * rounds.length);
  }

  /** Random frames found it once. A stack drops what a group sends, but is not the one to judge. */
  @Test
  void whatAGroupAsksReachesNobody() {
    onWire(
        Programs.ENDPOINT,
        yaml(new Random(1)),
        bed -> {
          IpAddress target =
              new FuzzHomes(bed.desired())
                  .homes().stream()
                      .filter(home -> home.network().equals(NETWORK))
                      .flatMap(home -> home.addresses().stream())
                      .filter(IpAddress::isV6)
                      .findFirst()
                      .orElseThrow();
          assertThat(asking("fd00:0:0:1::77", target, bed)).isEqualTo(ProgramBed.REDIRECTED);
          assertThat(asking("ff80::77", target, bed)).isEqualTo(ProgramBed.NEXT);
        });
  }

  /** Random frames found this too. */
  @Test
  void whatIsAskedForAnAddressOnAnotherNetworkReachesNobody() {
    onWire(
        Programs.ENDPOINT,
        yaml(new Random(1)),
        bed -> {
          List<Home> homes = new FuzzHomes(bed.desired()).homes();
          Home there =
              homes.stream()
                  .filter(h -> !h.network().equals(NETWORK) && isOnWire(homes, h.endpoint()))
                  .findFirst()
                  .orElseThrow();
          Home here =
              homes.stream()
                  .filter(h -> h.network().equals(NETWORK) && h.endpoint().equals(there.endpoint()))
                  .findFirst()
                  .orElseThrow();
          IpAddress address = global(here);
          IpAddress source = IpAddress.parse("fd00:0:0:1::77");
          assertThat(asking(here.mac(), source, address, address, bed))
              .isEqualTo(ProgramBed.REDIRECTED);
          assertThat(asking(here.mac(), source, address, global(there), bed))
              .isEqualTo(ProgramBed.DROPPED);
        });
  }

  private static boolean isOnWire(List<Home> homes, String endpoint) {
    return homes.stream()
        .anyMatch(h -> h.network().equals(NETWORK) && h.endpoint().equals(endpoint));
  }

  private static IpAddress global(Home home) {
    return home.addresses().stream()
        .filter(ip -> ip.isV6() && !FuzzHomes.isLocal(ip))
        .findFirst()
        .orElseThrow();
  }

  private static int asking(String source, IpAddress target, ProgramBed bed) {
    IpAddress group = Icmpv6.solicitedNode(target);
    return asking(ProgramCases.group(group), IpAddress.parse(source), group, target, bed);
  }

  private static int asking(
      MacAddress mac, IpAddress source, IpAddress destination, IpAddress target, ProgramBed bed) {
    Ethernet frame =
        new Ethernet(
            mac,
            STRANGER,
            Ipv6.of(source, destination, Icmpv6.solicitation(target, STRANGER)).withHopLimit(255));
    return bed.inNode(() -> bed.fromWire(DEVICE, frame.encode()).verdict());
  }

  private static void onWire(Programs programs, String yaml, Consumer<ProgramBed> act) {
    try (ThrowawayNode place = ThrowawayNode.create("from_wire")) {
      try (ProgramBed bed = ProgramBed.onWire(place.node(), programs, yaml)) {
        act.accept(bed);
      }
    }
  }

  private boolean run(Round round, ProgramBed bed, String yaml) {
    for (int i = 0; i < FuzzRounds.FRAMES; i++) {
      byte[] frame = round.next();
      Optional<String> wrong = judge(round, frame, bed.fromWire(DEVICE, frame));
      if (wrong.isPresent()) {
        fail(
            "seed %d, frame %d: %s%n%s%n%s%n%s"
                .formatted(
                    FuzzRounds.SEED, i, wrong.get(), Bytes.of(frame), Reading.of(frame), yaml));
      }
    }
    return true;
  }

  private Optional<String> judge(Round round, byte[] frame, TestResult result) {
    if (result.verdict() == ProgramBed.REDIRECTED) {
      redirected++;
      return round
          .oracle
          .objectionFromWire(NETWORK, frame)
          .or(() -> changed(frame, result.frame()))
          .map(wrong -> "redirected, but " + wrong);
    }
    Optional<Reading> right =
        Reading.of(frame).filter(r -> round.must.isRightFromWire(NETWORK, frame, r));
    if (result.verdict() == ProgramBed.NEXT) {
      left++;
      return right.map(r -> "left to the node, but it is right");
    }
    if (result.verdict() != ProgramBed.DROPPED) {
      return Optional.of("a verdict of " + result.verdict());
    }
    denied += right.isPresent() ? 1 : 0;
    return right
        .filter(r -> round.oracle.allowsFromWire(NETWORK, r))
        .map(r -> "dropped, but it is right, and policy allows it");
  }

  /** But for the MAC of who is asked by ARP. */
  private static Optional<String> changed(byte[] in, byte[] out) {
    int from = Reading.u16(in, 12) == 0x0806 ? 6 : 0;
    return Arrays.equals(in, from, in.length, out, from, out.length)
        ? Optional.empty()
        : Optional.of("it has been changed");
  }
}
