package dev.sluice.core.node;

import dev.sluice.core.address.IpAddress;
import dev.sluice.core.address.MacAddress;
import dev.sluice.core.kernel.KernelFeature;
import dev.sluice.core.netlink.NetlinkException;
import dev.sluice.core.netlink.NetlinkObserver;
import dev.sluice.core.netlink.Request;
import dev.sluice.core.netlink.route.AddressRequests;
import dev.sluice.core.netlink.route.IpvlanKind;
import dev.sluice.core.netlink.route.LinkKind;
import dev.sluice.core.netlink.route.LinkMessage;
import dev.sluice.core.netlink.route.LinkRequests;
import dev.sluice.core.netlink.route.MacvlanKind;
import dev.sluice.core.netlink.route.MacvlanKind.Mode;
import dev.sluice.core.netlink.route.NetkitKind;
import dev.sluice.core.netlink.route.NewLink;
import dev.sluice.core.netlink.route.RouteSocket;
import dev.sluice.core.netlink.route.RuleRequests;
import dev.sluice.core.nft.NftException;
import dev.sluice.core.nft.NftSession;
import dev.sluice.core.sys.Errno;
import dev.sluice.core.sys.Netns;
import dev.sluice.core.sys.SyscallException;
import dev.sluice.core.sys.Sysctls;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Finds out what the kernel has by trying it, in a namespace that is thrown away. A refusal is a
 * lack only if its errno says "not supported"; any other (no permission, no memory) is an error of
 * its own.
 */
final class FeatureProbe {

  private static final String LINK = "probe";
  private static final MacAddress MAC = MacAddress.parse("02:00:00:00:00:01");
  private static final int MTU = 1500;
  private static final int LOOPBACK_INDEX = 1;
  private static final int PROTOCOL = 0x53;
  private static final String BRIDGE_NETFILTER = "net/bridge/bridge-nf-call-iptables";

  private static final int[] LACKS = {
    Errno.EOPNOTSUPP, Errno.EAFNOSUPPORT, Errno.EPROTONOSUPPORT, Errno.EINVAL, Errno.ENOSYS
  };

  private FeatureProbe() {}

  /** Those of {@code wanted} that the kernel has. */
  static Set<KernelFeature> probe(Set<KernelFeature> wanted) {
    Set<KernelFeature> present = EnumSet.noneOf(KernelFeature.class);
    if (wanted.isEmpty()) {
      return present;
    }
    try (Netns scratch = Netns.create()) {
      for (KernelFeature feature : wanted) {
        if (scratch.call(() -> has(feature))) {
          present.add(feature);
        }
      }
    } catch (SyscallException e) {
      if (!isLack(e.errno())) {
        throw e;
      }
      // Without network namespaces nothing else can be tried, or used.
    }
    return present;
  }

  private static boolean has(KernelFeature feature) {
    return switch (feature) {
      case NETWORK_NAMESPACES -> true;
      case VETH -> accepts(LinkRequests.addVeth(NewLink.named(LINK), NewLink.named(LINK + "2")));
      case MACVLAN -> hasOnParent(new MacvlanKind(Mode.PASSTHRU));
      case IPVLAN -> hasOnParent(new IpvlanKind(IpvlanKind.Mode.L2, IpvlanKind.VEPA));
      case BRIDGE -> accepts(LinkRequests.addBridge(LINK + "br", MAC, MTU, 0));
      case IPV6 -> exists("net/ipv6/conf/all/disable_ipv6");
      case POLICY_ROUTING -> accepts(rule(true)) && accepts(rule(false));
      case ADDRESS_PROTOCOL -> keepsAddressProtocol();
      case IPV6_FORCE_FORWARDING -> exists("net/ipv6/conf/all/force_forwarding");
      case NFTABLES_DEVICE ->
          accepts(
              """
              table netdev probe {
                chain c {
                  type filter hook ingress device "lo" priority 0;
                }
                chain d {
                  type filter hook egress device "lo" priority 0;
                }
              }
              """);
      case NFTABLES_CONNTRACK ->
          accepts(
              """
              table inet probe {
                map m { type ipv4_addr . inet_service : counter; flags interval; }
                chain c {
                  type filter hook forward priority 0;
                  ct mark 1 accept
                  meta l4proto 6 counter name ct reply ip saddr . ct reply proto-src map @m return
                  ct mark set 1
                }
              }
              """);
      case NFTABLES_NAT ->
          accepts(
              """
              table inet probe-nat {
                map m { type inet_proto . inet_service : ipv4_addr . inet_service; }
                chain d {
                  type nat hook prerouting priority -100;
                  fib daddr type != local accept
                  meta nfproto ipv4 meta l4proto 6 dnat ip to meta l4proto . th dport map @m
                }
                chain s {
                  type nat hook postrouting priority 100;
                  iifname "lo" masquerade
                }
              }
              """);
      case BRIDGE_NETFILTER -> keepsBridgeNetfilter();
      case BPF -> BpfProbe.loads();
      case BPF_JIT -> BpfProbe.compiles();
      case BPF_TCX -> BpfProbe.attaches(LOOPBACK_INDEX);
      case BPF_CLSACT -> BpfProbe.filters(LOOPBACK_INDEX);
      case BPF_REDIRECT_PEER -> BpfProbe.redirectsToPeers();
      case BPF_READ_KERNEL -> BpfProbe.readsTheKernel();
      case BTF -> BpfProbe.describesItsTypes();
      case NETKIT -> makesNetkits();
    };
  }

