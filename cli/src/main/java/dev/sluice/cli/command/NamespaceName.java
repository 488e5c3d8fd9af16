package dev.sluice.cli.command;

import dev.sluice.core.node.Node;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the name of a network namespace that plays a node, which is no path. */
final class NamespaceName implements ITypeConverter<String> {

  @Override
  public String convert(String text) {
    if (!Node.isName(text)) {
      throw new TypeConversionException(
          "'" + text + "' is no name of a namespace; give one that 'ip netns' lists");
    }
    return text;
  }
}
