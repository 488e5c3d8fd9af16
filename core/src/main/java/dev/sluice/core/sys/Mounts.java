package dev.sluice.core.sys;

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

  private static void mount(String source, Path target, byte[] type, long flags, byte[] data) {
    Libc.check(
        Libc.mount(Libc.cString(source), Libc.cString(target), type, flags, data), "mount", target);
  }
}
