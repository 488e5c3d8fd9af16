package dev.sluice.core.topology;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Rates as {@code tc(8)} writes them: a whole number and a decimal unit. */
final class Rates {

  private static final Pattern RATE = Pattern.compile("([1-9][0-9]{0,11})(bit|kbit|mbit|gbit)");
  private static final Map<String, Long> UNITS =
      Map.of("bit", 1L, "kbit", 1_000L, "mbit", 1_000_000L, "gbit", 1_000_000_000L);

  /** One full frame takes more than a second below this. */
  static final long MIN = 16_000;

  static final long MAX = 1_000_000_000_000L;

  private Rates() {}

  /** Bits per second, if {@code text} is a rate within the limits. */
  static Optional<Long> parse(String text) {
    Matcher parts = RATE.matcher(text);
    if (!parts.matches()) {
      return Optional.empty();
    }
    long number = Long.parseLong(parts.group(1));
    long unit = UNITS.get(parts.group(2));
    return number > MAX / unit || number * unit < MIN
        ? Optional.empty()
        : Optional.of(number * unit);
  }

  /** A rate in bits per second. */
  static Optional<Long> read(YamlValue value) {
    return value
        .string(
            text ->
                parse(text).isPresent()
                    ? Optional.empty()
                    : Optional.of(
                        "is no rate; give a whole number with bit, kbit, mbit or gbit, such as"
                            + " 100mbit, from 16kbit to 1000gbit"))
        .flatMap(text -> parse(text.value()));
  }
}
