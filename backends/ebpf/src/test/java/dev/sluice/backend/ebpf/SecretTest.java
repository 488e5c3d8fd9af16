package dev.sluice.backend.ebpf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.node.Node;
import dev.sluice.core.reconcile.Topologies;
import dev.sluice.testkit.NodeExtension;
import dev.sluice.testkit.TestTopologies;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** By which programs know what one of them has decided on. */
@ExtendWith(NodeExtension.class)
class SecretTest {

  private static final EbpfDatapath EBPF = new EbpfDatapath();

  private static String topology(String name, int endpoints) {
    StringBuilder out =
        new StringBuilder(
            """
            apiVersion: sluice.dev/v1alpha1
            kind: Topology
            metadata: {name: %s}
            spec:
              networks: [{name: red, subnets: [10.0.1.0/24]}]
              endpoints:
            """
                .formatted(name));
    for (int i = 0; i < endpoints; i++) {
      out.append(
          "    - {name: %1$s%2$d, netns: %1$s%2$d, interfaces: [{network: red, name: eth0}]}%n"
              .formatted(name, i));
    }
    return out.toString();
  }

  private static void apply(Topologies topologies, String yaml) {
    topologies.apply(TestTopologies.declared(EBPF, yaml));
  }

  /** More endpoints than the maps have room for are another version, at work beside the first. */
  @Test
  void isOneForAllVersionsOfATopologyAndAnotherForTheNext(Node node) {
    Topologies topologies = TestTopologies.on(node, EBPF);
    apply(topologies, topology("one", 1));
    long first = ProgramBed.secret(node, "one");
    assertThat(first).isNotZero();
    Path version = ProgramBed.version(node, "one");
    apply(topologies, topology("one", 140));
    assertThat(ProgramBed.version(node, "one")).isNotEqualTo(version);
    assertThat(ProgramBed.secret(node, "one")).isEqualTo(first);
    topologies.destroy("one");
    apply(topologies, topology("one", 1));
    assertThat(ProgramBed.secret(node, "one")).isNotIn(0L, first);
  }
}
