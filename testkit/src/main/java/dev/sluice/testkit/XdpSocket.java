package dev.sluice.testkit;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import dev.sluice.core.sys.Errno;
import dev.sluice.core.sys.SyscallException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Sends frames by AF_XDP ({@code Documentation/networking/af_xdp.rst}), in copy mode, which every
 * device can. The kernel hands them to the device itself: no qdisc, no filter and no program at the
 * device's egress sees them, and no packet socket. Belongs to the namespace of the thread that made
 * it, and needs CAP_NET_RAW there.
 */
final class XdpSocket implements AutoCloseable {

  /** The C functions, by their names; as in core's boundary, -1 is failure, and only LP64. */
  private static final class Libc {

    static {
      Native.register(Libc.class, NativeLibrary.getProcess());
    }

    static native int socket(int domain, int type, int protocol);

    static native int setsockopt(int fd, int level, int name, byte[] value, int length);

    static native int getsockopt(int fd, int level, int name, byte[] value, int[] length);

    static native int bind(int fd, byte[] address, int length);

    static native Pointer mmap(
        Pointer address, long length, int protection, int flags, int fd, long offset);

    static native int munmap(Pointer address, long length);

    static native long sendto(
        int fd, Pointer data, long length, int flags, byte[] address, int addressLength);

    static native int close(int fd);
  }

  private static final int AF_XDP = 44;
  private static final int SOCK_RAW = 3;
  private static final int SOCK_CLOEXEC = 0x80000;
  private static final int MSG_DONTWAIT = 0x40;
  private static final int PROT_READ_WRITE = 3;
  private static final int MAP_SHARED = 1;
  private static final int MAP_PRIVATE_ANONYMOUS = 0x22;

  // linux/if_xdp.h
  private static final int SOL_XDP = 283;
  private static final int XDP_MMAP_OFFSETS = 1;
  private static final int XDP_TX_RING = 3;
  private static final int XDP_UMEM_REG = 4;
  private static final int XDP_UMEM_FILL_RING = 5;
  private static final int XDP_UMEM_COMPLETION_RING = 6;
  private static final short XDP_COPY = 2;
  private static final long XDP_PGOFF_TX_RING = 0x80000000L;
  private static final int MMAP_OFFSETS = 4 * 4 * Long.BYTES;
  private static final int TX_OFFSETS_AT = 4 * Long.BYTES;
  private static final int UMEM_REG = 24;
  private static final int SOCKADDR_XDP = 16;
  private static final int DESCRIPTOR = 16;

  /** As many as one socket sends, so that none of its room is used twice: a power of two. */
  private static final int FRAMES = 256;

  private static final int ROOM = 2048;
  private static final int EBUSY = 16;

  /** The kernel takes up to 32 at a time. */
  private static final int PATIENCE = 4 * FRAMES;

  private final int fd;
  private final String description;
  private final Pointer frames;
  private final Pointer ring;
  private final long ringBytes;
  private final long producer;
  private final long consumer;
  private final long descriptors;
  private int sent;

  private XdpSocket(int fd, int ifindex) {
    this.fd = fd;
    this.description = "AF_XDP socket on ifindex " + ifindex;
    this.frames = map((long) FRAMES * ROOM, MAP_PRIVATE_ANONYMOUS, -1, 0);
    byte[] region =
        ByteBuffer.allocate(UMEM_REG)
            .order(ByteOrder.nativeOrder())
            .putLong(Pointer.nativeValue(frames))
            .putLong((long) FRAMES * ROOM)
            .putInt(ROOM)
            .putInt(0)
            .array();
    setOption(SOL_XDP, XDP_UMEM_REG, region);
    // Without the first two the kernel does not bind it, though nothing is received.
    for (int name : List.of(XDP_UMEM_FILL_RING, XDP_UMEM_COMPLETION_RING, XDP_TX_RING)) {
      setOption(SOL_XDP, name, FRAMES);
    }
    byte[] offsets = new byte[MMAP_OFFSETS];
    check(
        Libc.getsockopt(fd, SOL_XDP, XDP_MMAP_OFFSETS, offsets, new int[] {MMAP_OFFSETS}),
        "getsockopt XDP_MMAP_OFFSETS");
    ByteBuffer tx = ByteBuffer.wrap(offsets).order(ByteOrder.nativeOrder()).position(TX_OFFSETS_AT);
    this.producer = tx.getLong();
    this.consumer = tx.getLong();
    this.descriptors = tx.getLong();
    this.ringBytes = descriptors + (long) FRAMES * DESCRIPTOR;
    this.ring = map(ringBytes, MAP_SHARED, fd, XDP_PGOFF_TX_RING);
    byte[] address =
        ByteBuffer.allocate(SOCKADDR_XDP)
            .order(ByteOrder.nativeOrder())
            .putShort((short) AF_XDP)
            .putShort(XDP_COPY)
            .putInt(ifindex)
            .putInt(0)
            .putInt(0)
            .array();
    check(Libc.bind(fd, address, address.length), "bind");
  }

