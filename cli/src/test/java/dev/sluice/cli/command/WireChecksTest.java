package dev.sluice.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.command.DoctorDocument.HostCheck;
import dev.sluice.core.address.IpAddress;
import dev.sluice.core.check.WireProbe.Finding;
import java.util.List;
import org.junit.jupiter.api.Test;

class WireChecksTest {

  private static HostCheck check(boolean isThere, String... unanswered) {
    IpAddress router = IpAddress.parse("10.0.1.1");
    return WireChecks.of(new Finding("wired", "up0", router, isThere, List.of(unanswered)));
  }

  @Test
  void aRouterThatAnswersAllIsGood() {
    assertThat(check(true))
        .isEqualTo(
            new HostCheck("wire of up0", true, "10.0.1.1 answers the endpoints of topology wired"));
  }

  @Test
  void aLimitIsToldFromARouterThatIsDown() {
    assertThat(check(true, "a", "b"))
        .matches(c -> !c.good())
        .extracting(HostCheck::detail)
        .asString()
        .startsWith(
            "10.0.1.1 does not answer a, b of topology wired, but others: the wire lets too few MACs speak");
    assertThat(check(false, "a", "b"))
        .matches(c -> !c.good())
        .extracting(HostCheck::detail)
        .isEqualTo("10.0.1.1 answers neither this node nor the endpoints of topology wired");
  }
}
