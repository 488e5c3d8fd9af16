package dev.sluice.core.topology;

import dev.sluice.core.address.IpAddress;
import dev.sluice.core.address.MacAddress;
import dev.sluice.core.topology.Drafts.EndpointDraft;
import dev.sluice.core.topology.Drafts.InterfaceDraft;
import dev.sluice.core.topology.Drafts.PortDraft;
import dev.sluice.core.topology.Topology.Protocol;
import dev.sluice.core.topology.Topology.Rate;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads one item of {@code spec.endpoints}. */
final class EndpointReader {

  static final Map<String, Protocol> PROTOCOLS = Words.verbatim(Protocol.values());

  private static final MacAddress ZERO = MacAddress.of(new byte[6]);

  private EndpointReader() {}

  static Optional<EndpointDraft> read(YamlValue item) {
    return item.map(Shape.ENDPOINT)
        .map(
            map ->
                new EndpointDraft(
                    map.get("name").flatMap(v -> v.string(Names::dnsLabel)),
                    map.get("netns").flatMap(v -> v.string(Names::netnsName)),
                    map.get("namespace").flatMap(v -> v.string(Names::dnsLabel)),
                    Labels.read(map, "labels"),
                    items(map, "interfaces").stream()
                        .map(v -> v.map(Shape.INTERFACE))
                        .flatMap(Optional::stream)
                        .map(EndpointReader::readInterface)
                        .toList(),
                    items(map, "ports").stream()
                        .map(v -> v.map(Shape.PORT))
                        .flatMap(Optional::stream)
                        .map(EndpointReader::readPort)
                        .toList()));
  }

  private static InterfaceDraft readInterface(YamlMap map) {
    List<Located<IpAddress>> addresses =
        items(map, "addresses").stream().map(Addresses::address).flatMap(Optional::stream).toList();
    return new InterfaceDraft(
        map.at(),
        map.get("network").flatMap(v -> v.string(Names::dnsLabel)),
        map.get("name").flatMap(v -> v.string(Names::interfaceName)),
        map.get("mac").flatMap(EndpointReader::readMac),
        map.get("addresses").isEmpty(),
        addresses,
        map.get("rate").flatMap(EndpointReader::readRate));
  }

  private static Optional<Located<MacAddress>> readMac(YamlValue value) {
    return value.string(EndpointReader::wrongMac).map(text -> text.map(MacAddress::parse));
  }

  private static Optional<String> wrongMac(String text) {
    Optional<MacAddress> mac = MacAddress.tryParse(text);
    if (mac.isEmpty()) {
      return Optional.of("is no MAC address; give one such as 02:00:00:00:00:01");
    }
    if (mac.get().isMulticast()) {
      return Optional.of(
          "is a multicast address, as its first byte is odd; give one such as 02:00:00:00:00:01");
    }
    return mac.get().equals(ZERO)
        ? Optional.of("is no address of an interface; give one such as 02:00:00:00:00:01")
        : Optional.empty();
  }

  /** One rate for both directions, or one of each. */
  private static Optional<Rate> readRate(YamlValue value) {
    if (!value.isMap()) {
      return Rates.read(value).map(both -> new Rate(Optional.of(both), Optional.of(both)));
    }
    return value
        .map(Shape.RATE)
        .map(
            map -> {
              if (map.get("egress").isEmpty() && map.get("ingress").isEmpty()) {
                map.fault("limits nothing; give egress, ingress or both, or leave rate out");
              }
              return new Rate(
                  map.get("egress").flatMap(Rates::read), map.get("ingress").flatMap(Rates::read));
            });
  }

  private static PortDraft readPort(YamlMap map) {
    if (map.get("name").isEmpty() && map.get("publish").isEmpty()) {
      map.fault("the port is neither named nor published; give name, publish or both");
    }
    return new PortDraft(
        map.get("name").flatMap(v -> v.string(Names::portName)),
        map.get("port").flatMap(EndpointReader::number).map(Located::value).orElse(1),
        map.get("protocol").flatMap(v -> v.oneOf(PROTOCOLS)).orElse(Protocol.TCP),
        map.get("publish").flatMap(EndpointReader::number));
  }

  private static Optional<Located<Integer>> number(YamlValue value) {
    return value.integer(1, 65535).map(n -> new Located<>(n, value));
  }

  private static List<YamlValue> items(YamlMap map, String key) {
    return map.get(key).map(YamlValue::list).orElse(List.of());
  }
}
