package dev.sluice.core.kernel;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A whole nftables table (nft(8)), all of it ours by its name. Chains, sets and rules are nft's own
 * text; what changes between two of one name is applied in one transaction, or in two where there
 * are chains that come last. Its text is the same on every run: whatever has no order of its own is
 * sorted.
 *
 * @param family {@code inet}, {@code netdev}, …
 * @param counters names of its named counters
 * @param chains at least one
 * @param links links of the node that its chains hook; they must exist before it
 * @param claims what of the node it takes for itself, that no other table may take too
 */
public record NftTable(
    NetnsRef netns,
    String family,
    String name,
    List<String> counters,
    List<NftSet> sets,
    List<NftChain> chains,
    Set<String> links,
    Set<Key> claims)
    implements KernelObject {

  public NftTable {
    counters = List.copyOf(counters);
    sets = List.copyOf(sets);
    chains = List.copyOf(chains);
    links = Collections.unmodifiableSet(new TreeSet<>(links));
    claims = Collections.unmodifiableSet(new TreeSet<>(claims));
  }

  /** A table that claims nothing. */
  public NftTable(
      NetnsRef netns,
      String family,
      String name,
      List<String> counters,
      List<NftSet> sets,
      List<NftChain> chains,
      Set<String> links) {
    this(netns, family, name, counters, sets, chains, links, Set.of());
  }

  @Override
  public Key key() {
    return new Key(Key.Type.NFT_TABLE, netns, family + " " + name);
  }

  /** A table of ours whose content somebody has changed, or that has lost a link it hooked. */
  public static NftTable altered(NetnsRef netns, String family, String name) {
    return new NftTable(netns, family, name, List.of(), List.of(), List.of(), Set.of());
  }

  @Override
  public boolean isAltered() {
    return chains.isEmpty();
  }

  /** Without its links the table stays, though it may have lost the chains that hooked them. */
  @Override
  public Optional<KernelObject> remains() {
    return Optional.of(altered(netns, family, name));
  }

  @Override
  public Set<Key> provides() {
    Set<Key> all = new TreeSet<>(claims);
    all.add(key());
    return all;
  }

  @Override
  public Set<Key> needs() {
    return links.stream().map(l -> Key.link(netns, l)).collect(Collectors.toUnmodifiableSet());
  }

  /**
   * A set or map.
   *
   * @param declaration what stands in its braces but for the elements: {@code type ipv4_addr :
   *     verdict; flags interval;}
   * @param map whether it is a map
   * @param elements key to value in nft's text; the value is empty in a set
   */
  public record NftSet(
      String name, boolean map, String declaration, SortedMap<String, String> elements) {
    public NftSet {
      elements = Collections.unmodifiableSortedMap(new TreeMap<>(elements));
    }

    public static NftSet of(String name, String declaration, Set<String> elements) {
      SortedMap<String, String> keys = new TreeMap<>();
      elements.forEach(e -> keys.put(e, ""));
      return new NftSet(name, false, declaration, keys);
    }

    public static NftSet map(String name, String declaration, Map<String, String> elements) {
      return new NftSet(name, true, declaration, new TreeMap<>(elements));
    }
  }

  /**
   * A chain.
   *
   * @param hook of a base chain, without the closing semicolon: {@code type filter hook forward
   *     priority 0; policy accept}
   * @param rules each one line, in order
   * @param change when its rules change
   */
  public record NftChain(
      String name, Optional<String> hook, List<String> rules, ChainChange change) {
    public NftChain {
      rules = List.copyOf(rules);
    }

    /** One that changes with all else. */
    public NftChain(String name, Optional<String> hook, List<String> rules) {
      this(name, hook, rules, ChainChange.WITH_THE_REST);
    }
  }

  /**
   * When the rules of a chain change. A transaction is not one moment for packets: Linux 6.18 looks
   * into an interval set as it was for as long as the commit takes, while the rules are the new
   * ones already ({@code nft_set_pipapo.c}). What relies on the rest being in force changes after
   * it.
   */
  public enum ChainChange {
    /** With all else. */
    WITH_THE_REST,
    /** Once all else is in force; until then they are the old ones. */
    AFTERWARDS,
    /** As {@link #AFTERWARDS}, but until then the chain only accepts. */
    ACCEPTING_MEANWHILE
  }
}
