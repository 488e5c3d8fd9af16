package dev.sluice.core.topology;

import dev.sluice.core.address.Cidr;
import dev.sluice.core.topology.Drafts.NetworkDraft;
import dev.sluice.core.topology.Topology.IpvlanMode;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads one item of {@code spec.networks}. */
final class NetworkReader {

  static final int DEFAULT_MTU = 1500;

  /** The least that IPv4 and IPv6 let a link have: RFC 791, RFC 8200. */
  private static final int MIN_MTU_V4 = 68;

  private static final int MIN_MTU_V6 = 1280;
  private static final int MAX_MTU = 65535;

  static final Map<String, IpvlanMode> IPVLAN_MODES = Words.of(IpvlanMode.values());

  private NetworkReader() {}

  static Optional<NetworkDraft> read(YamlValue item) {
    return item.map(Shape.NETWORK).map(NetworkReader::read);
  }

  private static NetworkDraft read(YamlMap map) {
    List<YamlValue> declared = map.get("subnets").map(YamlValue::list).orElse(List.of());
    List<Located<Cidr>> subnets =
        declared.stream().map(Addresses::subnet).flatMap(Optional::stream).toList();
    boolean whole = !declared.isEmpty() && subnets.size() == declared.size();
    Optional<String> parent =
        map.get("parent").flatMap(v -> v.string(Names::interfaceName)).map(Located::value);
    Optional<String> uplink =
        map.get("uplink").flatMap(v -> v.string(Names::matchedInterface)).map(Located::value);
    return new NetworkDraft(
        map.get("name").flatMap(v -> v.string(Names::dnsLabel)),
        GatewayReader.read(map, subnets, whole),
        whole,
        mtu(map, subnets),
        masquerade(map),
        uplink,
        parent,
        map.get("ipvlan")
            .flatMap(v -> v.map(Shape.IPVLAN))
            .flatMap(v -> v.get("mode"))
            .flatMap(v -> v.oneOf(IPVLAN_MODES)));
  }

  private static boolean masquerade(YamlMap map) {
    Optional<YamlValue> value = map.get("masquerade");
    boolean masquerade = value.flatMap(YamlValue::bool).orElse(false);
    if (masquerade && map.get("uplink").isEmpty()) {
      value
          .get()
          .fault("there is no uplink to masquerade on; give uplink, or leave masquerade out");
    }
    return masquerade;
  }

  private static int mtu(YamlMap map, List<Located<Cidr>> subnets) {
    boolean v6 = subnets.stream().anyMatch(s -> !s.value().isV4());
    int least = v6 ? MIN_MTU_V6 : MIN_MTU_V4;
    return map.get("mtu").flatMap(v -> v.integer(least, MAX_MTU)).orElse(DEFAULT_MTU);
  }
}
