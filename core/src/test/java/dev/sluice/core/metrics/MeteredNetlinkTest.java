package dev.sluice.core.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.netlink.NetlinkConnection;
import dev.sluice.core.netlink.Request;
import dev.sluice.core.netlink.route.LinkRequests;
import dev.sluice.core.sys.Netns;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the kernel is asked, in a namespace of the test's own. */
class MeteredNetlinkTest {

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final MeteredNetlink metered = new MeteredNetlink(registry);

  @Test
  void requestsAndRefusalsAreCounted() {
    Request delete = LinkRequests.delete("nosuchlink");
    try (Netns ns = Netns.create();
        NetlinkConnection connection = ns.call(() -> NetlinkConnection.open(metered))) {
      connection.dump(LinkRequests.dump());
      assertThat(connection.execute(List.of(delete, delete)).failures()).hasSize(2);
    }
    assertThat(requests("read")).isEqualTo(1);
    assertThat(requests("change")).isEqualTo(2);
    assertThat(
            registry
                .get("sluice.netlink.refusals")
                .tags("operation", "change", "reason", "ENODEV")
                .counter()
                .count())
        .isEqualTo(2);
  }

  private double requests(String operation) {
    return registry.get("sluice.netlink.requests").tag("operation", operation).counter().count();
  }

  @Test
  void dumpsThatBeginAgainAreCounted() {
    metered.dumpInterrupted(LinkRequests.dump());
    assertThat(registry.get("sluice.netlink.dump.restarts").counter().count()).isEqualTo(1);
  }
}
