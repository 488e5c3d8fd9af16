package dev.sluice.testkit;

import dev.sluice.core.kernel.Address;
import dev.sluice.core.kernel.Bridge;
import dev.sluice.core.kernel.Ipvlan;
import dev.sluice.core.kernel.KernelObject;
import dev.sluice.core.kernel.KernelState;
import dev.sluice.core.kernel.LinkFilter;
import dev.sluice.core.kernel.LinkPair;
import dev.sluice.core.kernel.Loopback;
import dev.sluice.core.kernel.Macvlan;
import dev.sluice.core.kernel.Namespace;
import dev.sluice.core.kernel.Neighbour;
import dev.sluice.core.kernel.NetkitPair;
import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.kernel.NftTable;
import dev.sluice.core.kernel.Route;
import dev.sluice.core.kernel.Rule;
import dev.sluice.core.kernel.Sysctl;
import dev.sluice.core.kernel.VethPair;
import dev.sluice.core.nft.NftScript;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** A kernel state as text for people: a section for each namespace, a line for each object. */
public final class KernelText {

  private KernelText() {}

  /** The text of {@code state}; equal states have equal texts, whatever their order. */
  public static String of(KernelState state) {
    Map<NetnsRef, TreeSet<String>> sections = new TreeMap<>();
    for (KernelObject object : state.objects()) {
      sections.computeIfAbsent(object.key().netns(), n -> new TreeSet<>()).add(line(object));
    }
    StringBuilder out = new StringBuilder();
    sections.forEach(
        (netns, lines) -> {
          out.append(netns).append('\n');
          lines.forEach(line -> out.append("  ").append(line).append('\n'));
        });
    return out.toString();
  }

  private static String line(KernelObject object) {
    if (object instanceof Namespace n) {
      return "namespace " + n.name() + (n.published() ? "" : " unpublished");
    }
    if (object instanceof Bridge b) {
      return "bridge %s %s mtu %d%s %s \"%s\""
          .formatted(
              b.name(),
              b.mac(),
              b.mtu(),
              b.netfilter() ? " netfilter" : "",
              upDown(b.up()),
              b.alias());
    }
    if (object instanceof VethPair v) {
      return "veth %s, %sport of %s, \"%s\", to %s in %s"
          .formatted(
              end(v.near()),
              v.hairpin() ? "hairpin " : "",
              v.master().orElse("nothing"),
              v.alias(),
              end(v.far()),
              v.farNetns());
    }
    if (object instanceof NetkitPair n) {
      return "netkit %s, \"%s\", to %s in %s%s"
          .formatted(
              end(n.near()), n.alias(), end(n.far()), n.farNetns(), n.closed() ? "" : " open");
    }
    if (object instanceof Macvlan m) {
      return "macvlan %s on %s %s mtu %d %s"
          .formatted(m.name(), m.parent(), m.mac(), m.mtu(), upDown(m.up()));
    }
    if (object instanceof LinkFilter f) {
      return "%s takes in frames for %s: %s".formatted(f.link(), f.mac(), f.accepted());
    }
    if (object instanceof Ipvlan i) {
      return "ipvlan %s on %s in %s %s%s mtu %d %s"
          .formatted(
              i.name(),
              i.parent(),
              i.parentNetns(),
              i.mode(),
              i.vepa() ? " VEPA" : "",
              i.mtu(),
              upDown(i.up()));
    }
    if (object instanceof Loopback lo) {
      return "lo " + upDown(lo.up());
    }
    if (object instanceof Address a) {
      return "address %s/%d on %s".formatted(a.ip(), a.prefix(), a.link());
    }
    if (object instanceof Route r) {
      return "route table %s %s %s"
          .formatted(
              r.table() == Route.MAIN ? "main" : Integer.toUnsignedString(r.table()),
              r.destination(),
              target(r.target()));
    }
    if (object instanceof Rule r) {
      return "rule %s %d from %s%s table %s"
          .formatted(
              r.v4() ? "ipv4" : "ipv6",
              r.priority(),
              r.iif(),
              r.marked().map(m -> " marked " + m).orElse(""),
              Integer.toUnsignedString(r.table()));
    }
    if (object instanceof Neighbour n) {
      return "neighbour %s on %s is %s".formatted(n.ip(), n.link(), n.mac());
    }
    if (object instanceof Sysctl s) {
      return "sysctl %s = %s".formatted(s.path(), s.value());
    }
    if (object instanceof NftTable t) {
      return "nftables " + NftScript.replace(t).strip().indent(4).strip();
    }
    return object.key().type().word() + " " + object.key().id() + " " + object.fields();
  }

  private static String end(LinkPair.End end) {
    return "%s %s mtu %d %s".formatted(end.name(), end.mac(), end.mtu(), upDown(end.up()));
  }

  private static String upDown(boolean up) {
    return up ? "up" : "down";
  }

  private static String target(Route.Target target) {
    if (target instanceof Route.OnLink to) {
      return "dev " + to.link() + to.source().map(s -> " src " + s).orElse("");
    }
    if (target instanceof Route.Via via) {
      return "via " + via.gateway() + " dev " + via.link();
    }
    return "unreachable";
  }
}
