package dev.sluice.core.topology;

import static dev.sluice.core.topology.Text.quote;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * A node of the file and the path that led to it. Each reading of it as a type either gives the
 * value or records a fault at the node and gives nothing; it never throws. Types are those of the
 * YAML 1.2 core schema: {@code 5} is a number and no string, {@code yes} a string and no boolean.
 */
record YamlValue(Node node, YamlPath path, Faults faults) {

  private static final Pattern DIGITS = Pattern.compile("[0-9]+");
  private static final Pattern DECIMAL = Pattern.compile("-?(0|[1-9][0-9]*)");

  void fault(String message) {
    faults.add(mark(node), path.before(message));
  }

  /** Counted from 1. */
  int line() {
    return mark(node).getLine() + 1;
  }

  /** Whether this is an empty value or the word null. */
  boolean isNull() {
    return node.getTag().equals(Tag.NULL);
  }

  boolean isList() {
    return node instanceof SequenceNode;
  }

  boolean isMap() {
    return node instanceof MappingNode;
  }

  Optional<Located<String>> string() {
    if (node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.STR)) {
      return Optional.of(new Located<>(scalar.getValue(), this));
    }
    if (node instanceof ScalarNode scalar && isNumberOrBoolean(scalar)) {
      fault(kind() + ", not a string; put it in quotes: \"" + scalar.getValue() + "\"");
    } else {
      fault(kind() + "; give a string");
    }
    return Optional.empty();
  }

  /** A string that keeps a rule; the rule answers what is wrong, or nothing. */
  Optional<Located<String>> string(Function<String, Optional<String>> rule) {
    return string()
        .filter(
            text -> {
              Optional<String> wrong = rule.apply(text.value());
              wrong.ifPresent(w -> fault(quote(text.value()) + " " + w));
              return wrong.isEmpty();
            });
  }

  /** A whole number in decimal. */
  Optional<Integer> integer(int min, int max) {
    if (!(node instanceof ScalarNode scalar) || !scalar.getTag().equals(Tag.INT)) {
      boolean quoted = node instanceof ScalarNode text && DIGITS.matcher(text.getValue()).matches();
      fault(kind() + (quoted ? "; leave out the quotes and " : "; ") + wholeNumber(min, max));
      return Optional.empty();
    }
    if (!DECIMAL.matcher(scalar.getValue()).matches()) {
      fault(quote(scalar.getValue()) + " is not plain decimal; " + wholeNumber(min, max));
      return Optional.empty();
    }
    BigInteger number = new BigInteger(scalar.getValue());
    if (number.compareTo(BigInteger.valueOf(min)) < 0
        || number.compareTo(BigInteger.valueOf(max)) > 0) {
      fault(quote(scalar.getValue()) + " is out of range; " + wholeNumber(min, max));
      return Optional.empty();
    }
    return Optional.of(number.intValue());
  }

  private static String wholeNumber(int min, int max) {
    return "give a whole number from " + min + " to " + max;
  }

  Optional<Boolean> bool() {
    if (node instanceof ScalarNode scalar
        && scalar.getTag().equals(Tag.BOOL)
        && (scalar.getValue().equals("true") || scalar.getValue().equals("false"))) {
      return Optional.of(scalar.getValue().equals("true"));
    }
    fault(kind() + "; give true or false");
    return Optional.empty();
  }

  /** One of the words that {@code words} maps to a value. */
  <E> Optional<E> oneOf(Map<String, E> words) {
    return string()
        .flatMap(
            text -> {
              if (!words.containsKey(text.value())) {
                fault(
                    quote(text.value())
                        + " is not known; give one of: "
                        + String.join(", ", words.keySet()));
              }
              return Optional.ofNullable(words.get(text.value()));
            });
  }

  /** A list with at least one item. */
  List<YamlValue> list() {
    List<YamlValue> items = listOrEmpty();
    if (items.isEmpty() && isList()) {
      fault("the list is empty; give at least one item");
    }
    return items;
  }

  /** A list, possibly without items. */
  List<YamlValue> listOrEmpty() {
    if (!(node instanceof SequenceNode sequence) || !sequence.getTag().equals(Tag.SEQ)) {
      fault(kind() + "; give a list, such as [item, item]");
      return List.of();
    }
    List<YamlValue> items = new ArrayList<>();
    for (Node item : sequence.getValue()) {
      items.add(new YamlValue(item, path.item(items.size()), faults));
    }
    return List.copyOf(items);
  }

  /** A mapping of that shape: unknown and missing keys are faults, the known ones can be read. */
  Optional<YamlMap> map(Shape shape) {
    Optional<Map<String, YamlValue>> entries = entries();
    if (entries.isEmpty()) {
      return Optional.empty();
    }
    Map<String, YamlValue> known = entries.get();
    known.keySet().retainAll(shape.names());
    for (Shape.Key key : shape.keys()) {
      if (key.required() && !known.containsKey(key.name())) {
        fault("key '" + key.name() + "' is missing; give " + key.expects());
      }
    }
    for (NodeTuple tuple : ((MappingNode) node).getValue()) {
      if (tuple.getKeyNode() instanceof ScalarNode key && key.getTag().equals(Tag.STR)) {
        checkKnown(key, shape);
      }
    }
    return Optional.of(new YamlMap(this, shape, known));
  }

  /** A mapping with keys of any name, the caller's own; a key given twice is a fault. */
  Optional<Map<String, YamlValue>> entries() {
    if (!(node instanceof MappingNode mapping) || !mapping.getTag().equals(Tag.MAP)) {
      fault(kind() + "; give a mapping, such as {key: value}");
      return Optional.empty();
    }
    Map<String, YamlValue> values = new LinkedHashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      YamlValue key = new YamlValue(tuple.getKeyNode(), path, faults);
      if (!key.isString()) {
        key.fault("a key " + key.kind() + "; give a plain string, in quotes where need be");
        continue;
      }
      String name = ((ScalarNode) key.node).getValue();
      YamlValue value = new YamlValue(tuple.getValueNode(), path.key(name), faults);
      if (values.putIfAbsent(name, value) != null) {
        key.fault(
            "key "
                + quote(name)
                + " is given again, first in line "
                + firstLine(mapping, name)
                + "; keep one of them");
      }
    }
    return Optional.of(values);
  }

  private static int firstLine(MappingNode mapping, String name) {
    return mapping.getValue().stream()
        .map(NodeTuple::getKeyNode)
        .filter(key -> key instanceof ScalarNode scalar && scalar.getValue().equals(name))
        .mapToInt(key -> mark(key).getLine() + 1)
        .findFirst()
        .orElseThrow();
  }

  /** The value of a key, if this is a mapping that has it; no faults. */
  Optional<YamlValue> peek(String key) {
    return node instanceof MappingNode mapping
        ? mapping.getValue().stream()
            .filter(t -> t.getKeyNode() instanceof ScalarNode k && k.getValue().equals(key))
            .findFirst()
            .map(t -> new YamlValue(t.getValueNode(), path.key(key), faults))
        : Optional.empty();
  }

  /** The text of a scalar of any type; empty for lists and mappings. */
  Optional<String> text() {
    return node instanceof ScalarNode scalar ? Optional.of(scalar.getValue()) : Optional.empty();
  }

  private boolean isString() {
    return node instanceof ScalarNode && node.getTag().equals(Tag.STR);
  }

  private void checkKnown(ScalarNode key, Shape shape) {
    if (shape.has(key.getValue())) {
      return;
    }
    String meant =
        Text.nearest(key.getValue(), shape.names())
            .map(near -> "; did you mean '" + near + "'?")
            .orElse(";");
    new YamlValue(key, path, faults)
        .fault(
            "unknown key "
                + quote(key.getValue())
                + meant
                + " valid keys: "
                + String.join(", ", shape.names()));
  }

  /** What the node is, as the first half of a sentence. */
  private String kind() {
    if (node instanceof SequenceNode) {
      return node.getTag().equals(Tag.SEQ) ? "is a list" : tagged();
    }
    if (node instanceof MappingNode) {
      return node.getTag().equals(Tag.MAP) ? "is a mapping" : tagged();
    }
    String value = quote(((ScalarNode) node).getValue());
    Tag tag = node.getTag();
    if (tag.equals(Tag.NULL)) {
      return "has no value";
    }
    if (tag.equals(Tag.INT) || tag.equals(Tag.FLOAT)) {
      return value + " is a number";
    }
    if (tag.equals(Tag.BOOL)) {
      return value + " is a boolean";
    }
    return tag.equals(Tag.STR) ? value + " is a string" : tagged();
  }

  private String tagged() {
    return "has the tag " + quote(node.getTag().getValue()) + ", and tags are not read";
  }

  private static boolean isNumberOrBoolean(ScalarNode scalar) {
    Tag tag = scalar.getTag();
    return tag.equals(Tag.INT) || tag.equals(Tag.FLOAT) || tag.equals(Tag.BOOL);
  }

  private static Mark mark(Node node) {
    return node.getStartMark()
        .orElseThrow(() -> new IllegalStateException("composed without marks"));
  }
}
