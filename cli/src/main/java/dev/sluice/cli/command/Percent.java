package dev.sluice.cli.command;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads "1%" and "0.5%" as a share. */
final class Percent implements ITypeConverter<Double> {

  private static final Pattern FORM = Pattern.compile("([0-9]{1,2}(?:\\.[0-9]{1,3})?)%");

  @Override
  public Double convert(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new TypeConversionException(
          "'" + text + "' is no percentage below 100; give one like 1% or 0.5%");
    }
    return Double.parseDouble(form.group(1)) / 100;
  }
}