  /** Whether the kernel has such sockets (CONFIG_XDP_SOCKETS). */
  static boolean isSupported() {
    int fd = Libc.socket(AF_XDP, SOCK_RAW | SOCK_CLOEXEC, 0);
    if (fd == -1) {
      Errno errno = Errno.of(Native.getLastError());
      if (errno.is(Errno.EAFNOSUPPORT)) {
        return false;
      }
      throw new SyscallException("socket", "AF_XDP", errno);
    }
    Libc.close(fd);
    return true;
  }

  /** At queue 0 of a device; one at a time. */
  static XdpSocket on(int ifindex) {
    int fd = Libc.socket(AF_XDP, SOCK_RAW | SOCK_CLOEXEC, 0);
    if (fd == -1) {
      throw new SyscallException("socket", "AF_XDP", Errno.of(Native.getLastError()));
    }
    try {
      return new XdpSocket(fd, ifindex);
    } catch (SyscallException e) {
      Libc.close(fd);
      throw e;
    }
  }

  private void setOption(int level, int name, byte[] value) {
    check(
        Libc.setsockopt(fd, level, name, value, value.length), "setsockopt " + level + "/" + name);
  }

  /** setsockopt(2) of an option whose value is an int. */
  void setOption(int level, int name, int value) {
    byte[] bytes =
        ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.nativeOrder()).putInt(value).array();
    setOption(level, name, bytes);
  }

  private Pointer map(long bytes, int flags, int of, long offset) {
    Pointer at = Libc.mmap(Pointer.NULL, bytes, PROT_READ_WRITE, flags, of, offset);
    check(Pointer.nativeValue(at), "mmap");
    return at;
  }

  private void check(long result, String operation) {
    if (result == -1) {
      throw new SyscallException(operation, description, Errno.of(Native.getLastError()));
    }
  }

  /** Returns once the device has been given each of them. */
  void send(List<byte[]> all) {
    for (byte[] frame : all) {
      if (sent == FRAMES) {
        throw new IllegalStateException(description + " has no room for more frames");
      }
      long at = (long) sent * ROOM;
      frames.write(at, frame, 0, frame.length);
      long descriptor = descriptors + (long) sent * DESCRIPTOR;
      ring.setLong(descriptor, at);
      ring.setInt(descriptor + Long.BYTES, frame.length);
      sent++;
    }
    ring.setInt(producer, sent);
    for (int i = 0; i < PATIENCE && ring.getInt(consumer) != sent; i++) {
      if (Libc.sendto(fd, Pointer.NULL, 0, MSG_DONTWAIT, null, 0) == -1) {
        Errno errno = Errno.of(Native.getLastError());
        // More than one call takes; or the device has dropped one.
        if (!errno.is(Errno.EAGAIN) && !errno.is(EBUSY)) {
          throw new SyscallException("send", description, errno);
        }
      }
    }
  }

  @Override
  public void close() {
    Libc.munmap(ring, ringBytes);
    Libc.close(fd);
    Libc.munmap(frames, (long) FRAMES * ROOM);
  }
}
