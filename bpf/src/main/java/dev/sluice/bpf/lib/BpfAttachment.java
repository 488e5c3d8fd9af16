package dev.sluice.bpf.lib;

import com.sun.jna.Memory;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A program attached to a device, as a link of BPF: it stays attached for as long as something
 * holds the link, this process or a pin.
 */
public final class BpfAttachment implements AutoCloseable {

  private static final int LINK_TYPE_XDP = 6;
  private static final int LINK_TYPE_TCX = 11;
  private static final int LINK_TYPE_NETKIT = 13;

  /** bpf.h, {@code struct bpf_link_create_opts}. */
  private static final int OPTIONS_SIZE = 64;

  private static final int OPTION_FLAGS = 8;

  /** linux/if_link.h. */
  private static final int XDP_FLAGS_SKB_MODE = 1 << 1;

  private final Handle handle;

  private BpfAttachment(Handle handle) {
    this.handle = handle;
  }

  /**
   * Attaches; at TCX and netkit behind the programs that are there already. By XDP in the device's
   * driver, or where that cannot do it, before the rest of the stack.
   *
   * @param ifindex of a device in the namespace of the calling thread
   */
  public static BpfAttachment create(BpfProgram program, int ifindex, AttachType type) {
    String what = type + " of device " + ifindex;
    int fd = LibBpf.bpf_link_create(program.fd(), ifindex, type.number(), null);
    if (fd < 0 && type == AttachType.XDP) {
      int generic = createGeneric(program, ifindex);
      fd = generic < 0 ? fd : generic;
    }
    BpfErrno.check(fd, "attach BPF " + program + " to", what);
    return new BpfAttachment(Handle.owned(fd, "link " + what));
  }

  private static int createGeneric(BpfProgram program, int ifindex) {
    try (Memory options = new Memory(OPTIONS_SIZE)) {
      options.clear();
      options.setLong(0, OPTIONS_SIZE);
      options.setInt(OPTION_FLAGS, XDP_FLAGS_SKB_MODE);
      return LibBpf.bpf_link_create(program.fd(), ifindex, AttachType.XDP.number(), options);
    }
  }

  /** The one that is pinned there; {@link BpfException} if there is none. */
  public static BpfAttachment pinned(Path pin) {
    return new BpfAttachment(Handle.pinned(pin, "link"));
  }

  /**
   * What the kernel says of a link.
   *
   * @param ifindex of the device, of a netkit's peer its number where that is; 0 once the device is
   *     gone, or the link was detached
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
            case LINK_TYPE_TCX, LINK_TYPE_NETKIT -> AttachType.of(info.number(20));
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
