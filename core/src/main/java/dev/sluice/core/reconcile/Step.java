package dev.sluice.core.reconcile;

import dev.sluice.core.kernel.KernelObject;
import java.util.List;
import java.util.Optional;

/**
 * One change of one kernel object.
 *
 * @param before what is there now; empty for a creation
 * @param after what is to be there; empty for a deletion
 * @param owners the topologies that want {@code after}
 */
public record Step(
    Op op, Optional<KernelObject> before, Optional<KernelObject> after, List<String> owners) {

  /** What is done to the object. */
  public enum Op {
    CREATE("+"),
    UPDATE("~"),
    /** Deleted and made anew, for what the kernel cannot change in place. */
    REPLACE("±"),
    DELETE("-"),
    /** A leased value is put back as it was found. */
    RESTORE("<");

    private final String sign;

    Op(String sign) {
      this.sign = sign;
    }

    public String sign() {
      return sign;
    }
  }

  static Step create(KernelObject object, List<String> owners) {
    return new Step(Op.CREATE, Optional.empty(), Optional.of(object), owners);
  }

  static Step change(Op op, KernelObject before, KernelObject after, List<String> owners) {
    return new Step(op, Optional.of(before), Optional.of(after), owners);
  }

  static Step delete(KernelObject object) {
    return new Step(Op.DELETE, Optional.of(object), Optional.empty(), List.of());
  }

  /** The object that the step is about: the wanted one, or for a deletion the one that goes. */
  public KernelObject object() {
    return after.or(() -> before).orElseThrow();
  }
}
