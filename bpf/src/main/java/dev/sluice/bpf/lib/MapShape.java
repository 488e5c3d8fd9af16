package dev.sluice.bpf.lib;

import java.util.Set;

/**
 * What cannot be changed in a map once it is made.
 *
 * @param type {@code enum bpf_map_type}
 * @param keySize in bytes
 * @param valueSize in bytes, of one CPU
 * @param flags {@code BPF_F_…} of its creation
 */
public record MapShape(int type, int keySize, int valueSize, int maxEntries, int flags) {

  static final int ARRAY = 2;
  private static final int PERCPU_HASH = 5;
  private static final int PERCPU_ARRAY = 6;
  private static final int LRU_PERCPU_HASH = 10;
  private static final int LPM_TRIE = 11;

  /** Whether each CPU has a value of its own. */
  public boolean isPerCpu() {
    return Set.of(PERCPU_HASH, PERCPU_ARRAY, LRU_PERCPU_HASH).contains(type);
  }

  /** Whether every key is always there, and none can be deleted. */
  public boolean isArray() {
    return type == ARRAY || type == PERCPU_ARRAY;
  }

  /** Whether keys are prefixes: their length in bits, 4 bytes, and what they are of. */
  boolean isTrie() {
    return type == LPM_TRIE;
  }

  int valueLength() {
    return isPerCpu() ? (valueSize + 7) / 8 * 8 * LibBpf.libbpf_num_possible_cpus() : valueSize;
  }
}
