package dev.sluice.bpf.lib;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What a tc program sees of a packet beside its bytes (linux/bpf.h, {@code struct __sk_buff}): the
 * fields that a test run may set.
 *
 * @param ifindex of the device that it is met at; 0: the loopback
 * @param cb the last two words of the control block
 */
public record SkbContext(int mark, int priority, int ingressIfindex, int ifindex, long cb) {

  private static final int SIZE = 192;
  private static final int MARK = 8;
  private static final int PRIORITY = 32;
  private static final int INGRESS_IFINDEX = 36;
  private static final int IFINDEX = 40;
  private static final int CB = 60;

  /** A packet at a device, with nothing set. */
  public static SkbContext at(int ifindex) {
    return new SkbContext(0, 0, 0, ifindex, 0);
  }

  /** As the kernel takes it. */
  public byte[] bytes() {
    ByteBuffer out = ByteBuffer.allocate(SIZE).order(ByteOrder.nativeOrder());
    out.putInt(MARK, mark);
    out.putInt(PRIORITY, priority);
    out.putInt(INGRESS_IFINDEX, ingressIfindex);
    out.putInt(IFINDEX, ifindex);
    out.putLong(CB, cb);
    return out.array();
  }

  /** As the kernel gives it back. */
  public static SkbContext of(byte[] context) {
    ByteBuffer in = ByteBuffer.wrap(context).order(ByteOrder.nativeOrder());
    return new SkbContext(
        in.getInt(MARK),
        in.getInt(PRIORITY),
        in.getInt(INGRESS_IFINDEX),
        in.getInt(IFINDEX),
        in.getLong(CB));
  }
}
