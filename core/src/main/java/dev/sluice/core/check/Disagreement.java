package dev.sluice.core.check;

/**
 * A probe that did not do what was expected, in the words of a report.
 *
 * @param from an endpoint's name, or {@code node}
 * @param address the destination
 * @param protocol {@code tcp}, {@code udp}, {@code sctp} or {@code icmp}
 * @param port 0 for ICMP
 * @param kind {@code endpoint}, {@code gateway}, {@code node}, {@code self} or {@code mtu}
 * @param expected {@code pass} or {@code deny}
 * @param seen {@code pass}; {@code deny}: nothing arrived; {@code no-answer}: it arrived, the way
 *     back is closed; {@code altered}: it arrived with another sender, elsewhere or cut short
 * @param detail what else is known, for people
 */
public record Disagreement(
    String from,
    String to,
    String address,
    String protocol,
    int port,
    String kind,
    String expected,
    String seen,
    String detail) {}
