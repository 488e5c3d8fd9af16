package dev.sluice.core.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.error.InvalidTopologyException;
import dev.sluice.core.error.InvalidTopologyException.Fault;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Valid files with random damage: the reader reads them or tells the faults, and nothing else. */
class TopologyMutationTest {

  /** What damages YAML, numbers, names and addresses most. */
  private static final List<String> SNIPPETS =
      List.of(
          "",
          " ",
          "\n",
          "\t",
          ":",
          ": ",
          "- ",
          "? ",
          "[",
          "]",
          "{",
          "}",
          ",",
          "#",
          "&a ",
          "*a ",
          "!!int ",
          "!x ",
          "!!set ",
          "!<%zz> ",
          "<<: *a",
          "|\n",
          ">-\n",
          "\"",
          "'",
          "\\",
          "@",
          "`",
          "---\n",
          "...\n",
          "%YAML 1.1\n",
          "%TAG ! x\n",
          "null",
          "~",
          "true",
          "-1",
          "0",
          "1e9",
          ".nan",
          "999999999999999999999",
          "0x",
          "::",
          "/",
          "0.0.0.0/0",
          "::/0",
          "\u0000",
          "\uFEFF",
          "\uD800",
          "\u2028",
          "\uD83D\uDE00",
          "\"\\uD800\"",
          "\"\\UFFFFFFFF\"",
          "\"\\x\"",
          "name: x",
          "kind: List",
          "items: []",
          "gateway: []",
          "parent: p",
          "ports: [{port: 1, name: a}]",
          "kind: NetworkPolicy",
          "kind: NetworkPolicyList",
          "status: {}",
          "port: http",
          "endPort: 1",
          "from: []",
          "- {}",
          "values: []",
          "operator: Exists",
          "policyTypes: []",
          "except: [10.1.0.0/16]");

  /** Replaces {@code length} characters from {@code at}, a fraction of the text. */
  record Mutation(double at, int length, String by) {
    String apply(String text) {
      int from = (int) (at * text.length());
      int to = Math.min(text.length(), from + length);
      return text.substring(0, from) + by + text.substring(to);
    }
  }

  @Property(tries = 10_000)
  void isReadAsTheSchemaAllowsOrRefusedWithFaults(
      @ForAll("texts") String text, @ForAll("mutations") List<Mutation> mutations) {
    String damaged = text;
    for (Mutation mutation : mutations) {
      damaged = mutation.apply(damaged);
    }
    try {
      assertThat(TopologyReader.read("t.yaml", damaged).name()).isNotEmpty();
      assertThat(SchemaTest.validate(damaged)).isEmpty();
    } catch (InvalidTopologyException e) {
      assertThat(e.faults()).isNotEmpty();
      for (Fault fault : e.faults()) {
        assertThat(fault.line()).isPositive();
        assertThat(fault.column()).isPositive();
        assertThat(fault.message()).isNotBlank().doesNotContain("\n");
      }
    }
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.of(Corpus.valid()).map(Corpus::text);
  }

  @Provide
  Arbitrary<List<Mutation>> mutations() {
    return Combinators.combine(
            Arbitraries.doubles().between(0, 1),
            Arbitraries.integers().between(0, 12),
            Arbitraries.of(SNIPPETS))
        .as(Mutation::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(4);
  }
}
