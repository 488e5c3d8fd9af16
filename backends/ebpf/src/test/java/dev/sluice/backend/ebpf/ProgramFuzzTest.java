package dev.sluice.backend.ebpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.sluice.backend.ebpf.FuzzHomes.Gateway;
import dev.sluice.backend.ebpf.FuzzHomes.Home;
import dev.sluice.bpf.lib.BpfProgram.TestResult;
import dev.sluice.core.address.IpAddress;
import dev.sluice.core.address.MacAddress;
import dev.sluice.core.node.ThrowawayNode;
import dev.sluice.core.packet.Bytes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A million frames through each program, under random policies: good ones, mutated ones and noise.
 * What is redirected may be, by {@link FuzzOracle}; what is well formed and allowed is redirected;
 * nothing is what the programs have no word for. The seed of a failure is in its message; {@code
 * -Dsluice.fuzz.seed=N} runs it again.
 */
class ProgramFuzzTest {

  private static final int GOOD = 4096;

  private static final List<IpAddress> WORLD =
      List.of(
          IpAddress.parse("203.0.113.9"),
          IpAddress.parse("198.51.100.1"),
          IpAddress.parse("2001:db8::9"),
          IpAddress.parse("2001:db9::9"));

  /** A frame, and where it is met. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Shot(Home home, String network, byte[] frame, boolean must) {}

  /** What became of the frames, so that a test that tests nothing is seen. */
  private static final class Tally {
    private int rounds;
    private int redirected;
    private int denied;
    private int answers;
  }

  /** One topology and all that is known of it. */
  private static final class Round {
    private final Random random;
    private final ProgramBed bed;
    private final FuzzHomes homes;
    private final FuzzOracle oracle;
    private final FuzzMust must;
    private final FuzzFrames frames;
    private final FuzzMutation mutation;
    private final Map<Object, byte[]> contexts = new HashMap<>();
    private final Deque<Shot> next = new ArrayDeque<>();

    Round(Random random, ProgramBed bed) {
      this.random = random;
      this.bed = bed;
      this.homes = new FuzzHomes(bed.desired());
      this.oracle = new FuzzOracle(bed.desired().topology(), homes);
      this.must = new FuzzMust(homes, Set.copyOf(WORLD));
      this.frames = new FuzzFrames(random);
      List<byte[]> known = new ArrayList<>();
      for (Home home : homes.homes()) {
        known.add(home.mac().bytes());
        home.addresses().forEach(ip -> known.add(ip.bytes()));
        contexts.put(home, bed.contextOf(home.endpoint(), home.iface()));
      }
      for (Gateway gateway : homes.gateways()) {
        known.add(gateway.mac().bytes());
        gateway.addresses().forEach(ip -> known.add(ip.bytes()));
        contexts.put(gateway.network(), bed.contextOf(gateway.network()));
      }
      WORLD.forEach(ip -> known.add(ip.bytes()));
      this.mutation = new FuzzMutation(random, known);
    }

    private <T> T oneOf(List<T> list) {
      return list.get(random.nextInt(list.size()));
    }

    /** A good frame of an endpoint; now and then to a MAC that does not go with its address. */
    Shot good() {
      Home from = oneOf(homes.homes());
      Home other = oneOf(homes.homes());
      boolean near = other.network().equals(from.network());
      IpAddress source = oneOf(from.addresses());
      MacAddress gateway = homes.gateway(from.network()).mac();
      if (random.nextInt(10) == 0) {
        List<IpAddress> asked =
            random.nextBoolean()
                ? other.addresses()
                : List.copyOf(homes.gateway(from.network()).addresses());
        IpAddress target = alike(asked, source);
        return new Shot(
            from, "", frames.discovery(from.mac(), other.mac(), source, target).encode(), false);
      }
      MacAddress to = near && random.nextInt(4) != 0 ? other.mac() : gateway;
      IpAddress destination = alike(other.addresses(), source);
      switch (random.nextInt(12)) {
        case 0 -> {
          destination = alike(WORLD, source);
          to = gateway;
        }
        case 1 -> {
          destination = alike(List.copyOf(homes.gateway(from.network()).addresses()), source);
          to = gateway;
        }
        case 2 -> {
          destination = IpAddress.parse(source.isV4() ? "224.0.0.22" : "ff02::16");
          to = MacAddress.parse(source.isV4() ? "01:00:5e:00:00:16" : "33:33:00:00:00:16");
        }
        case 3 -> to = other.mac();
        default -> {}
      }
      return new Shot(from, "", frames.frame(from.mac(), to, source, destination).encode(), false);
    }

