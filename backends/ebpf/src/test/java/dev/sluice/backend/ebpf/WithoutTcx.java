package dev.sluice.backend.ebpf;

import dev.sluice.core.datapath.Counted;
import dev.sluice.core.datapath.CountsInNftables;
import dev.sluice.core.datapath.Datapath;
import dev.sluice.core.datapath.DesiredState;
import dev.sluice.core.datapath.NftCounter;
import dev.sluice.core.datapath.Support;
import dev.sluice.core.kernel.KernelFeature;
import dev.sluice.core.kernel.KernelFeatures;
import dev.sluice.core.kernel.KernelState;
import dev.sluice.core.node.Node;
import dev.sluice.core.reconcile.Counts;
import dev.sluice.core.reconcile.CountsInItsOwnPlace;
import dev.sluice.testkit.TestTopologies;
import java.util.Map;
import java.util.function.Function;

/** The datapath as it is on a kernel without TCX, and so without netkit, whatever this one has. */
public final class WithoutTcx implements Datapath, CountsInNftables, CountsInItsOwnPlace {

  private final EbpfDatapath ebpf = new EbpfDatapath();

  public WithoutTcx() {}

  private static DesiredState masked(DesiredState desired) {
    return new DesiredState(
        TestTopologies.without(
            TestTopologies.without(desired.node(), KernelFeature.BPF_TCX), KernelFeature.NETKIT),
        desired.topology(),
        desired.policies(),
        desired.epoch());
  }

  @Override
  public String name() {
    return ebpf.name();
  }

  @Override
  public String summary() {
    return ebpf.summary();
  }

  @Override
  public Support support(KernelFeatures features) {
    return ebpf.support(features);
  }

  @Override
  public KernelState render(DesiredState desired) {
    return ebpf.render(masked(desired));
  }

  @Override
  public Map<NftCounter, Counted> counters(DesiredState desired) {
    return ebpf.counters(desired);
  }

  @Override
  public Function<Node, Counts> counting(DesiredState desired) {
    return ebpf.counting(desired);
  }
}
