package dev.sluice.bench.workload;

import dev.sluice.core.address.IpAddress;
import dev.sluice.core.sys.Netns;

/** Where traffic starts, and where it goes. The namespaces stay their owner's. */
public record Endpoints(Netns client, Netns server, IpAddress serverAddress) {}
