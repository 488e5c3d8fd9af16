package dev.sluice.core.reconcile.kind;

import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.kernel.Sysctl;
import dev.sluice.core.netlink.Request;
import dev.sluice.core.netlink.route.LinkMessage;
import dev.sluice.core.nft.NftTransaction;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.Function;

/** The smallest change that the executor makes, in one namespace. */
public sealed interface Action {

  /** Where it is made. */
  NetnsRef netns();

  /** When, among the actions of its namespace. */
  Phase phase();

  /** A netlink request, built when names can be resolved. */
  record Netlink(NetnsRef netns, Phase phase, Function<Names, Request> request) implements Action {}

  /**
   * A netlink request that takes something away. That it is gone already is no failure: the kernel
   * takes routes with their source address, and all of a link's with its last one.
   */
  record Removal(NetnsRef netns, Phase phase, Function<Names, Request> request) implements Action {}

  /** Commands of nftables; all of one phase are one transaction. */
  record Nft(NetnsRef netns, Phase phase, NftTransaction commands) implements Action {}

  /** A write to {@code /proc/sys}. */
  record WriteSysctl(Sysctl sysctl) implements Action {
    @Override
    public NetnsRef netns() {
      return sysctl.netns();
    }

    @Override
    public Phase phase() {
      return Phase.SYSCTL;
    }
  }

  /**
   * Work that is neither netlink nor nftables; on a thread in {@code netns}, once all before it was
   * sent. Not begun if anything of that has failed.
   */
  record Call(NetnsRef netns, Phase phase, Consumer<Names> work) implements Action {}

  /** What names mean while actions run: the kernel wants numbers and descriptors. */
  interface Names {
    /** A link in the action's namespace, as the kernel told it when it was first asked for. */
    LinkMessage device(String name);

    /** Its ifindex. */
    default int link(String name) {
      return device(name).index();
    }

    /** A descriptor of a namespace, valid until the actions are done. */
    int netnsFd(NetnsRef netns);

    /** The node's directory of BPF pins: where a plan makes BPF objects it is there. */
    Path pins();
  }
}
