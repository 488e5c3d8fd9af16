package dev.sluice.core.nft;

import dev.sluice.core.datapath.Count;
import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.kernel.NftTable;
import dev.sluice.core.netlink.NetlinkConnection;
import dev.sluice.core.netlink.NetlinkException;
import dev.sluice.core.netlink.NetlinkObserver;
import dev.sluice.core.netlink.Request;
import dev.sluice.core.netlink.Request.Layout;
import dev.sluice.core.netlink.codec.AttributeNames;
import dev.sluice.core.netlink.codec.AttributeWriter;
import dev.sluice.core.netlink.codec.Attributes;
import dev.sluice.core.netlink.codec.ByteView;
import dev.sluice.core.netlink.codec.NetlinkDecodeException;
import dev.sluice.core.sys.Errno;
import dev.sluice.core.sys.Nftables;
import dev.sluice.core.sys.SyscallException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * nftables of one namespace: that of the thread that opens it, in which every call has to be made.
 */
public final class NftSession implements AutoCloseable {

  private static final int NETLINK_NETFILTER = 12;

  /** linux/netfilter/nfnetlink.h and nf_tables.h: subsystem nftables, NFT_MSG_GETGEN. */
  private static final int GETGEN = 10 << 8 | 16;

  private static final int NFTA_GEN_ID = 1;

  /** struct nfgenmsg. */
  private static final Layout GENERATION =
      new Layout(4, AttributeNames.of("NFTA_GEN_", "ID", "PROC_PID", "PROC_NAME"));

  private final Nftables nftables;
  private final NetlinkConnection netlink;

  private NftSession(Nftables nftables, NetlinkConnection netlink) {
    this.nftables = nftables;
    this.netlink = netlink;
  }

  /** For the calling thread's namespace. */
  public static NftSession open(NetlinkObserver observer) {
    Nftables nftables = Nftables.open();
    try {
      return new NftSession(nftables, NetlinkConnection.open(NETLINK_NETFILTER, observer));
    } catch (RuntimeException e) {
      nftables.close();
      throw e;
    }
  }

  /** A number that each transaction of anybody in this namespace raises by one. */
  public int generation() {
    return generation(netlink);
  }

  /**
   * As {@link #generation()}, in the calling thread's namespace, where nothing else of nftables is
   * needed; empty if the kernel has no nftables.
   */
  public static Optional<Integer> generationHere(NetlinkObserver observer) {
    try (NetlinkConnection netlink = NetlinkConnection.open(NETLINK_NETFILTER, observer)) {
      return Optional.of(generation(netlink));
    } catch (SyscallException e) {
      if (e.errno().is(Errno.EPROTONOSUPPORT)) {
        return Optional.empty();
      }
      throw e;
    } catch (NetlinkException e) {
      // What nfnetlink says of a subsystem that it does not know.
      if (e.errno().is(Errno.EINVAL)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static int generation(NetlinkConnection netlink) {
    Request request =
        new Request(
            GETGEN,
            0,
            ByteView.of(new AttributeWriter().header8(0).header8(0).header16(0).toBytes()),
            GENERATION,
            false,
            "get ruleset generation",
            "");
    ByteView answer =
        netlink
            .get(request)
            .orElseThrow(() -> new NetlinkDecodeException("no ruleset generation"))
            .payload();
    int id =
        Attributes.parse(answer.from(GENERATION.headerLength()), GENERATION.names())
            .i32(NFTA_GEN_ID)
            .orElseThrow(() -> new NetlinkDecodeException("a generation without NFTA_GEN_ID"));
    // Netfilter's numbers are in network order.
    return Integer.reverseBytes(id);
  }

  /**
   * Carries out a transaction, without libnftables where that is possible; if the kernel refuses,
   * libnftables tries again, which knows to say what is wrong.
   */
  public void run(String operation, NftTransaction transaction) {
    if (!transaction.requests().map(this::isDone).orElse(false)) {
      run(operation, transaction.script());
    }
  }

  private boolean isDone(List<Request> requests) {
    return netlink.transact(NftMessages.begin(), requests, NftMessages.end()).isEmpty();
  }

  /** Carries out a script as one transaction. */
  public void run(String operation, String script) {
    Nftables.Result result = nftables.run(script);
    if (!result.done()) {
      throw new NftException(operation, result.errors());
    }
  }

  /** The tables whose name starts with {@code prefix}; what they hold is not looked at. */
  public List<NftTable> tables(String prefix) {
    return text("list tables")
        .lines()
        .map(line -> line.split(" ", -1))
        .filter(words -> words.length == 3 && words[2].startsWith(prefix))
        .map(words -> NftTable.altered(NetnsRef.NODE, words[1], words[2]))
        .toList();
  }

  /** What the kernel has of a table, in a form that is alike for tables that do alike. */
  public NftListing list(String family, String name) {
    String command = "list table " + family + " " + name;
    return NftListing.parse(json(command, true), text(command));
  }

  private String text(String command) {
    Nftables.Result result = nftables.run(command);
    if (!result.done()) {
      throw new NftException(command, result.errors());
    }
    return result.output();
  }

  /** What the named counters of a table have counted, by name; none if there is no such table. */
  public Map<String, Count> counters(String family, String table) {
    boolean there =
        tables(table).stream().anyMatch(t -> t.family().equals(family) && t.name().equals(table));
    return there
        ? NftCounters.parse(json("list counters table " + family + " " + table, false))
        : Map.of();
  }

  /** The answer of a list command in JSON (libnftables-json(5)). */
  public String json(String command, boolean stateless) {
    Nftables.Result result = stateless ? nftables.statelessJson(command) : nftables.json(command);
    if (!result.done()) {
      throw new NftException(command, result.errors());
    }
    return result.output();
  }

  @Override
  public void close() {
    netlink.close();
    nftables.close();
  }
}
