package dev.sluice.core.topology;

import static dev.sluice.core.topology.Text.quote;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
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
record YamlValue(Node node, String path, Faults faults) {

  void fault(String message) {
    faults.add(mark(node), (path.isEmpty() ? "" : path + ": ") + message);
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
    String right = "give a whole number from " + min + " to " + max;
    if (!(node instanceof ScalarNode scalar) || !scalar.getTag().equals(Tag.INT)) {
      boolean quoted = node instanceof ScalarNode text && text.getValue().matches("[0-9]+");
      fault(kind() + (quoted ? "; leave out the quotes and " : "; ") + right);
      return Optional.empty();
    }
    if (!scalar.getValue().matches("-?(0|[1-9][0-9]*)")) {
      fault(quote(scalar.getValue()) + " is not plain decimal; " + right);
      return Optional.empty();
    }
    BigInteger number = new BigInteger(scalar.getValue());
    if (number.compareTo(BigInteger.valueOf(min)) < 0
        || number.compareTo(BigInteger.valueOf(max)) > 0) {
      fault(quote(scalar.getValue()) + " is out of range; " + right);
      return Optional.empty();
    }
    return Optional.of(number.intValue());
  }

  Optional<Boolean> bool() {
    if (node instanceof ScalarNode scalar
        && scalar.getTag().equals(Tag.BOOL)
        && scalar.getValue().matches("true|false")) {
      return Optional.of(scalar.getValue().equals("true"));
    }
    fault(kind() + "; give true or false");
    return Optional.empty();
  }

  /** One of the words that {@code words} maps to a value. */
  <E> Optional<E> oneOf(Map<String, E> words) {
    String right = String.join(", ", words.keySet());
    return string()
        .flatMap(
            text -> {
              if (!words.containsKey(text.value())) {
                fault(quote(text.value()) + " is not known; give one of: " + right);
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
      items.add(new YamlValue(item, path + "[" + items.size() + "]", faults));
    }
    return List.copyOf(items);
  }

  /** A mapping of that shape: unknown and missing keys are faults, the known ones can be read. */
  Optional<YamlMap> map(Shape shape) {
    Optional<Map<String, YamlValue>> entries = entries();
    if (entries.isEmpty()) {
      return Optional.empty();
    }
    Map<String, YamlValue> known = new LinkedHashMap<>(entries.get());
    known.keySet().retainAll(shape.names());
    shape.keys().stream()
        .filter(key -> key.required() && !known.containsKey(key.name()))
        .forEach(key -> fault("key '" + key.name() + "' is missing; give " + key.expects()));
    for (NodeTuple tuple : ((MappingNode) node).getValue()) {
      if (tuple.getKeyNode() instanceof ScalarNode key && key.getTag().equals(Tag.STR)) {
        checkKnown(key, shape);
      }
    }
    return Optional.of(new YamlMap(this, shape, known));
  }

  /** A mapping with keys of any name; a key given twice is a fault. */
  Optional<Map<String, YamlValue>> entries() {
    if (!(node instanceof MappingNode mapping) || !mapping.getTag().equals(Tag.MAP)) {
      fault(kind() + "; give a mapping, such as {key: value}");
      return Optional.empty();
    }
    Map<String, Node> keys = new LinkedHashMap<>();
    Map<String, YamlValue> values = new LinkedHashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      new YamlValue(tuple.getKeyNode(), path, faults)
          .key()
          .ifPresent(
              key -> {
                Node first = keys.putIfAbsent(key, tuple.getKeyNode());
                if (first == null) {
                  values.put(key, new YamlValue(tuple.getValueNode(), child(key), faults));
                } else {
                  new YamlValue(tuple.getKeyNode(), path, faults)
                      .fault(
                          "key "
                              + quote(key)
                              + " is given again, first in line "
                              + (mark(first).getLine() + 1)
                              + "; keep one of them");
                }
              });
    }
    return Optional.of(values);
  }

  /** The value of a key, if this is a mapping that has it; no faults. */
  Optional<YamlValue> peek(String key) {
    return node instanceof MappingNode mapping
        ? mapping.getValue().stream()
            .filter(t -> t.getKeyNode() instanceof ScalarNode k && k.getValue().equals(key))
            .findFirst()
            .map(t -> new YamlValue(t.getValueNode(), child(key), faults))
        : Optional.empty();
  }

  /** The text of a scalar of any type; empty for lists and mappings. */
  Optional<String> text() {
    return node instanceof ScalarNode scalar ? Optional.of(scalar.getValue()) : Optional.empty();
  }

  private Optional<String> key() {
    if (node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.STR)) {
      return Optional.of(scalar.getValue());
    }
    fault("a key " + kind() + "; give a plain string, in quotes where need be");
    return Optional.empty();
  }

  private void checkKnown(ScalarNode key, Shape shape) {
    if (shape.key(key.getValue()).isPresent()) {
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

  private String child(String key) {
    String plain = key.matches("[A-Za-z0-9]{1,32}") ? key : quote(key);
    return path.isEmpty() ? plain : path + "." + plain;
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
