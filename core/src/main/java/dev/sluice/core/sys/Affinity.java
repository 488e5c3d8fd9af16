package dev.sluice.core.sys;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/** The CPUs that the calling thread may run on (sched_setaffinity(2)), numbered from 0. */
public final class Affinity {

  /** Room for 8192 CPUs, the most that a kernel can be built for. */
  private static final int MASK_BYTES = 1024;

  private Affinity() {}

  /** Keeps the calling thread on one CPU. EINVAL if that CPU is not there or not allowed. */
  public static void pin(int cpu) {
    pin(Set.of(cpu));
  }

  /** Keeps the calling thread on {@code cpus}; those not there are left out by the kernel. */
  public static void pin(Set<Integer> cpus) {
    BitSet bits = new BitSet(MASK_BYTES * 8);
    cpus.forEach(bits::set);
    byte[] mask = Arrays.copyOf(bits.toByteArray(), MASK_BYTES);
    Libc.check(Libc.sched_setaffinity(0, mask.length, mask), "sched_setaffinity", "CPUs " + cpus);
  }

  /** The CPUs that the calling thread may run on, in ascending order. */
  public static Set<Integer> allowed() {
    byte[] mask = new byte[MASK_BYTES];
    Libc.check(Libc.sched_getaffinity(0, mask.length, mask), "sched_getaffinity", "thread");
    Set<Integer> cpus = new TreeSet<>();
    BitSet.valueOf(mask).stream().forEach(cpus::add);
    return Collections.unmodifiableSet(cpus);
  }
}
