package dev.sluice.cli.command;

import dev.sluice.core.netlink.route.LinkMessage.XdpMode;
import dev.sluice.core.reconcile.Topologies;
import java.util.List;
import java.util.Locale;

/** What {@code status} prints for programs. */
final class StatusDocuments {

  private StatusDocuments() {}

  /** Of {@code status}. */
  record Overview(String node, List<Line> topologies) {}

  /**
   * A topology.
   *
   * @param state applied, applying, rolling-back or destroying
   * @param drift how many of its objects are not as they should be
   * @param faults what is wrong with interfaces of the node that it names
   */
  record Line(
      String topology,
      String datapath,
      String state,
      int endpoints,
      int objects,
      int drift,
      List<String> faults) {

    static Line of(Topologies.Status status) {
      return new Line(
          status.topology(),
          status.datapath(),
          status.phase().name().toLowerCase(Locale.ROOT).replace('_', '-'),
          status.endpoints(),
          status.objects(),
          status.drift(),
          status.faults());
    }
  }

  /**
   * Of {@code status NAME}: the fields of {@link Line}, each endpoint's interfaces, and the
   * uplinks.
   */
  record Detail(
      String topology,
      String datapath,
      String state,
      int endpoints,
      int objects,
      int drift,
      List<String> faults,
      List<InterfaceLine> interfaces,
      List<UplinkLine> uplinks) {}

  /** One interface of an endpoint. */
  record InterfaceLine(
      String endpoint,
      String netns,
      String name,
      String network,
      List<String> addresses,
      String mac) {}

  /**
   * An interface of the node that leads out.
   *
   * @param xdp where it runs an XDP program: native (in its driver), generic (at the entrance of
   *     the stack), hardware or several; none
   */
  record UplinkLine(String name, String xdp) {

    static UplinkLine of(String name, XdpMode mode) {
      return new UplinkLine(name, mode.name().toLowerCase(Locale.ROOT));
    }
  }
}
