package dev.sluice.bench;

import dev.sluice.bench.workload.Endpoints;
import java.nio.file.Path;
import java.util.Optional;

/**
 * One path to be measured, up and able to carry TCP from {@code client} to {@code server}.
 *
 * @param name the datapath's name, or that of a control; it becomes a tag, so never an address
 * @param endpoints where the traffic starts and ends; the namespaces stay the caller's
 * @param mtu of the client's interface, bytes
 * @param pins where the BPF objects of its node are pinned, if it has any
 */
public record Candidate(String name, Endpoints endpoints, int mtu, Optional<Path> pins) {

  /** A path of whose node nothing is known. */
  public Candidate(String name, Endpoints endpoints, int mtu) {
    this(name, endpoints, mtu, Optional.empty());
  }

  /** The raw veth pair without policy that all ratios refer to. */
  public static final String REFERENCE = "veth";

  /** A second such pair: its ratio to the first is the noise floor. */
  public static final String TWIN = "veth-again";

  /** Both ends in one namespace. */
  public static final String LOOPBACK = "loopback";
}
