package dev.sluice.cli.output;

import dev.sluice.core.datapath.Derived;
import dev.sluice.core.kernel.Bridge;
import dev.sluice.core.kernel.Ipvlan;
import dev.sluice.core.kernel.KernelObject;
import dev.sluice.core.kernel.LinkFilter;
import dev.sluice.core.kernel.LinkPair;
import dev.sluice.core.kernel.Loopback;
import dev.sluice.core.kernel.Macvlan;
import dev.sluice.core.kernel.Namespace;
import dev.sluice.core.kernel.Neighbour;
import dev.sluice.core.kernel.NetkitPair;
import dev.sluice.core.kernel.NftTable;
import dev.sluice.core.kernel.Route;
import dev.sluice.core.kernel.Rule;
import dev.sluice.core.kernel.Sysctl;
import dev.sluice.core.kernel.VethPair;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What of a kernel object its key does not tell, field by field, in words of ip(8). */
final class ObjectFields {

  /** Of each field of a table that is no longer as it was made: nobody has looked at what it is. */
  static final String ALTERED = "altered";

  private ObjectFields() {}

  static Map<String, String> of(KernelObject object) {
    Map<String, String> out = new LinkedHashMap<>();
    if (object instanceof Namespace o) {
      out.put("published", Boolean.toString(o.published()));
    } else if (object instanceof Bridge o) {
      out.put("kind", "bridge");
      out.put("mac", o.mac().toString());
      out.put("mtu", Integer.toString(o.mtu()));
      out.put("netfilter", Boolean.toString(o.netfilter()));
      out.put("up", Boolean.toString(o.up()));
      out.put("alias", o.alias());
    } else if (object instanceof VethPair o) {
      out.put("kind", "veth");
      o.master().ifPresent(m -> out.put("master", m));
      out.put("hairpin", Boolean.toString(o.hairpin()));
      pair(out, o);
    } else if (object instanceof NetkitPair o) {
      out.put("kind", "netkit");
      out.put("policy", o.closed() ? "blackhole" : "another");
      pair(out, o);
    } else if (object instanceof Macvlan o) {
      out.put("kind", "macvlan");
      out.put("mode", o.passthru() ? "passthru" : "another");
      out.put("parent", o.parent());
      out.put("mac", o.mac().toString());
      out.put("mtu", Integer.toString(o.mtu()));
      out.put("up", Boolean.toString(o.up()));
    } else if (object instanceof LinkFilter o) {
      out.put("accepted", Boolean.toString(o.accepted()));
    } else if (object instanceof Ipvlan o) {
      out.put("kind", "ipvlan");
      out.put("mode", o.mode().name().toLowerCase(Locale.ROOT) + (o.vepa() ? ", vepa" : ""));
      out.put("parent", o.parent() + " in " + o.parentNetns());
      out.put("mtu", Integer.toString(o.mtu()));
      out.put("up", Boolean.toString(o.up()));
    } else if (object instanceof Loopback o) {
      out.put("up", Boolean.toString(o.up()));
    } else if (object instanceof Neighbour o) {
      out.put("mac", o.mac().toString());
    } else if (object instanceof Route o) {
      route(out, o.target());
    } else if (object instanceof Rule o) {
      o.marked().ifPresent(m -> out.put("fwmark", m.toString()));
      out.put("table", Integer.toUnsignedString(o.table()));
    } else if (object instanceof Sysctl o) {
      out.put("value", o.value());
    } else if (object instanceof NftTable o && o.isAltered()) {
      List.of("chains", "rules", "elements", "content").forEach(field -> out.put(field, ALTERED));
    } else if (object instanceof NftTable o) {
      out.put("chains", Integer.toString(o.chains().size()));
      out.put("rules", Integer.toString(o.chains().stream().mapToInt(c -> c.rules().size()).sum()));
      out.put(
          "elements", Integer.toString(o.sets().stream().mapToInt(s -> s.elements().size()).sum()));
      out.put("content", Derived.shortHash(o.toString()));
    } else {
      out.putAll(object.fields());
    }
    return out;
  }

  private static void pair(Map<String, String> out, LinkPair pair) {
    end(out, "", pair.near());
    out.put("alias", pair.alias());
    out.put("peer", pair.far().name() + " in " + pair.farNetns());
    end(out, "peer ", pair.far());
  }

  private static void end(Map<String, String> out, String prefix, LinkPair.End end) {
    out.put(prefix + "mac", end.mac().toString());
    out.put(prefix + "mtu", Integer.toString(end.mtu()));
    out.put(prefix + "up", Boolean.toString(end.up()));
  }

  private static void route(Map<String, String> out, Route.Target target) {
    if (target instanceof Route.OnLink t) {
      out.put("dev", t.link());
      t.source().ifPresent(s -> out.put("src", s.toString()));
    } else if (target instanceof Route.Via t) {
      out.put("via", t.gateway().toString());
      out.put("dev", t.link());
    } else {
      out.put("type", "unreachable");
    }
  }
}
