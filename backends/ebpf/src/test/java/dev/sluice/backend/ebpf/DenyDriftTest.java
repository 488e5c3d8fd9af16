package dev.sluice.backend.ebpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.bpf.ObjectFile;
import dev.sluice.bpf.kernel.BpfObject;
import dev.sluice.bpf.kind.PinnedMaps;
import dev.sluice.bpf.lib.AttachType;
import dev.sluice.bpf.lib.BpfAttachment;
import dev.sluice.bpf.lib.BpfMap;
import dev.sluice.bpf.lib.OpenObject;
import dev.sluice.bpf.render.DenyList;
import dev.sluice.core.netlink.route.RouteSocket;
import dev.sluice.core.node.Node;
import dev.sluice.core.reconcile.ForeignObjectException;
import dev.sluice.core.reconcile.Topologies;
import dev.sluice.core.reconcile.Topologies.Status;
import dev.sluice.testkit.NodeExtension;
import dev.sluice.testkit.NodeSnapshot;
import dev.sluice.testkit.Shell;
import dev.sluice.testkit.TestTopologies;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What somebody else does at an uplink with a deny list. */
@ExtendWith(NodeExtension.class)
@Timeout(60)
class DenyDriftTest {

  private static final String TOPOLOGY =
      """
      apiVersion: sluice.dev/v1alpha1
      kind: Topology
      metadata: {name: denying}
      spec:
        denyFrom: [203.0.113.0/24, "2001:db8:bad::/48"]
        networks: [{name: red, subnets: [10.0.1.0/24, "fd00:0:0:1::/64"], uplink: up0}]
        endpoints: [{name: a, netns: a, interfaces: [{network: red, name: eth0}]}]
      """;

  private static final String MOVED = TOPOLOGY.replace("uplink: up0", "uplink: up1");

  private static Topologies topologies(Node node) {
    return TestTopologies.on(node, new EbpfDatapath());
  }

  private static void apply(Node node, String yaml) {
    topologies(node).apply(TestTopologies.declared(new EbpfDatapath(), yaml));
  }

  private static void connect(Node node) {
    Shell.inNode(
            node,
            "ip link add up0 type veth peer name beyond0 && ip link set up0 up"
                + " && ip link add up1 type veth peer name beyond1 && ip link set up1 up")
        .orFail();
  }

  private static BpfObject object() {
    return DenyList.object(TestTopologies.read(TOPOLOGY)).orElseThrow();
  }

  private static Path pins(Node node) {
    return node.directories().pins().resolve(object().name());
  }

  private static Path pin(Node node) {
    return pins(node).resolve("links").resolve("up0:xdp");
  }

  private static void detach(Node node) {
    try (BpfAttachment attachment = BpfAttachment.pinned(pin(node))) {
      attachment.detach();
    }
  }

  private static OptionalInt program(Node node, String link) {
    return node.netns()
        .call(
            () -> {
              try (RouteSocket route = RouteSocket.open()) {
                return route.link(link).orElseThrow().xdpProgram();
              }
            });
  }

  private enum Damage {
    DETACHED {
      @Override
      void happen(Node node) {
        detach(node);
      }
    },
    LINK_UNPINNED {
      @Override
      void happen(Node node) throws IOException {
        Files.delete(pin(node));
      }
    },
    PROGRAM_UNPINNED {
      @Override
      void happen(Node node) throws IOException {
        Files.delete(pins(node).resolve(object().version()).resolve("prog-deny_sources"));
      }
    },
    SOURCES_DELETED {
      @Override
      void happen(Node node) {
        try (BpfMap map = PinnedMaps.listed(node, object(), "sources_v4").orElseThrow()) {
          map.deleteAll(map.elements().keys());
        }
      }
    },
    LINK_RECREATED {
      @Override
      void happen(Node node) {
        Shell.inNode(node, "ip link del up0 && ip link add up0 type veth peer name beyond0")
            .orFail();
      }
    };

    abstract void happen(Node node) throws IOException;
  }

  @ParameterizedTest
  @EnumSource
  void whatIsChangedByHandIsMended(Damage damage, Node node) throws IOException {
    connect(node);
    NodeSnapshot before = NodeSnapshot.of(node);
    apply(node, TOPOLOGY);
    damage.happen(node);
    Topologies topologies = topologies(node);
    assertThat(topologies.plan(TestTopologies.declared(new EbpfDatapath(), TOPOLOGY)).steps())
        .isNotEmpty();
    assertThat(topologies.status()).extracting(Status::drift).allMatch(drift -> drift > 0);
    apply(node, TOPOLOGY);
    assertThat(topologies.status()).extracting(Status::drift).containsOnly(0);
    assertThat(program(node, "up0")).isPresent();
    try (BpfMap map = PinnedMaps.listed(node, object(), "sources_v4").orElseThrow()) {
      assertThat(map.dump()).hasSize(1);
    }
    topologies.destroy("denying");
    if (damage != Damage.LINK_RECREATED) {
      before.assertUnchanged(node);
    }
    assertThat(program(node, "up0")).isEmpty();
    assertThat(Files.exists(pins(node))).isFalse();
  }

  /** One that is not ours has the only place that there is. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aForeignProgramIsNamedAndLeftAlone(boolean cameLater, Node node) {
    connect(node);
    if (cameLater) {
      apply(node, TOPOLOGY);
      detach(node);
    }
    try (OpenObject object = OpenObject.open("uplink", ObjectFile.read("uplink"))) {
      object.load();
      try (BpfAttachment foreign = node.netns().call(() -> attach(object))) {
        int id = program(node, "up0").orElseThrow();
        assertThat(foreign.info().programId()).isEqualTo(id);
        NodeSnapshot before = NodeSnapshot.of(node);
        assertThatThrownBy(() -> apply(node, TOPOLOGY))
            .isInstanceOf(ForeignObjectException.class)
            .hasMessageContaining("up0 has an XDP program already, deny_sources, id " + id);
        before.assertUnchanged(node);
        if (cameLater) {
          topologies(node).destroy("denying");
          assertThat(program(node, "up0")).hasValue(id);
        }
      }
    }
    apply(node, TOPOLOGY);
    assertThat(program(node, "up0")).isPresent();
  }

  private static BpfAttachment attach(OpenObject object) {
    try (RouteSocket route = RouteSocket.open()) {
      return BpfAttachment.create(
          object.program("deny_sources"), route.link("up0").orElseThrow().index(), AttachType.XDP);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theProgramGoesWithTheUplink(boolean detached, Node node) {
    connect(node);
    apply(node, TOPOLOGY);
    if (detached) {
      detach(node);
    }
    apply(node, MOVED);
    assertThat(program(node, "up0")).isEmpty();
    assertThat(program(node, "up1")).isPresent();
    assertThat(Files.exists(pin(node))).isFalse();
    assertThat(topologies(node).status()).extracting(Status::drift).containsOnly(0);
  }

  /** A device whose driver knows nothing of XDP. */
  @Test
  void anyOtherDeviceHasItToo(Node node) {
    Shell.inNode(node, "ip link add up0 type bridge && ip link set up0 up").orFail();
    apply(node, TOPOLOGY);
    assertThat(Shell.inNode(node, "ip -d link show up0").orFail()).contains("xdpgeneric");
  }

  @Test
  void aDriverThatKnowsItRunsIt(Node node) {
    connect(node);
    apply(node, TOPOLOGY);
    assertThat(Shell.inNode(node, "ip -d link show up0").orFail())
        .contains("prog/xdp")
        .doesNotContain("xdpgeneric");
  }
}
