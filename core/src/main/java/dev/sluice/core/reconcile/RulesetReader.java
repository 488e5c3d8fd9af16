package dev.sluice.core.reconcile;

import dev.sluice.core.datapath.Derived;
import dev.sluice.core.kernel.KernelState;
import dev.sluice.core.kernel.NftTable;
import dev.sluice.core.netlink.route.LinkRequests;
import dev.sluice.core.netlink.route.NewLink;
import dev.sluice.core.netlink.route.RouteSocket;
import dev.sluice.core.nft.NftListing;
import dev.sluice.core.nft.NftScript;
import dev.sluice.core.nft.NftSession;
import dev.sluice.core.sys.Kernel;
import dev.sluice.core.sys.Netns;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds out what our nftables tables hold. What was written is remembered with the generation of
 * the ruleset; while that stands, so do the tables. With another one they are listed and compared:
 * the kernel normalises what it is given, so each is compared with what a scratch namespace makes
 * of the same text. A table that is neither as remembered nor as wanted is {@link
 * NftTable#altered}.
 */
final class RulesetReader {

  /** A new namespace's ruleset starts with this generation. */
  private static final int UNTOUCHED = 1;

  private final NodeSession session;
  private final KernelState desired;

  RulesetReader(NodeSession session, KernelState desired) {
    this.session = session;
    this.desired = desired;
  }

  /**
   * The ruleset now. Runs on a thread in the node.
   *
   * @param remembered what was written last
   * @param links the names of all links of the node
   */
  Ruleset read(Optional<Ruleset> remembered, Set<String> links) {
    Ruleset now =
        new Ruleset(
            Kernel.bootId(),
            Netns.currentCookie(),
            NftSession.generationHere(session.netlink()),
            List.of());
    if (now.generation().isEmpty()) {
      return now;
    }
    Optional<Ruleset> last = remembered.filter(now::sameNode);
    List<NftTable> tables;
    if (last.isPresent() && last.get().generation().equals(now.generation())) {
      tables = last.get().tables();
    } else if (now.generation().get() <= UNTOUCHED) {
      // Nobody has made a table here yet.
      tables = List.of();
    } else {
      tables = compare(last);
    }
    List<NftTable> whole =
        tables.stream().map(t -> links.containsAll(t.links()) ? t : altered(t)).toList();
    return new Ruleset(now.bootId(), now.netns(), now.generation(), whole);
  }

  private static NftTable altered(NftTable table) {
    return NftTable.altered(table.netns(), table.family(), table.name());
  }

  private List<NftTable> compare(Optional<Ruleset> last) {
    List<NftTable> out = new ArrayList<>();
    NftSession nft = session.nft();
    for (NftTable present : nft.tables(Derived.TABLE_PREFIX)) {
      Set<NftTable> candidates = new LinkedHashSet<>();
      last.flatMap(r -> r.find(present)).ifPresent(candidates::add);
      desired.get(present.key()).ifPresent(o -> candidates.add((NftTable) o));
      NftListing listing = nft.list(present.family(), present.name());
      out.add(
          candidates.stream()
              .filter(c -> !c.isAltered() && normalised(c).equals(listing))
              .findFirst()
              .orElse(present));
    }
    return out;
  }

  /** What the kernel makes of a table, tried where it does nothing. */
  private NftListing normalised(NftTable table) {
    try (Netns scratch = Netns.create()) {
      return scratch.call(
          () -> {
            try (RouteSocket route = session.route();
                NftSession nft = NftSession.open(session.netlink())) {
              for (String link : table.links()) {
                route.executeAll(
                    LinkRequests.addVeth(NewLink.named(link), NewLink.named(peer(link))));
              }
              nft.run("compare table " + table.name(), NftScript.replace(table));
              return nft.list(table.family(), table.name());
            }
          });
    }
  }

  /** No link that a table hooks has such a name. */
  private static String peer(String link) {
    return "x" + link.substring(1);
  }
}
