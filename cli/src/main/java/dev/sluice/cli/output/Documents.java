package dev.sluice.cli.output;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.core.util.Separators.Spacing;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

/**
 * Records as JSON or YAML: fields in the order of their declaration. Apart from the tables, so that
 * those need not load a JSON library.
 */
final class Documents {

  private Documents() {}

  static String render(OutputFormat format, Object document) {
    try {
      return format == OutputFormat.YAML ? yaml(document) : json(document);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("no document: " + document, e);
    }
  }

  private static String json(Object document) throws JsonProcessingException {
    DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
    Separators separators =
        Separators.createDefaultInstance()
            .withObjectFieldValueSpacing(Spacing.AFTER)
            .withArrayEmptySeparator("")
            .withObjectEmptySeparator("");
    DefaultPrettyPrinter printer =
        new DefaultPrettyPrinter(separators)
            .withArrayIndenter(indenter)
            .withObjectIndenter(indenter);
    ObjectMapper mapper = JsonMapper.builder().build();
    return mapper.writer(printer).writeValueAsString(document) + "\n";
  }

  private static String yaml(Object document) throws JsonProcessingException {
    ObjectMapper mapper =
        YAMLMapper.builder()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .enable(YAMLGenerator.Feature.INDENT_ARRAYS_WITH_INDICATOR)
            .build();
    return mapper.writeValueAsString(document);
  }
}
