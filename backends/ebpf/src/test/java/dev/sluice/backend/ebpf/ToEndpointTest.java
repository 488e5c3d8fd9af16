package dev.sluice.backend.ebpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.sluice.bpf.lib.BpfProgram.TestResult;
import dev.sluice.bpf.lib.SkbContext;
import dev.sluice.core.policy.DropReason;
import dev.sluice.testkit.Part;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** To an endpoint gets what bears the secret, and nothing else. */
class ToEndpointTest {

  private static final long SECRET = 0x5eed1234_00c0ffeeL;
  private static final int FUZZED = 1_000_000 / Part.ofCases().of();
  private static final long SEED = Long.getLong("sluice.fuzz.seed", System.nanoTime());

  @ParameterizedTest
  @EnumSource
  void whatHasBeenDecidedOnPassesWithoutTheSecret(Programs programs) {
    try (LoneObject object = LoneObject.load(programs.file(), SECRET)) {
      TestResult result = object.run(programs.toEndpoint(), new byte[64], SECRET);
      assertThat(result.verdict()).isEqualTo(ProgramBed.PASSED);
      assertThat(SkbContext.of(result.context()).cb()).isZero();
      assertThat(object.dropped(DropReason.MISDIRECTED)).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void nothingElsePasses(Programs programs) {
    try (LoneObject object = LoneObject.load(programs.file(), SECRET)) {
      List<Long> others =
          List.of(0L, 1L, SECRET + 1, SECRET + (1L << 32), SECRET & 0xffffffffL, -1L);
      for (long bears : others) {
        assertThat(object.run(programs.toEndpoint(), new byte[64], bears).verdict())
            .as("with %x", bears)
            .isEqualTo(ProgramBed.DROPPED);
      }
      assertThat(object.dropped(DropReason.MISDIRECTED)).isEqualTo(others.size());
    }
  }

  @ParameterizedTest
  @EnumSource
  void nothingPassesWhereThereIsNoSecret(Programs programs) {
    try (LoneObject object = LoneObject.load(programs.file(), 0)) {
      assertThat(object.run(programs.toEndpoint(), new byte[64], 0).verdict())
          .isEqualTo(ProgramBed.DROPPED);
      assertThat(object.dropped(DropReason.MISDIRECTED)).isEqualTo(1);
    }
  }

  /** Whatever the frame is. */
  @ParameterizedTest
  @EnumSource
  void ofRandomFramesTheSecretAloneDecides(Programs programs) {
    Random random = new Random(SEED);
    int passed = 0;
    try (LoneObject object = LoneObject.load(programs.file(), SECRET)) {
      for (int i = 0; i < FUZZED; i++) {
        byte[] frame = new byte[64 + random.nextInt(64)];
        random.nextBytes(frame);
        long bears =
            switch (random.nextInt(4)) {
              case 0 -> SECRET;
              case 1 -> SECRET ^ 1L << random.nextInt(64);
              case 2 -> random.nextLong();
              default -> 0;
            };
        int verdict = object.run(programs.toEndpoint(), frame, bears).verdict();
        if (verdict != (bears == SECRET ? ProgramBed.PASSED : ProgramBed.DROPPED)) {
          fail("seed %d, frame %d: a verdict of %d with %x".formatted(SEED, i, verdict, bears));
        }
        passed += bears == SECRET ? 1 : 0;
      }
      assertThat(object.dropped(DropReason.MISDIRECTED)).isEqualTo(FUZZED - passed);
    }
  }
}
