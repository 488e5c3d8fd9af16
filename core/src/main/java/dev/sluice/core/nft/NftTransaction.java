package dev.sluice.core.nft;

import dev.sluice.core.netlink.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Commands that are carried out together or not at all.
 *
 * @param script in nft(8)'s language
 * @param requests what they come to in netlink, where they are few and simple; libnftables asks for
 *     all chains, sets and counters before it carries out the least
 */
public record NftTransaction(String script, Optional<List<Request>> requests) {

  /** More would not be fewer than what libnftables asks for. */
  private static final int MOST_REQUESTS = 100;

  public NftTransaction {
    requests = requests.filter(r -> r.size() <= MOST_REQUESTS).map(List::copyOf);
  }

  /** Commands for libnftables alone. */
  static NftTransaction of(String script) {
    return new NftTransaction(script, Optional.empty());
  }

  /** These commands, and {@code more} of other tables, as one. */
  public NftTransaction and(NftTransaction more) {
    return new NftTransaction(
        script + more.script,
        requests.flatMap(
            mine ->
                more.requests.map(
                    others -> {
                      List<Request> all = new ArrayList<>(mine);
                      all.addAll(others);
                      return all;
                    })));
  }
}
