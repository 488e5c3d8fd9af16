package dev.sluice.cli.command;

import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a whole number from 1 on. */
final class Count implements ITypeConverter<Integer> {

  private static final Pattern FORM = Pattern.compile("[1-9][0-9]{0,5}");

  @Override
  public Integer convert(String text) {
    if (!FORM.matcher(text).matches()) {
      throw new TypeConversionException(
          "'" + text + "' is no count; give a whole number from 1 to 999999");
    }
    return Integer.valueOf(text);
  }
}
