package dev.sluice.core.topology;

import dev.sluice.core.address.Cidr;
import dev.sluice.core.topology.NetworkPolicy.Peer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads one item of {@code from} or {@code to} of a policy's rule. */
final class PeerReader {

  private PeerReader() {}

  static Optional<Peer> read(YamlValue item) {
    return item.map(Shape.PEER)
        .flatMap(
            map -> {
              Optional<YamlValue> pods = map.get("podSelector");
              Optional<YamlValue> namespaces = map.get("namespaceSelector");
              Optional<YamlValue> block = map.get("ipBlock");
              if (pods.isEmpty() && namespaces.isEmpty() && block.isEmpty()) {
                map.fault(
                    "the peer is nobody; give podSelector, namespaceSelector, both, or ipBlock");
              }
              if (block.isPresent() && (pods.isPresent() || namespaces.isPresent())) {
                block
                    .get()
                    .fault(
                        "an ipBlock goes with no selector in one peer; give each an item of its"
                            + " own");
              }
              Peer selected =
                  new Peer.Selected(
                      namespaces.map(SelectorReader::read), pods.map(SelectorReader::read));
              return block.isPresent()
                  ? block.get().map(Shape.IP_BLOCK).flatMap(PeerReader::readBlock)
                  : Optional.of(selected);
            });
  }

  private static Optional<Peer> readBlock(YamlMap map) {
    Optional<Cidr> cidr = map.get("cidr").flatMap(Addresses::cidr).map(Located::value);
    List<Cidr> except = new ArrayList<>();
    for (YamlValue item : map.get("except").map(YamlValue::listOrEmpty).orElse(List.of())) {
      Addresses.cidr(item)
          .ifPresent(
              hole -> {
                cidr.ifPresent(whole -> within(whole, hole));
                except.add(hole.value());
              });
    }
    return cidr.map(c -> new Peer.Block(c, except));
  }

  /** As the API server has it: a part of the block, and not all of it. */
  private static void within(Cidr whole, Located<Cidr> hole) {
    if (hole.value().equals(whole)) {
      hole.fault(hole.value() + " leaves nothing of the block; give a part of it");
    } else if (hole.value().prefix() < whole.prefix() || !whole.overlaps(hole.value())) {
      hole.fault(hole.value() + " is outside " + whole + "; give a part of it");
    }
  }
}