    /** A good frame of the node; the first address of the same family is the network's own. */
    Shot forwarded() {
      Home to = oneOf(homes.homes());
      Home other = oneOf(homes.homes());
      Gateway gateway = homes.gateway(to.network());
      IpAddress destination = oneOf(to.addresses());
      IpAddress source =
          switch (random.nextInt(6)) {
            case 0 -> alike(List.copyOf(gateway.addresses()), destination);
            case 1, 2 -> alike(WORLD, destination);
            default -> alike(other.addresses(), destination);
          };
      return new Shot(
          to,
          to.network(),
          frames.frame(gateway.mac(), to.mac(), source, destination).encode(),
          false);
    }

    /** One of the family of {@code like}. */
    private IpAddress alike(List<IpAddress> list, IpAddress like) {
      List<IpAddress> fit = list.stream().filter(ip -> ip.isV4() == like.isV4()).toList();
      return oneOf(fit);
    }

    /** The next frame: one that follows from an earlier one, or one of {@code good} or its like. */
    Shot next(List<Shot> good) {
      if (!next.isEmpty()) {
        return next.poll();
      }
      Shot shot = oneOf(good);
      byte[] frame = fresh(shot.frame);
      return switch (random.nextInt(8)) {
        case 0, 1, 2 -> new Shot(shot.home, shot.network, frame, false);
        case 3 -> new Shot(shot.home, shot.network, mutation.noise(frame), false);
        default -> new Shot(shot.home, shot.network, mutation.of(frame, oneOf(good).frame), false);
      };
    }

    /** With another source port, so that few frames are of one flow. */
    private byte[] fresh(byte[] frame) {
      byte[] out = frame.clone();
      Reading.of(frame)
          .filter(r -> r.sourcePort() >= 1024 && r.at() + 6 <= frame.length)
          .ifPresent(
              r -> {
                int at = r.at() + (r.isEcho() ? 4 : 0);
                int port = 1024 + random.nextInt(64_000);
                out[at] = (byte) (port >> 8);
                out[at + 1] = (byte) port;
              });
      return out;
    }

    Optional<String> judge(Shot shot, TestResult result, Tally tally) {
      Optional<Reading> reading = Reading.of(shot.frame);
      boolean node = !shot.network.isEmpty();
      if (result.verdict() == ProgramBed.REDIRECTED) {
        tally.redirected++;
        Optional<String> wrong =
            node
                ? oracle.objection(shot.network, shot.frame)
                : oracle.objection(shot.home, shot.frame);
        if (wrong.isEmpty()) {
          wrong =
              node
                  ? FuzzOut.wrong(homes, shot.network, shot.frame, result.frame())
                  : FuzzOut.wrong(homes, shot.home, shot.frame, result.frame());
        }
        if (!node && wrong.isEmpty() && reading.isPresent()) {
          follow(shot, reading.get(), tally);
        }
        return wrong.map(w -> "redirected, but " + w);
      }
      if (result.verdict() != ProgramBed.DROPPED) {
        return Optional.of("a verdict of " + result.verdict());
      }
      if (shot.must) {
        return Optional.of("dropped, but it is of a flow that passes");
      }
      if (reading.isPresent()
          && (node
              ? must.isRight(shot.network, shot.frame, reading.get())
              : must.isRight(shot.home, shot.frame, reading.get()))) {
        tally.denied++;
        boolean allowed =
            node
                ? oracle.allows(shot.network, reading.get())
                : oracle.allows(shot.home, reading.get());
        return allowed
            ? Optional.of("dropped, but it is right, and policy allows it")
            : Optional.empty();
      }
      return Optional.empty();
    }

