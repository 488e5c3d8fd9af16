package dev.sluice.core.kernel;

import java.util.Comparator;

/**
 * The identity of a kernel object: two objects with one key cannot exist side by side in the
 * kernel.
 *
 * @param id unique within type and namespace, readable by people
 */
public record Key(Type type, NetnsRef netns, String id) implements Comparable<Key> {

  /** What may clash with what: links of all kinds share the names of their namespace. */
  public enum Type {
    NAMESPACE("namespace"),
    LINK("link"),
    ADDRESS("address"),
    ROUTE("route"),
    RULE("rule"),
    NEIGHBOUR("neighbour"),
    SYSCTL("sysctl"),
    LINK_FILTER("frames for"),
    NFT_TABLE("nftables table"),
    PUBLISHED_PORT("published port"),
    DENY_LIST("deny list"),
    BPF_OBJECT("BPF object"),
    BPF_LINK("BPF link");

    private final String word;

    Type(String word) {
      this.word = word;
    }

    public String word() {
      return word;
    }
  }

  private static final Comparator<Key> ORDER =
      Comparator.comparing(Key::type).thenComparing(Key::netns).thenComparing(Key::id);

  /** The key of a link of any kind. */
  public static Key link(NetnsRef netns, String name) {
    return new Key(Type.LINK, netns, name);
  }

  /** The key of a port of the node's addresses, of {@code protocol} in capitals. */
  public static Key publishedPort(String protocol, int port) {
    return new Key(Type.PUBLISHED_PORT, NetnsRef.NODE, protocol + " " + port);
  }

  /** The key of what decides on the sources of all that comes in by a link of the node. */
  public static Key denyList(String link) {
    return new Key(Type.DENY_LIST, NetnsRef.NODE, "of uplink " + link);
  }

  /** The key of a named namespace of the node. */
  public static Key namespace(String name) {
    return new Key(Type.NAMESPACE, NetnsRef.NODE, name);
  }

  @Override
  public int compareTo(Key other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return type.word() + " " + id + (type == Type.NAMESPACE ? "" : " in " + netns);
  }
}
