package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.command.ExitStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ValidateTest {

  @TempDir private Path directory;

  private String file(byte[] content) throws IOException {
    return Files.write(directory.resolve("t.yaml"), content).toString();
  }

  private String file(String content) throws IOException {
    return file(content.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aRightFileIsToldInOneLineOrAsADocument() throws IOException {
    String file = file(TestTopology.YAML);
    assertThat(Outcome.of("validate", file).expect(ExitStatus.DONE).out())
        .matches(
            "pair is valid: 2 networks, 2 endpoints; \\d+ kernel objects on the bridge datapath\n");
    assertThat(Outcome.of("validate", file, "-o", "json").expect(ExitStatus.DONE).out())
        .startsWith(
            "{\n  \"topology\": \"pair\",\n  \"datapath\": \"bridge\",\n  \"networks\": 2,");
    assertThat(Outcome.of("validate", file, "-o", "yaml").expect(ExitStatus.DONE).out())
        .startsWith("topology: \"pair\"\n");
  }

  @Test
  void everyFaultIsToldWithItsPlaceAndNothingElse() throws IOException {
    String file =
        file(
            TestTopology.YAML
                .replace("netns: left", "netns: a/b")
                .replace("name: blue", "nme: blue"));
    Outcome outcome = Outcome.of("validate", file).expect(ExitStatus.BAD_INPUT);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err().lines())
        .hasSizeGreaterThan(1)
        .allMatch(line -> line.matches(java.util.regex.Pattern.quote(file) + ":\\d+:\\d+: .+"));
  }

  @Test
  void aDatapathThatThereIsNotIsToldWithItsPlace() {
    String wrong = TestTopology.YAML.replace("datapath: bridge", "datapath: warp");
    String asked = "there is no datapath 'warp'; there are: bridge, ebpf, ipvlan, macvlan\n";
    for (String command : List.of("validate", "plan", "apply")) {
      assertThat(Outcome.withInput(wrong, command, "-").expect(ExitStatus.BAD_INPUT).err())
          .isEqualTo("stdin:5:13: spec.datapath: " + asked);
    }
    Outcome.withInput(wrong, "validate", "-", "--datapath", "bridge").expect(ExitStatus.DONE);
  }

  @Test
  void standardInputIsAFileToo() {
    Outcome.withInput(TestTopology.YAML, "validate", "-").expect(ExitStatus.DONE);
    assertThat(Outcome.withInput("kind: 1", "validate", "-").expect(ExitStatus.BAD_INPUT).err())
        .startsWith("stdin:1:");
  }

  @Test
  void aFileThatCannotBeReadIsBadInput() throws IOException {
    assertThat(bad(directory.resolve("none.yaml").toString())).contains("there is no such file");
    assertThat(bad(directory.toString())).contains("cannot be read");
    assertThat(bad(file(new byte[] {'a', (byte) 0xff}))).contains("is not UTF-8 text");
    // No shell can pass this one; it is no path, and so wrong usage.
    Outcome.of("validate", "nul\0byte").expect(ExitStatus.USAGE);
    assertThat(bad("/dev/zero")).contains("larger than");
  }

  private static String bad(String file) {
    return Outcome.of("validate", file).expect(ExitStatus.BAD_INPUT).err();
  }

  @Test
  void whatTheDatapathCannotHonourIsRefusedByItsPath() throws IOException {
    String limited = TestTopology.YAML.replace("name: eth0,", "name: eth0, rate: {egress: 1Mbit},");
    assertThat(bad(file(limited))).contains("spec.endpoints[0].interfaces[0].rate");
    String wire =
        TestTopology.YAML
            .replace("datapath: bridge", "datapath: ipvlan")
            .replace("name: red,", "name: red, parent: up0, ipvlan: {mode: l3}, gateway: GATEWAYS,")
            .replace("GATEWAYS", "[10.0.1.1, \"fd00:0:0:1::1\"]");
    assertThat(bad(file(wire))).contains("spec.networks[0].parent");
  }

  @Test
  void aPolicyWithoutEffectIsWarnedOfBesideTheAnswer() throws IOException {
    String ghost =
        """
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: ghost%d}
        spec: {podSelector: {matchLabels: {app: aa}}}
        """;
    Outcome one =
        Outcome.of("validate", file(TestTopology.YAML + ghost.formatted(0)), "-o", "json")
            .expect(ExitStatus.DONE);
    assertThat(one.out()).startsWith("{").doesNotContain("warning");
    assertThat(one.err())
        .isEqualTo("warning: policy default/ghost0 selects no endpoint (podSelector app=aa)\n");

    StringBuilder many = new StringBuilder(TestTopology.YAML);
    for (int i = 0; i < 23; i++) {
      many.append(ghost.formatted(i));
    }
    assertThat(Outcome.of("validate", file(many.toString())).expect(ExitStatus.DONE).err().lines())
        .hasSize(21)
        .last()
        .isEqualTo("warning: and 3 more like these");
  }
}
