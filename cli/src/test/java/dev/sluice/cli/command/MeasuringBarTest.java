package dev.sluice.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class MeasuringBarTest {

  @Test
  void theBarAndTheTimeAreOfAllThatIsLeft() {
    assertThat(MeasuringBar.text(Duration.ofSeconds(60), Duration.ofSeconds(180), "tcp-rr"))
        .isEqualTo("[#####...............] 3:00 left  tcp-rr");
    assertThat(MeasuringBar.text(Duration.ZERO, Duration.ofSeconds(5), "tcp-rr"))
        .startsWith("[....................] 0:05 left");
    assertThat(MeasuringBar.text(Duration.ofSeconds(7), Duration.ZERO, "done"))
        .startsWith("[####################] 0:00 left");
  }
}
