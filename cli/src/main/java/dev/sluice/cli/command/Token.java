package dev.sluice.cli.command;

import dev.sluice.bench.wire.Peer;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Takes a token that is long enough; it is not repeated, as it is a secret. */
final class Token implements ITypeConverter<String> {

  @Override
  public String convert(String text) {
    if (text.length() < Peer.LEAST_TOKEN) {
      throw new TypeConversionException(
          "a token of %d characters; give at least %d".formatted(text.length(), Peer.LEAST_TOKEN));
    }
    return text;
  }
}
