package dev.sluice.core.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import dev.sluice.core.error.InvalidTopologyException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** Holds {@code topology.schema.json} and the reader together; the reader may be stricter. */
class SchemaTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final JsonNode SCHEMA = schema();
  private static final JsonSchema VALIDATOR =
      JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(SCHEMA);

  static Stream<Shape> shapes() {
    return Shape.ALL.stream();
  }

  static Stream<Path> valid() {
    return Corpus.valid().stream();
  }

  static Stream<Path> invalid() {
    return Corpus.invalid().stream();
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void hasTheKeysOfTheReaderAndNoOthers(Shape shape) {
    JsonNode object = object(shape);

    assertThat(names(object.get("properties").fieldNames()))
        .containsExactlyInAnyOrderElementsOf(shape.names());
    assertThat(texts(object.path("required")))
        .containsExactlyInAnyOrderElementsOf(
            shape.keys().stream().filter(Shape.Key::required).map(Shape.Key::name).toList());
    assertThat(object.get("additionalProperties")).hasToString("false");
    assertThat(object.get("properties"))
        .allSatisfy(property -> assertThat(property.path("description").asText()).isNotBlank());
  }

  @Test
  void hasNoObjectThatTheReaderDoesNotKnow() {
    List<String> objects = new ArrayList<>();
    SCHEMA
        .get("$defs")
        .properties()
        .forEach(
            def -> {
              if (def.getValue().has("properties")) {
                objects.add(def.getKey());
              }
            });
    assertThat(objects).containsExactlyInAnyOrderElementsOf(shapes().map(Shape::name).toList());
  }

  @Test
  void hasTheWordsOfTheReader() {
    assertThat(words(Shape.SPEC, "established"))
        .isEqualTo(List.copyOf(SpecReader.ESTABLISHED.keySet()));
    assertThat(words(Shape.IPVLAN, "mode"))
        .isEqualTo(List.copyOf(NetworkReader.IPVLAN_MODES.keySet()));
    assertThat(words(Shape.PORT, "protocol"))
        .isEqualTo(List.copyOf(EndpointReader.PROTOCOLS.keySet()));
    assertThat(words(Shape.POLICY_PORT, "protocol"))
        .isEqualTo(List.copyOf(EndpointReader.PROTOCOLS.keySet()));
    assertThat(words(Shape.REQUIREMENT, "operator"))
        .isEqualTo(List.copyOf(SelectorReader.OPERATORS.keySet()));
    assertThat(texts(property(Shape.POLICY_SPEC, "policyTypes").get("items").get("enum")))
        .isEqualTo(List.copyOf(PolicyReader.TYPES.keySet()));
  }

  @Test
  void hasTheDefaultsOfTheReader() {
    assertThat(property(Shape.SPEC, "datapath").get("default").asText())
        .isEqualTo(SpecReader.DEFAULT_DATAPATH);
    assertThat(property(Shape.NETWORK, "mtu").get("default").asInt())
        .isEqualTo(NetworkReader.DEFAULT_MTU);
    assertThat(property(Shape.ENDPOINT, "namespace").get("default").asText())
        .isEqualTo(Topology.DEFAULT_NAMESPACE);
    assertThat(property(Shape.DOCUMENT, "apiVersion").get("const").asText())
        .isEqualTo(TopologyReader.API_VERSION);
    assertThat(property(Shape.DOCUMENT, "kind").get("const").asText())
        .isEqualTo(TopologyReader.KIND);
    assertThat(property(Shape.POLICY, "apiVersion").get("const").asText())
        .isEqualTo(PolicyReader.API_VERSION);
    assertThat(property(Shape.POLICY, "kind").get("const").asText()).isEqualTo(PolicyReader.KIND);
    assertThat(property(Shape.POLICY_METADATA, "namespace").get("default").asText())
        .isEqualTo(Topology.DEFAULT_NAMESPACE);
    assertThat(words(Shape.POLICY_LIST, "kind"))
        .containsExactly(PolicyListReader.LIST, PolicyListReader.TYPED_LIST);
    assertThat(words(Shape.POLICY_LIST, "apiVersion"))
        .containsExactly(PolicyListReader.LIST_VERSION, PolicyReader.API_VERSION);
  }

  @ParameterizedTest
  @MethodSource("valid")
  void takesWhatTheReaderTakes(Path file) {
    String text = Corpus.text(file);

    assertThat(TopologyReader.read(file.toString(), text).endpoints()).isNotEmpty();
    assertThat(validate(text)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("invalid")
  void refusesNothingThatTheReaderTakes(Path file) {
    String text = Corpus.text(file);

    assertThat(validate(text)).isNotEmpty();
    assertThatThrownBy(() -> TopologyReader.read(file.toString(), text))
        .isInstanceOf(InvalidTopologyException.class);
  }

  @Test
  void everyExampleNamesTheSchema() {
    assertThat(Corpus.valid().stream().filter(f -> f.startsWith("../examples")))
        .hasSizeGreaterThanOrEqualTo(2)
        .allSatisfy(
            file -> {
              String first = Corpus.text(file).lines().findFirst().orElseThrow();
              String prefix = "# yaml-language-server: $schema=";
              assertThat(first).startsWith(prefix);
              assertThat(file.resolveSibling(first.substring(prefix.length()))).isRegularFile();
            });
  }

  /** Not at the length of the parser's own buffer. */
  @Test
  void aPairMayStandAnywhere() {
    String topology = Corpus.text(Corpus.valid().get(0));
    for (int length = 1000; length < 1050; length++) {
      String comment = "#" + "x".repeat(length) + "\uD83D\uDE00\n";
      assertThat(validate(comment + topology)).isEmpty();
      assertThat(TopologyReader.read("t.yaml", comment + topology).name()).isNotEmpty();
    }
  }

  /** What the schema has against the documents of {@code yaml} that are not empty. */
  static Set<ValidationMessage> validate(String yaml) {
    Set<ValidationMessage> messages = new HashSet<>();
    int documents = 0;
    LoadSettings settings =
        LoadSettings.builder()
            .setSchema(new CoreSchema())
            .setAllowNonScalarKeys(true)
            // snakeyaml-engine 3.0.1 reads past the end of its buffer where that parts a pair.
            .setBufferSize(yaml.length() + 1)
            .build();
    for (Node root : new Compose(settings).composeAllFromString(yaml)) {
      JsonNode document = NodeJson.of(root);
      if (!document.isNull()) {
        documents++;
        messages.addAll(VALIDATOR.validate(document));
      }
    }
    assertThat(documents).isPositive();
    return messages;
  }

  private static JsonNode object(Shape shape) {
    return SCHEMA.get("$defs").get(shape.name());
  }

  private static JsonNode property(Shape shape, String key) {
    return object(shape).get("properties").get(key);
  }

  private static List<String> words(Shape shape, String key) {
    return texts(property(shape, key).get("enum"));
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(n -> texts.add(n.asText()));
    return texts;
  }

  private static List<String> names(Iterator<String> names) {
    List<String> all = new ArrayList<>();
    names.forEachRemaining(all::add);
    return all;
  }

  private static JsonNode schema() {
    try (InputStream in = TopologyReader.class.getResourceAsStream("topology.schema.json")) {
      return JSON.readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
