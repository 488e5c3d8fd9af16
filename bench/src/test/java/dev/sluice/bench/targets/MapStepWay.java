package dev.sluice.bench.targets;

import dev.sluice.backend.ebpf.EbpfDatapath;
import dev.sluice.bench.targets.EffectProbe.Effect;
import dev.sluice.bpf.kernel.BpfObject;
import dev.sluice.bpf.kind.BpfObjectKind;
import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.netlink.NetlinkObserver;
import dev.sluice.core.netlink.route.LinkMessage;
import dev.sluice.core.netlink.route.RouteSocket;
import dev.sluice.core.reconcile.kind.Action;
import java.nio.file.Path;

/** What comes after rendering: the difference of two contents of maps, and its writing. */
final class MapStepWay extends ChangeWay {

  MapStepWay(RuleChange change) {
    super("ebpf-step", change, new EbpfDatapath());
  }

  @Override
  Effect make() {
    BpfObject from = change().object(now());
    BpfObject to = change().object(change().following(now()));
    return node()
        .netns()
        .call(
            () -> {
              try (RouteSocket route = RouteSocket.open(NetlinkObserver.NONE)) {
                Action.Names names = new Names(route, node().directories().pins());
                return watch(
                    () ->
                        new BpfObjectKind()
                            .update(from, to)
                            .forEach(action -> ((Action.Call) action).work().accept(names)));
              }
            });
  }

  private record Names(RouteSocket route, Path pins) implements Action.Names {

    @Override
    public LinkMessage device(String name) {
      return route.link(name).orElseThrow();
    }

    @Override
    public int netnsFd(NetnsRef netns) {
      throw new UnsupportedOperationException();
    }
  }
}
