package dev.sluice.bench;

import dev.sluice.bench.report.Results.Device;
import dev.sluice.bench.report.Size;
import dev.sluice.bench.workload.Endpoints;
import dev.sluice.bench.workload.Workload;
import java.nio.file.Path;
import java.util.Optional;

/**
 * One path to be measured, up and able to carry TCP from {@code client} to {@code server}.
 *
 * @param name the datapath's name, or that of a control; it becomes a tag, so never an address
 * @param endpoints where the traffic starts and ends; the namespaces stay the caller's
 * @param device the client's interface
 * @param pins where the BPF objects of its node are pinned, if it has any
 * @param size how many there are of what is compared, where a number is; a comparison then has
 *     workloads of its own for each size, and candidates without one, the controls, are part of
 *     them all
 */
public record Candidate(
    String name, Endpoints endpoints, Device device, Optional<Path> pins, Optional<Size> size) {

  /** The raw veth pair without policy that all ratios refer to. */
  public static final String REFERENCE = "veth";

  private static final String AGAIN = "-again";

  /** A second such pair: its ratio to the first is the noise floor. */
  public static final String TWIN = REFERENCE + AGAIN;

  /** The reference between two hosts: a macvlan without policy on the parent of either. */
  public static final String RAW = "raw";

  /** The same again. */
  public static final String RAW_AGAIN = RAW + AGAIN;

  /** Both ends in one namespace. */
  public static final String LOOPBACK = "loopback";

  /** A path of whose node nothing is known but the {@code mtu}. */
  public Candidate(String name, Endpoints endpoints, int mtu) {
    this(name, endpoints, new Device(mtu, Optional.empty()), Optional.empty(), Optional.empty());
  }

  /** What a second candidate like {@code reference} is called. */
  static String twin(String reference) {
    return reference + AGAIN;
  }

  /** What no other candidate is called, for messages. */
  String title() {
    return size.map(s -> name + " with " + s.number() + " " + s.sort().word()).orElse(name);
  }

  /** What a workload is called here. */
  String nameOf(Workload workload) {
    return nameOf(workload, size);
  }

  static String nameOf(Workload workload, Optional<Size> size) {
    return size.map(s -> s.of(workload.name())).orElse(workload.name());
  }
}
