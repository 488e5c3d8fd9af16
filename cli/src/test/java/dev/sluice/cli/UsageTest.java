package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.command.ExitStatus;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UsageTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "validate",
        "plan",
        "validate a b",
        "apply x --bogus",
        "status --output xml",
        "datapaths --color sometimes",
        "completion fish",
        "validate x --datapath warp",
        "check",
        "policy",
        "policy x a b",
        "verdict x a b",
        "verdict x a b tcp",
        "verdict x a b tcpp/80",
        "verdict x a b tcp/",
        "verdict x a b tcp/0",
        "verdict x a b tcp/65536",
        "verdict x a b tcp/Http",
        "verdict x a b 6",
        "verdict x a b icmp/8",
        "verdict x a b 47/1",
        "verdict x a b 256",
        "verdict x a b tcp/80 c",
        "compare x --slice 250",
        "compare x --slice 0ms",
        "compare x --rounds many",
        "compare x --rounds 0",
        "compare x --seed any",
        "apply x --metrics-listen localhost:1",
        "apply x --metrics-listen 127.0.0.1",
        "apply x --metrics-listen 127.0.0.1:65536",
        "apply x --metrics-listen 127.0.0.256:1",
        "apply x --metrics-listen [127.0.0.1:1",
        "apply x --metrics-listen ::1:80",
        "validate x --datapath ",
        "compare ../examples/two-subnets.yaml --datapaths ,",
        "compare ../examples/two-subnets.yaml --datapaths bridge,",
        "compare ../examples/two-subnets.yaml --datapaths bridge,bridge",
        "status --node-netns ../x",
        "compare x --peer 127.0.0.1:9 --parent lo --token 0123456789abcde",
        "peer --listen 127.0.0.1:9 --parent lo --token 0123456789abcde",
        "peer --listen 0.0.0.0:9 --parent lo",
      })
  void wrongUsageIs64AndPrintsNoData(String line) {
    Outcome outcome = Outcome.of(line.isEmpty() ? new String[0] : line.split(" ", -1));
    outcome.expect(ExitStatus.USAGE);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err()).startsWith("sluice: ").contains("--help");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "status -o xml | 'xml' is not known; give one of: table, json, yaml",
        "completion fish | 'fish' is not known; give one of: bash, zsh",
        "datapaths --color some | 'some' is not known; give one of: auto, always, never",
        "compare x --quick --full | sluice: --quick, --full are mutually exclusive",
        "compare x --peer 192.0.2.2:9 | sluice: Missing required argument(s): --parent=DEV",
        "compare x --rounds abc | '--rounds': 'abc' is no count; give a whole number from 1 to 999999",
        "compare x --seed y | '--seed': 'y' is no whole number of 64 bits",
      })
  void aWordThatIsNoneIsAnsweredWithThoseThereAre(String line, String message) {
    assertThat(Outcome.of(line.split(" ")).expect(ExitStatus.USAGE).err()).contains(message);
  }

  @Test
  void wordsAreReadInLettersOfAnyCase() {
    assertThat(Outcome.of("datapaths", "-o", "JSON").expect(ExitStatus.DONE).out()).startsWith("{");
  }

  @Test
  void unknownCommandsAndOptionsAreSuggested() {
    assertThat(Outcome.of("aply", "x").expect(ExitStatus.USAGE).err())
        .isEqualTo("sluice: unknown: aply x\nDid you mean: apply?\nTry: sluice --help\n");
    assertThat(Outcome.of("plan", "x", "--detailed-exit").expect(ExitStatus.USAGE).err())
        .contains("--detailed-exitcode");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "validate",
        "plan",
        "apply",
        "status",
        "check",
        "policy",
        "verdict",
        "destroy",
        "datapaths",
        "doctor",
        "compare",
        "completion"
      })
  void everyCommandHasHelpWithExamplesAndExitStatuses(String command) {
    Outcome outcome = Outcome.of(command, "--help").expect(ExitStatus.DONE);
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.out())
        .contains("Usage: sluice " + command)
        .contains("Exit status:")
        .containsPattern("Examples?:\n.*sluice " + command);
    assertThat(outcome.out().lines()).allMatch(line -> line.length() <= 96);
    assertThat(Outcome.of("--help").expect(ExitStatus.DONE).out()).contains("  " + command + " ");
  }

  @Test
  void versionIsToldWithAndWithoutOtherArguments() {
    assertThat(Outcome.of("--version").expect(ExitStatus.DONE).out()).startsWith("sluice ");
    assertThat(Outcome.of("--color", "never", "--version").expect(ExitStatus.DONE).out())
        .startsWith("sluice ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bash", "zsh"})
  void completionIsAScriptThatBashReads(String shell) throws IOException, InterruptedException {
    String script = Outcome.of("completion", shell).expect(ExitStatus.DONE).out();
    assertThat(script)
        .contains("datapaths", "--detailed-exitcode")
        .endsWith("complete -F _complete_sluice -o default sluice\n");
    Process bash = new ProcessBuilder("bash", "-n").redirectErrorStream(true).start();
    try (OutputStream in = bash.getOutputStream()) {
      in.write(script.getBytes(StandardCharsets.UTF_8));
    }
    assertThat(bash.getInputStream().readAllBytes()).isEmpty();
    assertThat(bash.waitFor()).isZero();
  }

  @Test
  void bashCompletesCommandsAndOptions(@TempDir Path directory) throws IOException {
    Path script = directory.resolve("completion");
    Files.writeString(script, Outcome.of("completion", "bash").expect(ExitStatus.DONE).out());
    assertThat(completions(script, "sluice de")).containsExactly("destroy");
    assertThat(completions(script, "sluice apply --node")).containsExactly("--node-netns");
    assertThat(completions(script, "sluice ")).contains("plan", "check", "doctor");
    assertThat(completions(script, "sluice ver")).containsExactly("verdict");
    assertThat(completions(script, "sluice policy --node")).containsExactly("--node-netns");
    Path file = Files.createFile(directory.resolve("topology.yaml"));
    assertThat(completions(script, "sluice apply " + directory + "/topo"))
        .containsExactly(file.toString());
  }

  /** What bash would offer for a line with the cursor at its end; compopt works nowhere else. */
  private static List<String> completions(Path script, String line) {
    String[] words = line.split(" ", -1);
    String program =
        ". %s; compopt() { :; }; COMP_WORDS=(%s); COMP_CWORD=%d; _complete_sluice; printf \"%%s\\n\" ${COMPREPLY[@]}"
            .formatted(script, line.endsWith(" ") ? line + "''" : line, words.length - 1);
    return LabNode.shell("bash -c '" + program.replace("'", "'\\''") + "'")
        .lines()
        .map(String::strip)
        .toList();
  }

  /** One list in the help, one in {@link ExitStatus}: they are to be the same. */
  @Test
  void everyExitStatusIsInTheHelpOfTheProgram() throws IllegalAccessException {
    String help = Outcome.of("--help").expect(ExitStatus.DONE).out();
    for (Field status : ExitStatus.class.getFields()) {
      assertThat(help).containsPattern("\n +" + status.getInt(null) + "[ ,]");
    }
  }

  @Test
  void colourIsForTerminalsUnlessAskedFor() {
    assertThat(Outcome.of("datapaths").expect(ExitStatus.DONE).out()).doesNotContain("\u001b");
    assertThat(Outcome.of("datapaths", "--color", "always").expect(ExitStatus.DONE).out())
        .contains("\u001b[1mNAME\u001b[0m");
  }

  @Test
  void outputThatCannotBeWrittenIsAFailure() {
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("no space left");
          }
        };
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int status =
        Main.run(
            new String[] {"--help"},
            new ByteArrayInputStream(new byte[0]),
            new PrintStream(full, false, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    assertThat(status).isEqualTo(ExitStatus.FAILED);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("could not be written");
  }
}
