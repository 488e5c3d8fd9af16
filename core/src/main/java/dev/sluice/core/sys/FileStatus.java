package dev.sluice.core.sys;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/** What statx(2) tells of a file; used instead of stat(2), whose layout differs by machine. */
record FileStatus(long inode, boolean mountRoot) {

  private static final int STATX_INO = 0x100;
  private static final int STATX_SIZE = 256;
  private static final int OFFSET_ATTRIBUTES = 8;
  private static final int OFFSET_INO = 32;

  /** Linux 5.8. */
  private static final long STATX_ATTR_MOUNT_ROOT = 0x2000;

  static FileStatus of(Fd fd) {
    return of(fd.number(), "", Libc.AT_EMPTY_PATH, fd);
  }

  static FileStatus of(Path path) {
    return of(Libc.AT_FDCWD, path.toString(), 0, path);
  }

  private static FileStatus of(int dirfd, String path, int flags, Object object) {
    byte[] statx = new byte[STATX_SIZE];
    Libc.check(Libc.statx(dirfd, Libc.cString(path), flags, STATX_INO, statx), "statx", object);
    ByteBuffer fields = ByteBuffer.wrap(statx).order(ByteOrder.nativeOrder());
    return new FileStatus(
        fields.getLong(OFFSET_INO),
        (fields.getLong(OFFSET_ATTRIBUTES) & STATX_ATTR_MOUNT_ROOT) != 0);
  }
}
