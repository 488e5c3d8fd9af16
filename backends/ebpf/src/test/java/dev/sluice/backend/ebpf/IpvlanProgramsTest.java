package dev.sluice.backend.ebpf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.backend.ipvlan.IpvlanDatapath;
import dev.sluice.bpf.kernel.BpfLink;
import dev.sluice.bpf.kernel.BpfObject;
import dev.sluice.core.datapath.Datapath;
import dev.sluice.core.datapath.DesiredState;
import dev.sluice.core.kernel.KernelFeature;
import dev.sluice.core.kernel.KernelObject;
import dev.sluice.testkit.TestTopologies;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The IPVLAN datapath has the programs of {@link Programs#ENDPOINT}, with the same in their maps
 * and at the same places: what tables and random frames say of one they say of both.
 */
class IpvlanProgramsTest {

  private static List<KernelObject> programs(Datapath datapath) {
    DesiredState desired =
        DesiredState.of(
            TestTopologies.factsWithout(KernelFeature.NETKIT),
            TestTopologies.read(ProgramCases.TOPOLOGY));
    return datapath.render(desired).objects().stream()
        .filter(object -> object instanceof BpfObject || object instanceof BpfLink)
        .toList();
  }

  @Test
  void areThoseOfTheEbpfDatapathOnVethPairs() {
    assertThat(programs(new IpvlanDatapath()))
        .hasSizeGreaterThan(2 * ProgramCases.DESIRED.topology().endpoints().size())
        .containsExactlyInAnyOrderElementsOf(programs(new EbpfDatapath()));
  }
}
