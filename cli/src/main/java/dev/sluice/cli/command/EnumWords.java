package dev.sluice.cli.command;

import java.util.Arrays;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads one of the words of an enum, in letters of any case. */
abstract class EnumWords<E extends Enum<E>> implements ITypeConverter<E> {

  private final E[] words;

  EnumWords(E[] words) {
    this.words = words.clone();
  }

  @Override
  public E convert(String text) {
    return Arrays.stream(words)
        .filter(word -> word.toString().equalsIgnoreCase(text))
        .findFirst()
        .orElseThrow(
            () ->
                new TypeConversionException(
                    "'%s' is not known; give one of: %s"
                        .formatted(
                            text,
                            Arrays.stream(words)
                                .map(Enum::toString)
                                .collect(Collectors.joining(", ")))));
  }
}
