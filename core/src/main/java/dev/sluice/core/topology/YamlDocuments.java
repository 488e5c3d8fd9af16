package dev.sluice.core.topology;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;
import org.snakeyaml.engine.v2.scanner.StreamReader;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** The documents of a YAML text as nodes with positions; within limits, as the text is not ours. */
final class YamlDocuments {

  /** Characters of a file: a topology of 10,000 endpoints has room. */
  static final int MAX_LENGTH = 4 << 20;

  /** Uses of anchored mappings and lists in one document. */
  static final int MAX_ALIASES = 50;

  private YamlDocuments() {}

  /** Every document of {@code yaml}; what is no YAML is one fault, and empty comes back. */
  static List<YamlValue> compose(String source, String yaml, Faults faults) {
    if (yaml.length() > MAX_LENGTH) {
      faults.add(
          1, 1, "the file has more than " + MAX_LENGTH + " characters; split the topology up");
      return List.of();
    }
    LoadSettings settings =
        LoadSettings.builder()
            .setLabel(source)
            .setSchema(new NoMergeKeys())
            .setAllowNonScalarKeys(true)
            .setCodePointLimit(MAX_LENGTH)
            .setMaxAliasesForCollections(MAX_ALIASES)
            // snakeyaml-engine 3.0.1 reads past the end of its buffer where that parts a pair.
            .setBufferSize(yaml.length() + 1)
            .build();
    List<YamlValue> documents = new ArrayList<>();
    try {
      // snakeyaml-engine 3.0.1 reads past the end where half a pair is the last of its buffer.
      OptionalInt half = loneSurrogate(yaml);
      if (half.isPresent()) {
        unreadable(yaml.substring(0, half.getAsInt()), yaml.charAt(half.getAsInt()), faults);
        return List.of();
      }
      StreamReader reader = new StreamReader(settings, yaml);
      new Composer(settings, new ShallowParser(new ParserImpl(settings, reader)))
          .forEachRemaining(root -> documents.add(new YamlValue(root, YamlPath.ROOT, faults)));
      return documents;
    } catch (ShallowParser.RefusedException e) {
      faults.add(e.line(), e.column(), e.getMessage());
    } catch (MarkedYamlEngineException e) {
      Optional<Mark> mark = e.getProblemMark().or(e::getContextMark);
      faults.add(
          mark.map(m -> m.getLine() + 1).orElse(1),
          mark.map(m -> m.getColumn() + 1).orElse(1),
          "not YAML: " + oneLine(e));
    } catch (ReaderException e) {
      int end = yaml.offsetByCodePoints(0, e.getPosition());
      unreadable(yaml.substring(0, end), e.getCodePoint(), faults);
    } catch (YamlEngineException e) {
      faults.add(1, 1, "not YAML that is read here: " + e.getMessage().replaceAll("\\s+", " "));
    }
    return List.of();
  }

  private static String oneLine(MarkedYamlEngineException e) {
    String context = e.getContext() == null ? "" : e.getContext() + ": ";
    return (context + e.getProblem()).replaceAll("[\\s\\p{Cc}]+", " ");
  }

  private static OptionalInt loneSurrogate(String text) {
    for (int i = 0; i < text.length(); i++) {
      int c = text.codePointAt(i);
      if (Character.isSupplementaryCodePoint(c)) {
        i++;
      } else if (Character.isSurrogate((char) c)) {
        return OptionalInt.of(i);
      }
    }
    return OptionalInt.empty();
  }

  /** A fault at the end of {@code before}. */
  private static void unreadable(String before, int character, Faults faults) {
    int line = 1;
    int column = 1;
    for (int c : before.codePoints().toArray()) {
      column = c == '\n' ? 1 : column + 1;
      line += c == '\n' ? 1 : 0;
    }
    faults.add(
        line,
        column,
        String.format("the character U+%04X may not stand in YAML; remove it", character));
  }

  /** The YAML 1.2 core schema, in which {@code <<} is a key like any other. */
  private static final class NoMergeKeys extends CoreSchema {
    @Override
    public ScalarResolver getScalarResolver() {
      ScalarResolver core = super.getScalarResolver();
      return (value, implicit) -> {
        Tag tag = core.resolve(value, implicit);
        return tag.equals(Tag.MERGE) ? Tag.STR : tag;
      };
    }
  }
}
