package dev.sluice.bpf.kernel;

import dev.sluice.core.kernel.KernelObject;
import dev.sluice.core.kernel.Key;
import dev.sluice.core.kernel.NetnsRef;

/**
 * A version of an object beside the one in force: old, or half made when its maker was killed.
 * Nobody wants one; it is swept.
 *
 * @param object its name
 * @param directory of its pins
 */
public record BpfVersion(String object, String directory) implements KernelObject {

  @Override
  public Key key() {
    return new Key(Key.Type.BPF_OBJECT, NetnsRef.NODE, object + " " + directory);
  }
}
