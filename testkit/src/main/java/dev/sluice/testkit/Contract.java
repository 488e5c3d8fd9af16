package dev.sluice.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.address.IpAddress;
import dev.sluice.core.datapath.Datapath;
import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.node.Node;
import dev.sluice.core.reconcile.Plan;
import dev.sluice.core.reconcile.Topologies;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the parts of the conformance suite have in common. */
@ExtendWith(NodeExtension.class)
abstract class Contract {

  /** The suite that this is a part of. */
  abstract ForwardingContract suite();

  final Datapath datapath() {
    return suite().datapath();
  }

  /** As {@link ForwardingContract#floods}. */
  final boolean floods() {
    return suite().floods();
  }

  final Topologies topologies(Node node) {
    return TestTopologies.on(node, datapath());
  }

  final Plan apply(Node node, String yaml) {
    return topologies(node).apply(TestTopologies.declared(datapath(), yaml));
  }

  static IpAddress ip(String text) {
    return IpAddress.parse(text);
  }

  /** One echo request; the answer has to come within a second. */
  static Shell.Result ping(Node node, NetnsRef from, String options, String to) {
    return Shell.in(node, from, "ping -n -c 1 -W 1 " + options + " " + to);
  }

  /** One echo request that is not to be answered; 0.3 s is long within one machine. */
  static Shell.Result vainPing(Node node, NetnsRef from, String options, String to) {
    return Shell.in(node, from, "ping -n -c 1 -W 0.3 " + options + " " + to);
  }

  /**
   * Within a few seconds: the kernel tells IPv6 of a carrier by linkwatch, which may take one, and
   * then repeats a lost question for a neighbour a second later.
   */
  static void assertAnswers(Node node, NetnsRef from, String to) {
    assertThat(ping(node, from, "-w 4 -i 0.2", to))
        .as("%s pings %s", from, to)
        .matches(r -> r.status() == 0);
  }

  static void assertSilent(Node node, NetnsRef from, String to) {
    assertThat(vainPing(node, from, "", to))
        .as("%s pings %s", from, to)
        .matches(r -> r.status() != 0);
  }
}
