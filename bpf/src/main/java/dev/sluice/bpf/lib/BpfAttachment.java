package dev.sluice.bpf.lib;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A program attached to a device, as a link of BPF: it stays attached for as long as something
 * holds the link, this process or a pin.
 */
public final class BpfAttachment implements AutoCloseable {

  private static final int LINK_TYPE_XDP = 6;
  private static final int LINK_TYPE_TCX = 11;

  private final Handle handle;

  private BpfAttachment(Handle handle) {
    this.handle = handle;
  }

  /**
   * Attaches; at TCX behind the programs that are there already.
   *
   * @param ifindex of a device in the namespace of the calling thread
   */
  public static BpfAttachment create(BpfProgram program, int ifindex, AttachType type) {
    String what = type + " of device " + ifindex;
    int fd =
        BpfErrno.check(
            LibBpf.bpf_link_create(program.fd(), ifindex, type.number(), null),
            "attach BPF " + program + " to",
            what);
    return new BpfAttachment(Handle.owned(fd, "link " + what));
  }

  /** The one that is pinned there; {@link BpfException} if there is none. */
  public static BpfAttachment pinned(Path pin) {
    return new BpfAttachment(Handle.pinned(pin, "link"));
  }

  /**
   * What the kernel says of a link.
   *
   * @param ifindex of the device; 0 once that is gone, or the link was detached
   * @param type empty: another than those we make
   */
  public record AttachmentInfo(int id, int programId, int ifindex, Optional<AttachType> type) {}

  /** As it is now. */
  public AttachmentInfo info() {
    try (Info info = Info.of(handle)) {
      int sort = info.number(0);
      Optional<AttachType> type =
          switch (sort) {
            case LINK_TYPE_XDP -> Optional.of(AttachType.XDP);
            case LINK_TYPE_TCX -> AttachType.of(info.number(20));
            default -> Optional.empty();
          };
      return new AttachmentInfo(info.number(4), info.number(8), info.number(16), type);
    }
  }

  /** Another program in the place of the one there is; no packet meets neither or both. */
  public void update(BpfProgram program) {
    BpfErrno.check(
        LibBpf.bpf_link_update(handle.fd(), program.fd(), null),
        "put BPF " + program + " into",
        handle);
  }

  /** Takes the program off the device, whoever holds the link. */
  public void detach() {
    BpfErrno.check(LibBpf.bpf_link_detach(handle.fd()), "detach BPF", handle);
  }

  /** Makes it outlive this process. */
  public void pin(Path pin) {
    handle.pin(pin);
  }

  @Override
  public void close() {
    handle.close();
  }
}
