package dev.sluice.core.policy;

import dev.sluice.core.address.IpAddress;
import dev.sluice.core.policy.Side.Entry;
import dev.sluice.core.topology.Topology.Protocol;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a side allows in one address family, cut into cells of which no two of a sort overlap. Each
 * tells the rule that is counted for it: the first that allows it. Pure.
 *
 * @param everybody the first rule that allows everything; the others then have nothing to add, and
 *     the lists are empty
 * @param addresses peers that may use every protocol and port
 * @param ports ports that are open to everybody
 * @param both ports that are open to some
 */
public record AllowCells(
    Optional<RuleId> everybody,
    List<AddressCell> addresses,
    List<PortCell> ports,
    List<AddressPortCell> both) {

  /** Peers {@code from} to {@code to}, both included. */
  public record AddressCell(IpAddress from, IpAddress to, RuleId rule) {}

  /** Ports {@code from} to {@code to}, both included. */
  public record PortCell(Protocol protocol, int from, int to, RuleId rule) {}

  /** Peers {@code fromAddress} to {@code toAddress} at ports {@code from} to {@code to}. */
  public record AddressPortCell(
      IpAddress fromAddress,
      IpAddress toAddress,
      Protocol protocol,
      int from,
      int to,
      RuleId rule) {}

  /**
   * The cells of {@code entries}.
   *
   * @param addressesOf the addresses of an endpoint, of both families
   */
  public static AllowCells of(
      List<Entry> entries, boolean v4, Function<String, List<IpAddress>> addressesOf) {
    for (Entry entry : entries) {
      if (entry.peers() instanceof Peers.Any && entry.ports().isEmpty()) {
        return new AllowCells(Optional.of(entry.rule()), List.of(), List.of(), List.of());
      }
    }
    Cuts<Object> addresses = new Cuts<>();
    Map<Protocol, Cuts<Object>> ports = new EnumMap<>(Protocol.class);
    Map<Protocol, Cuts<List<PortRange>>> both = new EnumMap<>(Protocol.class);
    for (Entry entry : entries) {
      if (entry.peers() instanceof Peers.Any) {
        for (PortRange range : entry.ports()) {
          add(ports, range.protocol(), port(range.from()), port(range.to()), range, entry);
        }
        continue;
      }
      for (AddressRange range : AddressRange.of(entry.peers(), v4, addressesOf)) {
        if (entry.ports().isEmpty()) {
          addresses.add(range.from(), range.to(), entry.rule(), entry.rule());
        }
        byProtocol(entry.ports())
            .forEach(
                (protocol, own) ->
                    both.computeIfAbsent(protocol, p -> new Cuts<>())
                        .add(range.from(), range.to(), entry.rule(), own));
      }
    }
    return new AllowCells(Optional.empty(), addresses(addresses, v4), ports(ports), both(both, v4));
  }

  private static Map<Protocol, List<PortRange>> byProtocol(List<PortRange> ports) {
    Map<Protocol, List<PortRange>> out = new EnumMap<>(Protocol.class);
    for (PortRange range : ports) {
      out.computeIfAbsent(range.protocol(), p -> new ArrayList<>()).add(range);
    }
    return out;
  }

  private static void add(
      Map<Protocol, Cuts<Object>> cuts,
      Protocol protocol,
      BigInteger from,
      BigInteger to,
      Object value,
      Entry entry) {
    cuts.computeIfAbsent(protocol, p -> new Cuts<>()).add(from, to, entry.rule(), value);
  }

  private static List<AddressCell> addresses(Cuts<Object> cuts, boolean v4) {
    return cuts.first().stream()
        .map(c -> new AddressCell(ip(c.from(), v4), ip(c.to(), v4), c.rule()))
        .toList();
  }

  private static List<PortCell> ports(Map<Protocol, Cuts<Object>> cuts) {
    List<PortCell> out = new ArrayList<>();
    cuts.forEach(
        (protocol, c) ->
            c.first()
                .forEach(
                    i ->
                        out.add(
                            new PortCell(
                                protocol, i.from().intValue(), i.to().intValue(), i.rule()))));
    return List.copyOf(out);
  }

  /** The address space is cut first; within each cut the ports of all that cover it. */
  private static List<AddressPortCell> both(Map<Protocol, Cuts<List<PortRange>>> cuts, boolean v4) {
    List<AddressPortCell> out = new ArrayList<>();
    cuts.forEach(
        (protocol, c) ->
            c.all(
                (from, to, covering) -> {
                  IpAddress first = ip(from, v4);
                  IpAddress last = ip(to, v4);
                  for (Cuts.Piece ports : ports(covering)) {
                    int low = ports.from().intValue();
                    int high = ports.to().intValue();
                    out.add(new AddressPortCell(first, last, protocol, low, high, ports.rule()));
                  }
                }));
    return List.copyOf(out);
  }

  private static List<Cuts.Piece> ports(Collection<Cuts.Span<List<PortRange>>> covering) {
    Cuts<Object> ports = new Cuts<>();
    for (Cuts.Span<List<PortRange>> span : covering) {
      for (PortRange range : span.value()) {
        ports.add(port(range.from()), port(range.to()), span.rule(), range);
      }
    }
    return ports.first();
  }

  private static BigInteger port(int port) {
    return BigInteger.valueOf(port);
  }

  private static IpAddress ip(BigInteger number, boolean v4) {
    byte[] ip = new byte[v4 ? 4 : 16];
    byte[] bytes = number.toByteArray();
    // A leading zero byte only keeps the number positive.
    int length = Math.min(bytes.length, ip.length);
    System.arraycopy(bytes, bytes.length - length, ip, ip.length - length, length);
    return IpAddress.of(ip);
  }
}
