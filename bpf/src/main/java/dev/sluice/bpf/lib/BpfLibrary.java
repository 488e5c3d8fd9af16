package dev.sluice.bpf.lib;

import dev.sluice.core.error.UnsupportedFeatureException;

/** The library that all of BPF is done by; it is looked for when it is first needed. */
public final class BpfLibrary {

  public static final String NAME = "libbpf.so.1";

  /** What Debian calls it. */
  public static final String PACKAGE = "libbpf1";

  private BpfLibrary() {}

  public static boolean isThere() {
    try {
      LibBpf.require();
      return true;
    } catch (UnsupportedFeatureException e) {
      return false;
    }
  }
}
