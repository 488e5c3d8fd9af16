package dev.sluice.cli.command;

import dev.sluice.core.topology.Topology.Protocol;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * What somebody asks to use: an IP protocol, and a port if it has ports.
 *
 * @param protocol the IP protocol number
 * @param port a number or a name; empty for protocols without ports
 */
record Service(int protocol, Optional<String> port) {

  /** Protocols that have a word here (IANA, Assigned Internet Protocol Numbers). */
  private static final Map<String, Integer> WORDS =
      new TreeMap<>(Map.of("icmp", 1, "tcp", 6, "udp", 17, "gre", 47, "icmpv6", 58, "sctp", 132));

  static final int ICMP = 1;
  static final int ICMPV6 = 58;

  private static final int LAST_PROTOCOL = 255;
  private static final int LAST_PORT = 65_535;
  private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,4}");

  /** The word of a protocol, or its number. */
  static String word(int protocol) {
    return WORDS.entrySet().stream()
        .filter(e -> e.getValue() == protocol)
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseGet(() -> Integer.toString(protocol));
  }

  /** One of the protocols that have ports; empty for the others. */
  Optional<Protocol> withPorts() {
    return Arrays.stream(Protocol.values()).filter(p -> p.number() == protocol).findFirst();
  }

  /** The port's number, if it was given as one. */
  OptionalInt number() {
    return port.filter(p -> NUMBER.matcher(p).matches()).stream()
        .mapToInt(Integer::parseInt)
        .findFirst();
  }

  /** Reads {@code tcp/80}, {@code udp/dns}, {@code icmp}, {@code 47}. */
  static final class Converter implements ITypeConverter<Service> {

    @Override
    public Service convert(String text) {
      int slash = text.indexOf('/');
      String word = slash < 0 ? text : text.substring(0, slash);
      Service service =
          new Service(
              protocol(word),
              slash < 0 ? Optional.empty() : Optional.of(text.substring(slash + 1)));
      String name = Service.word(service.protocol());
      if (service.withPorts().isEmpty()) {
        if (service.port().isPresent()) {
          throw new TypeConversionException(name + " has no ports; give " + name + " alone");
        }
      } else if (service.port().isEmpty()) {
        throw new TypeConversionException(
            "which port? give it by number or name, like %s/80 or %s/http".formatted(name, name));
      } else if (isNoPort(service)) {
        throw new TypeConversionException(
            "'%s' is no port; give a number from 1 to %d, or a name"
                .formatted(service.port().get(), LAST_PORT));
      }
      return service;
    }

    private static boolean isNoPort(Service service) {
      return service.number().isPresent()
          ? service.number().getAsInt() < 1 || service.number().getAsInt() > LAST_PORT
          : !service.port().orElseThrow().matches("(?=.*[a-z])[a-z0-9-]{1,15}");
    }

    private static int protocol(String word) {
      Integer known = WORDS.get(word.toLowerCase(Locale.ROOT));
      if (known != null) {
        return known;
      }
      if (NUMBER.matcher(word).matches() && Integer.parseInt(word) <= LAST_PROTOCOL) {
        return Integer.parseInt(word);
      }
      throw new TypeConversionException(
          "'%s' is no protocol; give one of %s, or a number from 0 to %d"
              .formatted(word, String.join(", ", WORDS.keySet()), LAST_PROTOCOL));
    }
  }
}
