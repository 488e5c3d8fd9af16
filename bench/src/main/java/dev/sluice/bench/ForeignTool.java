package dev.sluice.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.bench.workload.BulkStream;
import dev.sluice.bench.workload.Mode;
import dev.sluice.bench.workload.RequestResponse;
import dev.sluice.bench.workload.Workload;
import dev.sluice.core.error.SluiceException;
import dev.sluice.core.error.SluiceException.Category;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A load generator of others, which measures one of our workloads again. */
public enum ForeignTool {
  /** One TCP stream; what the receiver has counted. */
  IPERF3(true, true) {
    @Override
    Workload workload() {
      return new BulkStream(Mode.SAME_CPU);
    }

    @Override
    List<String> server(String address, int port) {
      return List.of("iperf3", "-s", "-1", "-B", address, "-p", Integer.toString(port));
    }

    @Override
    List<String> client(String address, int port, int seconds) {
      return List.of(
          "iperf3", "-c", address, "-p", Integer.toString(port), "-t", seconds + "", "-J");
    }

    /** Bytes per second. */
    @Override
    double figure(String output) {
      try {
        double bits =
            new ObjectMapper()
                .readTree(output)
                .path("end")
                .path("sum_received")
                .path("bits_per_second")
                .asDouble();
        return positive(bits / Byte.SIZE, output);
      } catch (JsonProcessingException e) {
        throw unread(output);
      }
    }
  },

  /** TCP request/response, of 14 bytes each way, which is the least it can; the median. */
  SOCKPERF(false, false) {
    private static final Pattern MEDIAN = Pattern.compile("percentile 50\\.000 = *([0-9.]+)");
    private static final double NANOS = 1e3;

    @Override
    Workload workload() {
      return new RequestResponse(Mode.SAME_CPU);
    }

    @Override
    List<String> server(String address, int port) {
      return List.of("sockperf", "server", "--tcp", "-i", address, "-p", Integer.toString(port));
    }

    @Override
    List<String> client(String address, int port, int seconds) {
      return List.of(
          "sockperf",
          "ping-pong",
          "--tcp",
          "-i",
          address,
          "-p",
          Integer.toString(port),
          "-t",
          Integer.toString(seconds),
          "-m",
          "14",
          "--full-rtt");
    }

    /** Nanoseconds, of microseconds. */
    @Override
    double figure(String output) {
      Matcher matcher = MEDIAN.matcher(output);
      if (!matcher.find()) {
        throw unread(output);
      }
      return positive(NANOS * Double.parseDouble(matcher.group(1)), output);
    }
  };

  private final boolean ipv6;
  private final boolean reusesPorts;

  ForeignTool(boolean ipv6, boolean reusesPorts) {
    this.ipv6 = ipv6;
    this.reusesPorts = reusesPorts;
  }

  /** Which of ours it does again. */
  abstract Workload workload();

  /** Whether it knows such addresses. */
  boolean ipv6() {
    return ipv6;
  }

  /** Whether it listens where a connection is in TIME_WAIT (SO_REUSEADDR). */
  boolean reusesPorts() {
    return reusesPorts;
  }

  /** Serves one client. */
  abstract List<String> server(String address, int port);

  abstract List<String> client(String address, int port, int seconds);

  /** What a client's output says was measured, in the unit of the workload's metric. */
  abstract double figure(String output);

  /** Refuses if the tool is not there. */
  public void require() {
    boolean there =
        Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
            .filter(directory -> !directory.isEmpty())
            .anyMatch(directory -> Files.isExecutable(Path.of(directory, toString())));
    if (!there) {
      throw new SluiceException(
          Category.ENVIRONMENT,
          "--tool %1$s: there is no %1$s on PATH; install it: apt-get install %1$s"
              .formatted(this));
    }
  }

  private static double positive(double figure, String output) {
    if (!(figure > 0)) {
      throw unread(output);
    }
    return figure;
  }

  private static SluiceException unread(String output) {
    return new SluiceException(
        Category.TRANSIENT, "what it has measured is not in its output: " + output.strip());
  }

  /** As it is called, on the command line and by its package. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