    /** Now and then a conversation: an answer, more of it, and something like it. */
    private void follow(Shot shot, Reading r, Tally tally) {
      Optional<Home> to = homes.find(r.destination(), shot.home.network());
      if (shot.must
          || random.nextInt(8) != 0
          || to.isEmpty()
          || r.first()
          // No answer finds the way back to a link-local address in another network.
          || (FuzzHomes.isLocal(r.source()) && !to.get().network().equals(shot.home.network()))
          || !must.isRight(shot.home, shot.frame, r)) {
        return;
      }
      byte[] answer =
          FuzzOut.answer(
              shot.frame,
              r,
              to.get().mac(),
              to.get().network().equals(shot.home.network())
                  ? shot.home.mac()
                  : homes.gateway(to.get().network()).mac());
      // From 546 one may ask, but nobody answers to there.
      if (Reading.of(answer).filter(FuzzOracle::isAdvertisement).isPresent()) {
        return;
      }
      byte[] more = FuzzOut.more(shot.frame, r);
      Home other = to.get();
      tally.answers++;
      next.add(new Shot(other, "", answer, true));
      next.add(new Shot(shot.home, "", more, true));
      next.add(new Shot(shot.home, "", more, true));
      next.add(new Shot(shot.home, "", more, true));
      next.add(new Shot(other, "", FuzzOut.more(answer, r), true));
      for (int i = 0; i < 4; i++) {
        next.add(new Shot(shot.home, "", mutation.of(more, answer), false));
        next.add(new Shot(other, "", mutation.of(answer, more), false));
      }
      // As it would be if the one who was asked were to ask.
      next.add(new Shot(other, "", FuzzOut.turned(answer, r), false));
    }
  }

  private static Tally fuzz(Programs programs, Function<Round, Shot> good, boolean node) {
    Tally tally = new Tally();
    for (int n : FuzzRounds.of(programs)) {
      Random random = new Random(FuzzRounds.seed(n));
      String yaml = FuzzTopology.yaml(random);
      try (ThrowawayNode place = ThrowawayNode.create("fuzz");
          ProgramBed bed = new ProgramBed(place.node(), programs, yaml)) {
        Round round = new Round(random, bed);
        List<Shot> shots = new ArrayList<>();
        for (int i = 0; i < GOOD; i++) {
          shots.add(good.apply(round));
        }
        bed.inNode(() -> run(programs, round, shots, node, tally, yaml));
      }
      tally.rounds++;
    }
    return tally;
  }

  private static boolean run(
      Programs programs, Round round, List<Shot> shots, boolean node, Tally tally, String yaml) {
    for (int i = 0; i < FuzzRounds.FRAMES; i++) {
      Shot shot = round.next(shots);
      byte[] context = round.contexts.get(node ? shot.network : shot.home);
      TestResult result =
          node
              ? round.bed.fromNode(shot.frame, context)
              : round.bed.fromEndpoint(shot.frame, context);
      Optional<String> wrong = round.judge(shot, result, tally);
      if (wrong.isPresent()) {
        fail(
            "seed %d, %s, frame %d, %s: %s%n%s%n%s%n%s"
                .formatted(
                    FuzzRounds.SEED,
                    programs,
                    i,
                    node ? shot.network : shot.home,
                    wrong.get(),
                    Bytes.of(shot.frame),
                    Reading.of(shot.frame),
                    yaml));
      }
    }
    return true;
  }

  private static void assertTested(Tally tally) {
    assertThat(tally.redirected)
        .as("redirected of seed %d", FuzzRounds.SEED)
        .isGreaterThan(1_000 * tally.rounds);
    assertThat(tally.denied).as("denied by policy alone").isPositive();
  }

  @ParameterizedTest
  @EnumSource
  void whatEndpointsSend(Programs programs) {
    Tally tally = fuzz(programs, Round::good, false);
    assertTested(tally);
    assertThat(tally.answers).as("flows with answers").isPositive();
  }

  @ParameterizedTest
  @EnumSource
  void whatTheNodeSends(Programs programs) {
    assertTested(fuzz(programs, Round::forwarded, true));
  }
}
