package dev.sluice.bpf.kind;

import dev.sluice.bpf.kernel.BpfLink;
import dev.sluice.bpf.kernel.BpfLink.Hook;
import dev.sluice.bpf.kernel.BpfObject;
import dev.sluice.bpf.kernel.MapContent;
import dev.sluice.bpf.kernel.MapValue;
import dev.sluice.core.address.Cidr;
import dev.sluice.core.address.IpAddress;
import dev.sluice.core.address.MacAddress;
import dev.sluice.core.datapath.Datapath;
import dev.sluice.core.datapath.DesiredState;
import dev.sluice.core.datapath.Support;
import dev.sluice.core.kernel.Address;
import dev.sluice.core.kernel.KernelFeatures;
import dev.sluice.core.kernel.KernelObject;
import dev.sluice.core.kernel.KernelState;
import dev.sluice.core.kernel.LinkPair;
import dev.sluice.core.kernel.Namespace;
import dev.sluice.core.kernel.Neighbour;
import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.kernel.Route;
import dev.sluice.core.kernel.VethPair;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One namespace behind a veth pair, with the sample programs at the near end, which has an address.
 *
 * @param file of the programs
 * @param room of a map, for more than it has to hold: another is another version
 * @param generation in an array: another is a change in place
 * @param identities how many entries the trie has
 * @param more further objects
 */
record Sampled(String file, int room, int generation, int identities, List<KernelObject> more)
    implements Datapath {

  static final String NEAR = "near.0";

  private static final NetnsRef NS = NetnsRef.named("ns1");

  static Sampled first() {
    return new Sampled("sample", 1, 1, 3, List.of());
  }

  Sampled withFile(String other) {
    return new Sampled(other, room, generation, identities, more);
  }

  Sampled withRoom(int other) {
    return new Sampled(file, other, generation, identities, more);
  }

  Sampled withGeneration(int other) {
    return new Sampled(file, room, other, identities, more);
  }

  Sampled withIdentities(int other) {
    return new Sampled(file, room, generation, other, more);
  }

  Sampled with(KernelObject object) {
    return new Sampled(file, room, generation, identities, List.of(object));
  }

  @Override
  public String name() {
    return "sampled";
  }

  @Override
  public String summary() {
    return "the sample programs";
  }

  @Override
  public Support support(KernelFeatures features) {
    return new Support(List.of(), List.of());
  }

  @Override
  public KernelState render(DesiredState desired) {
    String topology = desired.topology().name();
    IpAddress here = IpAddress.parse("10.0.1.1");
    IpAddress there = IpAddress.parse("10.0.1.2");
    MacAddress near = MacAddress.parse("02:00:00:00:00:01");
    MacAddress far = MacAddress.parse("02:00:00:00:00:02");
    Cidr subnet = Cidr.parse("10.0.1.0/24");
    BpfObject object = object(topology);
    KernelFeatures features = desired.node().features();
    Hook ingress = Hook.ingress(features);
    List<KernelObject> out = new ArrayList<>(more);
    out.add(new Namespace("ns1", true));
    out.add(
        new VethPair(
            new LinkPair.End(NEAR, near, 1500, true),
            Optional.empty(),
            false,
            "",
            NS,
            new LinkPair.End("eth0", far, 1500, true)));
    out.add(new Address(NetnsRef.NODE, NEAR, here, 24));
    out.add(new Address(NS, "eth0", there, 24));
    out.add(
        new Route(NetnsRef.NODE, Route.MAIN, subnet, new Route.OnLink(NEAR, Optional.of(here))));
    out.add(new Route(NS, Route.MAIN, subnet, new Route.OnLink("eth0", Optional.of(there))));
    out.add(new Neighbour(NetnsRef.NODE, NEAR, there, far));
    out.add(new Neighbour(NS, "eth0", here, near));
    out.add(object);
    if (file.equals("sample")) {
      out.add(BpfLink.of(object, "pass", NEAR, ingress));
      out.add(BpfLink.of(object, "pass", NEAR, Hook.egress(features)));
      out.add(BpfLink.of(object, "deny", NEAR, Hook.XDP));
    } else {
      out.add(BpfLink.of(object, "unchecked", NEAR, ingress));
    }
    return KernelState.of(topology, out);
  }

  BpfObject object(String topology) {
    if (!file.equals("sample")) {
      return BpfObject.of(topology, file, List.of());
    }
    SortedMap<MapValue, MapValue> prefixes = new TreeMap<>();
    for (int i = 0; i < identities; i++) {
      prefixes.put(words(32, i + 1), words(i));
    }
    SortedMap<MapValue, MapValue> slots =
        new TreeMap<>(
            Map.of(words(1), MapValue.of(words(0, 7).bytes(), new TreeMap<>(Map.of(0, NEAR)))));
    SortedMap<MapValue, MapValue> generations = new TreeMap<>(Map.of(words(0), words(generation)));
    return BpfObject.of(
        topology,
        file,
        List.of(
            MapContent.exact("identities", 20_000 + room, prefixes),
            MapContent.counters("counters", 16, List.of(words(7))),
            MapContent.exact("slots", 16, slots),
            MapContent.exact("generations", 4, generations)));
  }

  static MapValue words(int... words) {
    ByteBuffer out = ByteBuffer.allocate(4 * words.length).order(ByteOrder.nativeOrder());
    for (int word : words) {
      out.putInt(word);
    }
    return MapValue.of(out.array());
  }
}
