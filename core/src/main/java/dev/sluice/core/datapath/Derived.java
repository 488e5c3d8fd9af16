package dev.sluice.core.datapath;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Names and numbers derived from what a topology declares: the same on every run, so that nothing
 * has to be remembered.
 */
public final class Derived {

  /**
   * The routing table for what a node itself sends to endpoints. One for all topologies, so that
   * two of them that want the same subnet are found out.
   */
  public static final int NODE_TABLE = 0x54000000;

  /** The tables of topologies have this in their top byte; the rest is the topology's. */
  private static final int TABLE_BASE = 0x53000000;

  /** Of our routing rules: before the main table (32766), after what administrators put first. */
  public static final int RULE_PRIORITY = 5200;

  /**
   * The bit of a packet's mark that says: the NAT table has found it to go out or come in by an
   * uplink. A bit that no common program of a node uses.
   */
  public static final int UPLINK_MARK = 0x10000000;

  /** Conntrack marks of ours have this in their top byte. */
  public static final int MARK_BASE = 0x53000000;

  public static final int MARK_MASK = 0xff000000;

  /** Every nftables table whose name starts so is ours. */
  public static final String TABLE_PREFIX = "sluice-";

  private static final char[] BASE32 = "abcdefghijklmnopqrstuvwxyz234567".toCharArray();
  private static final int READABLE = 5;
  private static final int HASHED = 8;

  private Derived() {}

  /**
   * A link name of at most 15 bytes: {@code prefix} (2 letters), the start of {@code readable} for
   * people, and 40 bits of a hash of {@code identity} that tell it from all others.
   */
  public static String linkName(String prefix, String readable, String... identity) {
    StringBuilder name = new StringBuilder(prefix);
    readable
        .chars()
        .filter(c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
        .limit(READABLE)
        .forEach(c -> name.append((char) c));
    return name.append(shortHash(identity)).toString();
  }

  /** 40 bits of a hash of {@code identity}, as 8 letters and digits. */
  public static String shortHash(String... identity) {
    StringBuilder text = new StringBuilder();
    long hash = hash(identity);
    for (int i = 0; i < HASHED; i++) {
      text.append(BASE32[(int) (hash & 31)]);
      hash >>>= 5;
    }
    return text.toString();
  }

  /**
   * The conntrack mark of flows that {@code policy} admitted: our byte, and 24 bits of a hash of
   * all that decides a verdict.
   */
  public static int mark(String policy) {
    return MARK_BASE | (int) (hash("mark", policy) & 0xffffff);
  }

  /** The number of the routing table for what a topology's endpoints send. */
  public static int table(String topology) {
    return TABLE_BASE | (int) (hash("table", topology) & 0xffffff);
  }

  /** 64 bits of a hash of {@code identity}. */
  public static long number(String... identity) {
    return hash(identity);
  }

  private static long hash(String... parts) {
    try {
      byte[] text = String.join("\0", parts).getBytes(StandardCharsets.UTF_8);
      return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(text)).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
