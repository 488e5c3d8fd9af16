package dev.sluice.bench.workload;

import dev.sluice.core.address.IpAddress;
import dev.sluice.core.sys.Netns;
import java.util.OptionalInt;

/**
 * Where traffic starts, and where it goes. The namespaces stay their owner's.
 *
 * @param tcpPort where the server listens for TCP; 0: where the kernel chooses, each time anew.
 *     With any other, no two workloads can keep listening at once
 * @param udpPort the same for UDP; empty: policy leaves none open
 */
public record Endpoints(
    Netns client, Netns server, IpAddress serverAddress, int tcpPort, OptionalInt udpPort) {

  /** Endpoints whose server listens where the kernel chooses. */
  public Endpoints(Netns client, Netns server, IpAddress serverAddress) {
    this(client, server, serverAddress, 0, OptionalInt.of(0));
  }
}
