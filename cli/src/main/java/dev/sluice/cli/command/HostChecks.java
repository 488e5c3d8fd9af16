package dev.sluice.cli.command;

import dev.sluice.bpf.lib.BpfLibrary;
import dev.sluice.cli.command.DoctorDocument.HostCheck;
import dev.sluice.core.check.NeighbourTable;
import dev.sluice.core.error.SluiceException;
import dev.sluice.core.node.Node;
import dev.sluice.core.node.NodeDirectories;
import dev.sluice.core.node.ThrowawayNode;
import dev.sluice.core.sys.Errno;
import dev.sluice.core.sys.SyscallException;
import dev.sluice.core.sys.Sysctls;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Looks at what a node needs of its host, beside the kernel's features. */
final class HostChecks {

  private static final String NAMES = "namespace names";
  private static final String STATE = "state";
  private static final String LOCKS = "locks";

  /** Without these nothing can be applied. */
  private static final Set<String> NEEDED = Set.of(NAMES, STATE, LOCKS);

  private HostChecks() {}

  static List<HostCheck> of(Node node) {
    NodeDirectories directories = node.directories();
    return List.of(
        directory(NAMES, directories.names()),
        directory(STATE, directories.state()),
        directory(LOCKS, directories.run()),
        neighbours(),
        node.netns().call(HostChecks::bridgedFrames),
        node.netns().call(HostChecks::ipv6),
        libbpf(),
        leftovers());
  }

  /** Whether a topology can be applied, whatever else is not good. */
  static boolean allow(List<HostCheck> checks) {
    return checks.stream().allMatch(c -> c.good() || !NEEDED.contains(c.item()));
  }

  /** A directory that is not there yet is judged by the nearest one above it. */
  private static HostCheck directory(String item, Path directory) {
    Path nearest = directory;
    while (!Files.exists(nearest)) {
      nearest = nearest.getParent();
    }
    boolean good = Files.isDirectory(nearest) && Files.isWritable(nearest);
    String there = nearest.equals(directory) ? "" : " (made when first needed)";
    return new HostCheck(
        item, good, directory + (good ? " can be written" : " cannot be written") + there);
  }

  /** One table for all namespaces of the machine, and its default is small. */
  private static HostCheck neighbours() {
    long overflows = NeighbourTable.overflows();
    String room = "room for " + NeighbourTable.size() + " (net.ipv4.neigh.default.gc_thresh3)";
    return new HostCheck(
        "neighbour table",
        overflows == 0,
        overflows == 0 ? room : room + "; was full " + overflows + " times: raise it");
  }

  /** With br_netfilter, what a bridge switches goes through the rules for what is routed. */
  private static HostCheck bridgedFrames() {
    String name = "net/bridge/bridge-nf-call-iptables";
    Optional<String> value = sysctl(name);
    boolean good = !value.equals(Optional.of("1"));
    return new HostCheck(
        "bridges bypass iptables",
        good,
        value.map(v -> name.replace('/', '.') + " is " + v).orElse("br_netfilter is not loaded")
            + (good
                ? ""
                : ", the kernel's default: works, unless iptables rules of the node drop what it"
                    + " forwards"));
  }

  private static HostCheck ipv6() {
    String nodeWide = "net/ipv6/conf/all/forwarding";
    Optional<String> value = sysctl(nodeWide);
    String means =
        sysctl("net/ipv6/conf/all/force_forwarding").isPresent()
            ? "by interface (force_forwarding)"
            : "node-wide only: "
                + nodeWide.replace('/', '.')
                + ", now %s, is borrowed by topologies with IPv6";
    return new HostCheck(
        "IPv6 forwarding",
        value.isPresent(),
        value.map(means::formatted).orElse("this kernel has no IPv6, or has it disabled"));
  }

  /** Of the namespace of the calling thread; empty if this kernel has none. */
  private static Optional<String> sysctl(String name) {
    try {
      return Optional.of(Sysctls.read(name));
    } catch (SyscallException e) {
      if (e.errno().is(Errno.ENOENT)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Found when it is first called, and only the ebpf datapath calls it. */
  private static HostCheck libbpf() {
    boolean good = BpfLibrary.isThere();
    return new HostCheck(
        "libbpf",
        good,
        good
            ? BpfLibrary.NAME + " is there"
            : BpfLibrary.NAME
                + " is not there: for the ebpf datapath, install the Debian package "
                + BpfLibrary.PACKAGE);
  }

  private static HostCheck leftovers() {
    String item = "leftovers";
    try {
      int removed = ThrowawayNode.collectLeftovers();
      return new HostCheck(
          item,
          true,
          removed == 0
              ? "none of killed runs"
              : "removed %d throwaway node%s of killed runs"
                  .formatted(removed, removed == 1 ? "" : "s"));
    } catch (SluiceException e) {
      return new HostCheck(item, false, e.getMessage());
    }
  }
}
