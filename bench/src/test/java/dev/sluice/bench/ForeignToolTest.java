package dev.sluice.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.core.error.SluiceException;
import org.junit.jupiter.api.Test;

class ForeignToolTest {

  /** Of sockperf 3.7, which colours some lines. */
  private static final String SOCKPERF =
      """
      sockperf: Summary: Round trip is 32.667 usec
      sockperf: \u001b[2;35mTotal 16833 observations\u001b[0m; each percentile contains 168.33 observations
      sockperf: ---> percentile 75.000 =   33.012
      sockperf: ---> percentile 50.000 =   32.230
      sockperf: ---> percentile 25.000 =   28.183
      """;

  @Test
  void theMedianIsReadInNanoseconds() {
    assertThat(ForeignTool.SOCKPERF.figure(SOCKPERF)).isCloseTo(32_230, within(0.001));
  }

  @Test
  void whatWasReceivedIsReadInBytes() {
    assertThat(
            ForeignTool.IPERF3.figure("{\"end\": {\"sum_received\": {\"bits_per_second\": 8e9}}}"))
        .isEqualTo(1e9);
  }

  @Test
  void outputWithoutAFigureIsTold() {
    for (ForeignTool tool : ForeignTool.values()) {
      assertThatThrownBy(() -> tool.figure("{\"error\": \"unable to connect\"}"))
          .isInstanceOf(SluiceException.class)
          .hasMessageContaining("unable to connect");
    }
  }
}
