package dev.sluice.bench.targets;

import dev.sluice.bench.stats.Estimate;
import dev.sluice.bench.stats.Statistics;
import dev.sluice.bench.workload.Endpoints;
import dev.sluice.bench.workload.Generator;
import dev.sluice.bench.workload.Mode;
import dev.sluice.bench.workload.RequestResponse;
import dev.sluice.bench.workload.Session;
import dev.sluice.core.address.IpAddress;
import dev.sluice.core.sys.Affinity;
import dev.sluice.core.sys.Netns;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * What the built-in generator costs: its request/response over loopback, both ends on one CPU,
 * beside the same exchange by {@code src/baseline/c/rr.c}. Both are alive at once; pairs of slices
 * are measured in turn, each pair in a random order. Arguments: the C program, pairs, milliseconds
 * per slice.
 */
final class RequestResponseVersusC {

  private static final int WARM_UP_PAIRS = 4;
  private static final Duration LIMIT = Duration.ofSeconds(3);
  private static final IpAddress LOCALHOST = IpAddress.parse("127.0.0.1");

  private RequestResponseVersusC() {}

  @FunctionalInterface
  private interface Measured {
    double medianNanos() throws IOException, InterruptedException;
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    int pairs = Integer.parseInt(arguments[1]);
    Duration slice = Duration.ofMillis(Long.parseLong(arguments[2]));
    int cpu = Collections.max(Affinity.allowed());
    Process c =
        new ProcessBuilder(arguments[0], Integer.toString(cpu))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (Netns here = Netns.current();
        Generator generator = new Generator(List.of(Mode.SAME_CPU));
        Session session =
            new RequestResponse(Mode.SAME_CPU).open(new Endpoints(here, here, LOCALHOST), LIMIT);
        PrintStream toC = new PrintStream(c.getOutputStream(), true, StandardCharsets.UTF_8);
        BufferedReader fromC = c.inputReader(StandardCharsets.UTF_8)) {
      measure(
          () -> generator.run(session, slice).typical(),
          () -> {
            toC.println(slice.toMillis());
            String answer = fromC.readLine();
            if (answer == null) {
              throw new IOException("the C program has ended");
            }
            return Double.parseDouble(answer.substring(0, answer.indexOf(' ')));
          },
          pairs);
    } finally {
      c.destroy();
    }
  }

  private static void measure(Measured ours, Measured baseline, int pairs)
      throws IOException, InterruptedException {
    Random random = new Random(1);
    double[] java = new double[pairs];
    double[] c = new double[pairs];
    for (int i = -WARM_UP_PAIRS; i < pairs; i++) {
      boolean oursFirst = random.nextBoolean();
      double early = (oursFirst ? ours : baseline).medianNanos();
      double late = (oursFirst ? baseline : ours).medianNanos();
      if (i >= 0) {
        java[i] = oursFirst ? early : late;
        c[i] = oursFirst ? late : early;
      }
    }
    Estimate ratio = Statistics.medianWithInterval(Statistics.pairedRatios(java, c), 1);
    System.out.printf(
        Locale.ROOT,
        "loopback tcp-rr, same CPU, p50: generator %.0f ns, C %.0f ns; ratio %.4f [%.4f, %.4f], %d"
            + " pairs%n",
        Statistics.median(java),
        Statistics.median(c),
        ratio.median(),
        ratio.low(),
        ratio.high(),
        pairs);
    Targets.tell(13, "generator / C, RR over loopback", ratio, 1.15, 1.08);
  }
}
