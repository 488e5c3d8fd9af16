package dev.sluice.testkit;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Of what takes minutes as a whole, the part that runs. The parts of one number share nothing and
 * have everything between them; neighbours are in different ones.
 *
 * @param number from 1 to {@code of}
 * @param of how many parts there are; 1 for all of it
 */
public record Part(int number, int of) {

  public static final Part ALL = new Part(1, 1);

  /** Chooses of the policy suite's cases, and of the steps at which a process is killed. */
  private static final String CASES = "SLUICE_CASES";

  /** Chooses of what takes a dozen times as long in a guest. */
  private static final String SLICE = "SLUICE_SLICE";

  private static final String CASES_DEFAULT = "1/3";
  private static final String WHOLE = "all";
  private static final Pattern PART = Pattern.compile("([1-9][0-9]?)/([1-9][0-9]?)");

  /** What the environment variable {@code SLUICE_CASES} says; a third without it. */
  public static Part ofCases() {
    return ofCases(Optional.ofNullable(System.getenv(CASES)));
  }

  /** {@code choice}: what {@code SLUICE_CASES} holds. */
  public static Part ofCases(Optional<String> choice) {
    return parse(CASES, choice.orElse(CASES_DEFAULT));
  }

  /** What the environment variable {@code SLUICE_SLICE} says; all without it. */
  public static Part ofSlice() {
    return Optional.ofNullable(System.getenv(SLICE))
        .map(choice -> parse(SLICE, choice))
        .orElse(ALL);
  }

  /** {@code choice}: what the environment variable holds, {@code all} or as {@code 2/3}. */
  public static Part parse(String variable, String choice) {
    if (choice.equals(WHOLE)) {
      return ALL;
    }
    Matcher matcher = PART.matcher(choice);
    if (matcher.matches()) {
      Part part = new Part(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
      if (part.number <= part.of) {
        return part;
      }
    }
    throw new IllegalArgumentException(
        "%s is %s; it has to be all, or a part of at most 99, as 2/3 is the second third"
            .formatted(variable, choice));
  }

  /** Whether the one with that index, of any sign, is in it. */
  public boolean has(int index) {
    return Math.floorMod(index, of) == number - 1;
  }

  /** Those of {@code all} that are in it, by their places; where parts are many, maybe none. */
  public <T> Stream<T> drawn(List<T> all) {
    return IntStream.range(0, all.size()).filter(this::has).mapToObj(all::get);
  }

  @Override
  public String toString() {
    return of == 1 ? WHOLE : number + "/" + of;
  }
}
