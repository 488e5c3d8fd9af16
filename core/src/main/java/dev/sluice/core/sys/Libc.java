package dev.sluice.core.sys;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The C functions that Sluice calls, by their C names, as JNA direct mappings. Unless said
 * otherwise a function returns -1 on failure, with the reason in errno: {@link #check} turns that
 * into an exception and must be the very next call on the thread. {@code size_t}, {@code ssize_t}
 * and {@code unsigned long} are {@code long} here: LP64 only.
 */
final class Libc {

  static final int AF_INET = 2;
  static final int AF_INET6 = 10;
  static final int AF_NETLINK = 16;
  static final int AF_PACKET = 17;
  static final int SOCK_RAW = 3;
  static final int SOCK_CLOEXEC = 0x80000;
  static final int SOL_SOCKET = 1;
  static final int MSG_TRUNC = 0x20;
  static final int MSG_DONTWAIT = 0x40;

  static final int O_RDONLY = 0;
  static final int O_WRONLY = 1;
  static final int O_CLOEXEC = 0x80000;

  static final int CLONE_NEWNET = 0x40000000;

  static final int AT_FDCWD = -100;
  static final int AT_EMPTY_PATH = 0x1000;

  static {
    Native.register(Libc.class, NativeLibrary.getProcess());
  }

  private Libc() {}

  /** strerror(3): never NULL, in the language of the process; static for a number with a name. */
  static native Pointer strerror(int errno);

  /** open(2): a descriptor. */
  static native int open(byte[] path, int flags);

  /** close(2): 0. On Linux the descriptor is gone whatever is returned. */
  static native int close(int fd);

  /** read(2): bytes read, 0 at the end of the file. */
  static native long read(int fd, byte[] buffer, long count);

  /** write(2): bytes written. */
  static native long write(int fd, byte[] buffer, long count);

  /** setns(2): 0; moves the calling thread. */
  static native int setns(int fd, int type);

  /** unshare(2): 0; moves the calling thread. */
  static native int unshare(int flags);

  /** ioctl(2) of a request that takes no argument: mostly 0, some requests return a value. */
  static native int ioctl(int fd, long request);

  /** statx(2): 0. */
  static native int statx(int dirfd, byte[] path, int flags, int mask, byte[] statx);

  /** statfs(2): 0. */
  static native int statfs(byte[] path, byte[] statfs);

  /** mount(2): 0. {@code source}, {@code type} and {@code data} may be null. */
  static native int mount(byte[] source, byte[] target, byte[] type, long flags, byte[] data);

  /** umount2(2): 0. */
  static native int umount2(byte[] target, int flags);

  /** socket(2): a descriptor. */
  static native int socket(int domain, int type, int protocol);

  /** bind(2): 0. */
  static native int bind(int fd, byte[] address, int length);

  /** setsockopt(2): 0. */
  static native int setsockopt(int fd, int level, int name, byte[] value, int length);

  /** getsockopt(2): 0; {@code length} is the room before, and what of it was filled after. */
  static native int getsockopt(int fd, int level, int name, byte[] value, int[] length);

  /** sendto(2): bytes sent. */
  static native long sendto(
      int fd, Pointer data, long length, int flags, byte[] address, int addressLength);

  /** recvfrom(2): bytes received, or with MSG_TRUNC the length of the whole datagram. */
  static native long recvfrom(
      int fd, Pointer data, long length, int flags, byte[] address, int[] addressLength);

  /** syscall(2) of bpf(2): what the command returns; {@code number} is that of the machine. */
  static native long syscall(long number, long command, byte[] attributes, long size);

  /** poll(2): the number of descriptors that are ready, 0 at the timeout (milliseconds). */
  static native int poll(byte[] descriptors, long count, int timeout);

  /** sched_setaffinity(2): 0; pid 0 is the calling thread. */
  static native int sched_setaffinity(int pid, long size, byte[] mask);

  /** sched_getaffinity(3): 0; pid 0 is the calling thread. */
  static native int sched_getaffinity(int pid, long size, byte[] mask);

  /** {@code result}, or the failure of the call that has just returned it. */
  static int check(int result, String operation, Object object) {
    if (result == -1) {
      throw failure(operation, object);
    }
    return result;
  }

  /** As {@link #check(int, String, Object)}, for functions that return a {@code ssize_t}. */
  static long check(long result, String operation, Object object) {
    if (result == -1) {
      throw failure(operation, object);
    }
    return result;
  }

  /** The errno that the last call on this thread left. */
  static int errno() {
    return Native.getLastError();
  }

  private static SyscallException failure(String operation, Object object) {
    Errno errno = Errno.of(errno());
    return new SyscallException(operation, object.toString(), errno);
  }

  /** {@code text} with the NUL that ends a C string. */
  static byte[] cString(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return Arrays.copyOf(bytes, bytes.length + 1);
  }

  /** As {@link #cString(String)}. */
  static byte[] cString(Path path) {
    return cString(path.toString());
  }
}
