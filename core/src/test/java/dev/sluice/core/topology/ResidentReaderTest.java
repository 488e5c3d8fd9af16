package dev.sluice.core.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.error.InvalidTopologyException;
import dev.sluice.core.topology.TopologyMutationTest.Mutation;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** What it says of a text is what the reader says that sees it for the first time. */
class ResidentReaderTest {

  private static final String TOPOLOGY = Corpus.text(Corpus.valid().get(0));

  private static String policy(String name, int port) {
    return """
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: %s}
        spec: {podSelector: {}, ingress: [{ports: [{port: %d}]}]}
        """
        .formatted(name, port);
  }

  /** The topology, or its faults. */
  private static Object outcome(String text) {
    try {
      return TopologyReader.read("t.yaml", text);
    } catch (InvalidTopologyException e) {
      return e.faults();
    }
  }

  private static Object outcome(ResidentReader reader, String text) {
    try {
      return reader.read("t.yaml", text);
    } catch (InvalidTopologyException e) {
      return e.faults();
    }
  }

  @Property(tries = 2_000)
  void filesThatFollowOneAnother(
      @ForAll("files") List<String> files, @ForAll("changes") List<List<Mutation>> changes) {
    ResidentReader reader = new ResidentReader();
    String text = String.join("", files);
    assertThat(outcome(reader, text)).isEqualTo(outcome(text));
    for (List<Mutation> change : changes) {
      String changed = text;
      for (Mutation mutation : change) {
        changed = mutation.apply(changed);
      }
      assertThat(outcome(reader, changed)).isEqualTo(outcome(changed));
    }
    assertThat(outcome(reader, text)).isEqualTo(outcome(text));
  }

  @Test
  void aDocumentThatStaysIsTheSameObject() {
    ResidentReader reader = new ResidentReader();
    Topology before = reader.read("t.yaml", TOPOLOGY + policy("a", 1) + policy("b", 2));
    Topology after = reader.read("t.yaml", TOPOLOGY + policy("a", 1) + policy("b", 3));
    int first = before.policies().size() - 2;
    assertThat(after.policies().get(first)).isSameAs(before.policies().get(first));
    assertThat(after.policies().get(first + 1)).isNotEqualTo(before.policies().get(first + 1));
  }

  @Test
  void faultsBetweenDocumentsAreToldWhereTheyAre() {
    ResidentReader reader = new ResidentReader();
    String whole = TOPOLOGY + policy("a", 1) + policy("b", 2);
    String twice = TOPOLOGY + policy("a", 1) + policy("a", 2);
    String without = policy("a", 1);
    String doubled = TOPOLOGY + "---\n" + TOPOLOGY;
    for (String text : List.of(whole, twice, whole, without, whole, doubled, whole)) {
      assertThat(outcome(reader, text)).isEqualTo(outcome(text));
    }
  }

  @Test
  void aTextIsSplitWhereDocumentsBegin() {
    assertThat(ResidentReader.split("a\n---\nb\n--- c\nd ---\n---"))
        .containsExactly("a\n", "---\nb\n", "--- c\nd ---\n", "---");
    assertThat(ResidentReader.split("---\na")).containsExactly("---\na");
    assertThat(ResidentReader.split("")).containsExactly("");
  }

  /** A topology, and policies that all topologies have room for. */
  @Provide
  Arbitrary<List<String>> files() {
    Arbitrary<String> topology = Arbitraries.of(Corpus.valid()).map(Corpus::text);
    Arbitrary<List<String>> policies =
        Arbitraries.integers().between(1, 3).map(n -> policy("p" + n, n)).list().ofMaxSize(3);
    return topology.flatMap(
        t ->
            policies.map(
                ps -> {
                  List<String> all = new ArrayList<>(List.of(t + "\n"));
                  all.addAll(ps);
                  return all;
                }));
  }

  @Provide
  Arbitrary<List<List<Mutation>>> changes() {
    return new TopologyMutationTest().mutations().list().ofMaxSize(3);
  }
}
