package dev.sluice.bench.targets;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * Where a thread spends its time, by looking at its stack twice a millisecond: a sample belongs to
 * the first of the stages that the thread is in. The code that is watched knows nothing of it.
 */
final class StageSampler implements AutoCloseable {

  private static final long PACE_NANOS = 500_000;
  private static final String OTHER = "other";

  private final Thread watched;
  private final Map<String, String> stages;
  private final Map<Long, String> samples = new LinkedHashMap<>();
  private final Thread sampler = new Thread(this::sample, "stage-sampler");
  private volatile boolean closed;

  /** {@code stages}: name by method, as {@code Class.method}; earlier ones come first. */
  StageSampler(Thread watched, Map<String, String> stages) {
    this.watched = watched;
    this.stages = stages;
    sampler.setDaemon(true);
    sampler.start();
  }

  private void sample() {
    while (!closed) {
      StackTraceElement[] stack = watched.getStackTrace();
      samples.put(System.nanoTime(), stage(stack));
      LockSupport.parkNanos(PACE_NANOS);
    }
  }

  private String stage(StackTraceElement[] stack) {
    for (StackTraceElement frame : stack) {
      String type = frame.getClassName();
      String method = type.substring(type.lastIndexOf('.') + 1) + "." + frame.getMethodName();
      String stage = stages.get(method);
      if (stage != null) {
        return stage;
      }
    }
    return OTHER;
  }

  /** Milliseconds by stage between two times; call it when closed. */
  Map<String, Double> between(long from, long to) {
    Map<String, Double> out = new LinkedHashMap<>();
    stages.values().forEach(stage -> out.put(stage, 0.0));
    out.put(OTHER, 0.0);
    long before = from;
    for (Map.Entry<Long, String> sample : samples.entrySet()) {
      long at = Math.min(sample.getKey(), to);
      if (at > before) {
        // The time since the sample before is this one's.
        out.merge(sample.getValue(), (at - before) / 1e6, Double::sum);
        before = at;
      }
    }
    return out;
  }

  @Override
  public void close() {
    closed = true;
    try {
      sampler.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
