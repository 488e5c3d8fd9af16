package dev.sluice.testkit.cyclonus;

import dev.sluice.core.node.Node;
import dev.sluice.testkit.NodeExtension;
import dev.sluice.testkit.Shell;
import dev.sluice.testkit.cyclonus.CyclonusCase.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every step of the cases that are chosen, with its rows themselves as what is enforced: a set of
 * nft(8) with an element for each {@code X}. Whatever differs is the runner's fault.
 */
@ExtendWith(NodeExtension.class)
class EnforcedRowsTest {

  private static final String CHAIN =
      """
      add table inet t
      flush table inet t
      add chain inet t c { type filter hook forward priority 0; }
      add rule inet t c ct state established,related accept
      """;

  @ParameterizedTest
  @EnumSource
  void theRunnerSeesExactlyWhatIsDenied(Family family, Node node) {
    PolicyRunner runner = new PolicyRunner(node, new OpenBridge(), family);
    for (CyclonusCase policyCase : CaseSelection.chosen().select(CyclonusSuite.load())) {
      for (Step step : policyCase.steps()) {
        enforce(node, family, step);
        runner.run(without(policyCase, step));
      }
    }
  }

  /** One step of a case, with nothing for the datapath to enforce. */
  private static CyclonusCase without(CyclonusCase policyCase, Step step) {
    Setting setting = step.setting();
    Setting bare = new Setting(setting.namespaces(), setting.pods(), List.of());
    return new CyclonusCase(
        policyCase.id(),
        policyCase.description(),
        policyCase.tags(),
        policyCase.initial(),
        List.of(new Step(step.actions(), bare, step.expected())));
  }

  private static void enforce(Node node, Family family, Step step) {
    String ip = family == Family.V4 ? "ip" : "ip6";
    List<String> denied = new ArrayList<>();
    for (Matrix matrix : step.expected()) {
      int size = matrix.endpoints().size();
      for (int from = 0; from < size; from++) {
        for (int to = 0; to < size; to++) {
          if (!matrix.isSelf(from, to) && !matrix.passes(from, to)) {
            denied.add(
                "%s . %s . %s . %d"
                    .formatted(
                        step.setting().address(family, matrix.endpoints().get(from)),
                        step.setting().address(family, matrix.endpoints().get(to)),
                        matrix.protocol().name().toLowerCase(Locale.ROOT),
                        matrix.port()));
          }
        }
      }
    }
    String rule =
        denied.isEmpty()
            ? ""
            : "add rule inet t c %1$s saddr . %1$s daddr . meta l4proto . th dport { %2$s } drop\n"
                .formatted(ip, String.join(", ", denied));
    Shell.inNode(node, "nft -f - <<'END'\n" + CHAIN + rule + "END").orFail();
  }
}
