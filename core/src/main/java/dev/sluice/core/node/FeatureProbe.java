package dev.sluice.core.node;

import dev.sluice.core.address.IpAddress;
import dev.sluice.core.address.MacAddress;
import dev.sluice.core.kernel.KernelFeature;
import dev.sluice.core.netlink.NetlinkException;
import dev.sluice.core.netlink.Request;
import dev.sluice.core.netlink.route.AddressRequests;
import dev.sluice.core.netlink.route.LinkRequests;
import dev.sluice.core.netlink.route.NewLink;
import dev.sluice.core.netlink.route.RouteSocket;
import dev.sluice.core.netlink.route.RuleRequests;
import dev.sluice.core.sys.Errno;
import dev.sluice.core.sys.Netns;
import dev.sluice.core.sys.SyscallException;
import dev.sluice.core.sys.Sysctls;
import java.util.EnumSet;
import java.util.Set;

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
      case BRIDGE -> accepts(LinkRequests.addBridge(LINK + "br", MAC, MTU, 0));
      case IPV6 -> exists("net/ipv6/conf/all/disable_ipv6");
      case POLICY_ROUTING -> accepts(rule(true)) && accepts(rule(false));
      case ADDRESS_PROTOCOL -> keepsAddressProtocol();
      case IPV6_FORCE_FORWARDING -> exists("net/ipv6/conf/all/force_forwarding");
    };
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

  private static boolean isLack(Errno errno) {
    return errno.is(Errno.EOPNOTSUPP)
        || errno.is(Errno.EAFNOSUPPORT)
        || errno.is(Errno.EPROTONOSUPPORT)
        || errno.is(Errno.EINVAL)
        || errno.is(Errno.ENOSYS);
  }
}
