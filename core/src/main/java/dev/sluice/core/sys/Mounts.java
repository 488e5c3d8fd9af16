package dev.sluice.core.sys;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/** mount(2) and umount(2), in the mount namespace of the process. Paths must exist. */
public final class Mounts {

  private static final long MS_NOSUID = 2;
  private static final long MS_NODEV = 4;
  private static final long MS_NOEXEC = 8;
  private static final long MS_BIND = 4096;
  private static final long MS_REC = 16384;
  private static final long MS_SHARED = 1L << 20;
  private static final int MNT_DETACH = 2;

  /** linux/magic.h. */
  private static final long BPF_FS_MAGIC = 0xcafe4a11L;

  /** struct statfs; its first field, of 8 bytes, is the type. */
  private static final int STATFS_SIZE = 120;

  private Mounts() {}

  /** Shows {@code source} at {@code target}; both are files, or both directories. */
  public static void bind(Path source, Path target) {
    mount(source.toString(), target, null, MS_BIND, null);
  }

  /**
   * Takes the topmost mount at {@code target} away, even if it is in use (MNT_DETACH). The mount
   * point itself stays. EINVAL if nothing is mounted there.
   */
  public static void unmount(Path target) {
    Libc.check(Libc.umount2(Libc.cString(target), MNT_DETACH), "unmount", target);
  }

  /** Whether something is mounted exactly at {@code path}; false if there is no such file. */
  public static boolean isMountPoint(Path path) {
    try {
      return FileStatus.of(path).mountRoot();
    } catch (SyscallException e) {
      if (e.errno().is(Errno.ENOENT)) {
        return false;
      }
      throw e;
    }
  }

  /**
   * Makes {@code directory} a mount point that shares what is mounted below it with other mount
   * namespaces, as ip-netns(8) does with its own: otherwise a copy held by another mount namespace
   * keeps a deleted network namespace alive, and its name busy.
   */
  public static void makeShared(Path directory) {
    if (!isMountPoint(directory)) {
      mount(directory.toString(), directory, null, MS_BIND | MS_REC, null);
    }
    mount("none", directory, null, MS_SHARED | MS_REC, null);
  }

  /**
   * Mounts an empty file system in memory at {@code target}, limited to {@code bytes}, rounded up
   * to whole pages.
   */
  public static void mountTmpfs(Path target, long bytes) {
    mount(
        "tmpfs",
        target,
        Libc.cString("tmpfs"),
        MS_NOSUID | MS_NODEV | MS_NOEXEC,
        Libc.cString("mode=0755,size=" + bytes));
  }

  /** Mounts the file system of BPF pins at {@code target}, for root only. */
  public static void mountBpf(Path target) {
    mount(
        "bpf",
        target,
        Libc.cString("bpf"),
        MS_NOSUID | MS_NODEV | MS_NOEXEC,
        Libc.cString("mode=0700"));
  }

  /** Whether {@code path} is in a file system of BPF pins. */
  public static boolean isBpf(Path path) {
    byte[] statfs = new byte[STATFS_SIZE];
    Libc.check(Libc.statfs(Libc.cString(path), statfs), "statfs", path);
    return ByteBuffer.wrap(statfs).order(ByteOrder.nativeOrder()).getLong(0) == BPF_FS_MAGIC;
  }

  private static void mount(String source, Path target, byte[] type, long flags, byte[] data) {
    Libc.check(
        Libc.mount(Libc.cString(source), Libc.cString(target), type, flags, data), "mount", target);
  }
}
