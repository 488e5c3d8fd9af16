package dev.sluice.core.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.kernel.KernelObject;
import dev.sluice.core.kernel.Key;
import dev.sluice.core.kernel.Namespace;
import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.node.BpfFileSystem;
import dev.sluice.core.node.Node;
import dev.sluice.core.node.NodeDirectories;
import dev.sluice.core.node.ThrowawayNode;
import dev.sluice.core.reconcile.kind.Kind;
import dev.sluice.core.reconcile.kind.Kinds;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class KindsTest {

  private record Thing() implements KernelObject {
    @Override
    public Key key() {
      return new Key(Key.Type.RULE, NetnsRef.NODE, "thing");
    }
  }

  @Test
  void anObjectThatNoKindHandlesIsAFaultOfOurs() {
    assertThatThrownBy(() -> Kinds.core().of(new Thing()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Thing");
  }

  @Test
  void twoKindsOfOneTypeAreAFaultOfOurs() {
    Kind<KernelObject> namespaces = Kinds.core().of(new Namespace("a", true));
    assertThatThrownBy(() -> Kinds.core().and(List.of(namespaces)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Namespace");
  }

  @Test
  void pinsAreNamedWithoutADotAndFoundAgain() {
    for (String name : List.of("eth0", "eth0.100", "a%b.c%2e")) {
      String file = BpfFileSystem.pinName(name);
      assertThat(file).doesNotContain(".");
      assertThat(BpfFileSystem.ofPinName(file)).isEqualTo(name);
    }
  }

  @Test
  void nodesDoNotShareTheirPins() {
    try (ThrowawayNode a = ThrowawayNode.create("a");
        ThrowawayNode b = ThrowawayNode.create("b")) {
      assertThat(a.node().directories().pins()).isNotEqualTo(b.node().directories().pins());
      Node same = new Node("same", a.node().netns(), NodeDirectories.under(root(a.node())));
      assertThat(same.directories().pins()).isEqualTo(a.node().directories().pins());
    }
  }

  private static Path root(Node node) {
    return node.directories().state().getParent();
  }
}
