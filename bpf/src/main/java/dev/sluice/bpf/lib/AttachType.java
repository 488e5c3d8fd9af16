package dev.sluice.bpf.lib;

import java.util.Arrays;
import java.util.Optional;

/** Where at a device a program is attached ({@code enum bpf_attach_type}). */
public enum AttachType {
  XDP(37),
  /** Linux 6.6. */
  TCX_INGRESS(46),
  /** Linux 6.6. */
  TCX_EGRESS(47),
  /** At what the primary end of a netkit pair sends; Linux 6.7. */
  NETKIT_PRIMARY(54),
  /** At what its peer sends; by the primary end's ifindex. Linux 6.7. */
  NETKIT_PEER(55);

  private final int number;

  AttachType(int number) {
    this.number = number;
  }

  int number() {
    return number;
  }

  static Optional<AttachType> of(int number) {
    return Arrays.stream(values()).filter(t -> t.number == number).findFirst();
  }
}
