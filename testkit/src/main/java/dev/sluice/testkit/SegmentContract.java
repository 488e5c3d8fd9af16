package dev.sluice.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.node.Node;
import dev.sluice.core.packet.Arp;
import dev.sluice.core.packet.Ethernet;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Endpoints that are neighbours on one segment, and one that is on another. */
abstract class SegmentContract extends Contract {

  private static final String TOPOLOGY =
      """
      apiVersion: sluice.dev/v1alpha1
      kind: Topology
      metadata: {name: segment}
      spec:
        networks:
          - {name: red,  subnets: [10.0.1.0/24]}
          - {name: blue, subnets: [10.0.2.0/24]}
        endpoints:
          - {name: a, netns: a, interfaces: [{network: red, name: eth0, addresses: [10.0.1.2]}]}
          - {name: b, netns: b, interfaces: [{network: red, name: eth0, addresses: [10.0.1.3]}]}
          - {name: c, netns: c, interfaces: [{network: blue, name: eth0, addresses: [10.0.2.2]}]}
      """;

  private static final Duration SOON = Duration.ofSeconds(4);
  private static final Duration NEVER = Duration.ofMillis(200);

  @Test
  void aQuestionForAllIsAnsweredAndStaysInItsNetwork(Node node) {
    apply(node, TOPOLOGY);
    try (Wire sender = Wire.on(node, NetnsRef.named("a"), "eth0");
        Wire same = Wire.on(node, NetnsRef.named("b"), "eth0");
        Wire other = Wire.on(node, NetnsRef.named("c"), "eth0")) {
      Arp question = Arp.request(sender.link().mac().orElseThrow(), ip("10.0.1.2"), ip("10.0.1.3"));
      sender.send(new Ethernet(Ethernet.BROADCAST, sender.link().mac().orElseThrow(), question));
      assertThat(same.await(f -> f.payload().equals(question), floods() ? SOON : NEVER).isPresent())
          .isEqualTo(floods());
      assertThat(
              sender.await(f -> f.payload() instanceof Arp a && a.operation() == Arp.REPLY, SOON))
          .isPresent();
      assertThat(other.await(f -> f.payload().equals(question), NEVER)).isEmpty();
    }
  }
}
