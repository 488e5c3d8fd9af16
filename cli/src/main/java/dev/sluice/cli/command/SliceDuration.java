package dev.sluice.cli.command;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads "250ms" and "2s". */
final class SliceDuration implements ITypeConverter<Duration> {

  private static final Pattern FORM = Pattern.compile("([1-9][0-9]{0,5})(ms|s)");

  @Override
  public Duration convert(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new TypeConversionException(
          "'" + text + "' is no length of time; give one like 250ms or 2s");
    }
    long count = Long.parseLong(form.group(1));
    return form.group(2).equals("s") ? Duration.ofSeconds(count) : Duration.ofMillis(count);
  }
}