  /** On a bridge: every kernel that Sluice runs on has that. */
  private static boolean hasOnParent(LinkKind kind) {
    String parent = LINK + kind.name().charAt(0);
    if (!accepts(LinkRequests.addBridge(parent, MAC, MTU, 0))) {
      return false;
    }
    try (RouteSocket route = RouteSocket.open(NetlinkObserver.NONE)) {
      int index = route.link(parent).orElseThrow().index();
      return accepts(LinkRequests.add(NewLink.named(LINK + kind.name()).withParent(index), kind));
    }
  }

  private static boolean makesNetkits() {
    String primary = LINK + "nk";
    if (!accepts(
        LinkRequests.add(NewLink.named(primary), new NetkitKind(NewLink.named(LINK + "np"))))) {
      return false;
    }
    try (RouteSocket route = RouteSocket.open()) {
      return route.link(primary).filter(LinkMessage::isRecentNetkit).isPresent();
    }
  }

  private static Request rule(boolean v4) {
    return RuleRequests.add(new RuleRequests.NewRule(v4, LINK, 1000, 1, PROTOCOL));
  }

  private static boolean accepts(Request request) {
    try (RouteSocket route = RouteSocket.open()) {
      route.executeAll(request);
      return true;
    } catch (NetlinkException e) {
      if (isLack(e.errno())) {
        return false;
      }
      throw e;
    }
  }

  /** Everything that a chain needs comes with it or is missing; both modules and built-in parts. */
  private static boolean accepts(String nftCommands) {
    if (NftSession.generationHere(NetlinkObserver.NONE).isEmpty()) {
      return false;
    }
    try (NftSession nft = NftSession.open(NetlinkObserver.NONE)) {
      nft.run("probe", nftCommands);
      return true;
    } catch (NftException e) {
      if (isLack(e)) {
        return false;
      }
      throw e;
    }
  }

  /** The attribute is taken wherever the kernel was built for it, with the module loaded or not. */
  private static boolean keepsBridgeNetfilter() {
    if (!exists(BRIDGE_NETFILTER)) {
      loadBridgeNetfilter();
    }
    return exists(BRIDGE_NETFILTER);
  }

  /** Nothing in the kernel asks for this module when it is needed. */
  private static void loadBridgeNetfilter() {
    try {
      new ProcessBuilder("modprobe", "-q", "br_netfilter")
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (IOException e) {
      // No modprobe: then there are no modules, or nobody can load one.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A kernel that does not know the attribute may ignore it: so look whether it comes back. */
  private static boolean keepsAddressProtocol() {
    IpAddress ip = IpAddress.parse("192.0.2.1");
    boolean accepted =
        accepts(
            AddressRequests.add(
                new AddressRequests.NewAddress(
                    LOOPBACK_INDEX, ip, 32, AddressRequests.QUIET, PROTOCOL)));
    if (!accepted) {
      return false;
    }
    try (RouteSocket route = RouteSocket.open()) {
      return route.addresses().stream()
          .anyMatch(a -> a.ip().equals(ip) && a.protocol() == PROTOCOL);
    }
  }

  private static boolean exists(String sysctl) {
    try {
      return !Sysctls.read(sysctl).isEmpty();
    } catch (SyscallException e) {
      if (e.errno().is(Errno.ENOENT)) {
        return false;
      }
      throw e;
    }
  }

  static boolean isLack(Errno errno) {
    return IntStream.of(LACKS).anyMatch(errno::is);
  }

  /** An expression, a chain type or a hook that nftables does not have is "no such file". */
  static boolean isLack(NftException refusal) {
    return refusal.isOnly(
        IntStream.concat(IntStream.of(LACKS), IntStream.of(Errno.ENOENT)).toArray());
  }
}
