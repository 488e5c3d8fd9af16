package dev.sluice.core.check;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.core.address.IpAddress;
import dev.sluice.core.sys.Netns;
import dev.sluice.core.topology.Topology;
import dev.sluice.core.topology.Topology.Endpoint;
import dev.sluice.core.topology.Topology.Interface;
import dev.sluice.core.topology.Topology.Network;
import dev.sluice.core.topology.Topology.Subnet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A topology set up by ip(8): a bridge for each network in a namespace that plays the node, a veth
 * pair for each interface. All namespaces are unnamed and gone when this is closed.
 */
final class Lab implements CheckTarget, AutoCloseable {

  private final Netns node = Netns.create();
  private final Map<String, Netns> endpoints = new HashMap<>();

  Lab(Topology topology) {
    List<String> onNode = new ArrayList<>(List.of("link set lo up"));
    for (Network network : topology.networks()) {
      onNode.add("link add " + network.name() + " mtu " + network.mtu() + " type bridge");
      onNode.add("link set " + network.name() + " up");
      for (Subnet subnet : network.subnets()) {
        onNode.add(address(subnet, subnet.gateway(), network.name()));
      }
    }
    for (Endpoint endpoint : topology.endpoints()) {
      endpoints.put(endpoint.name(), Netns.create());
      for (Interface iface : endpoint.interfaces()) {
        Network network = topology.network(iface.network());
        onNode.add(
            "link add %s mtu %d type veth peer name %s mtu %d netns %s"
                .formatted(
                    port(endpoint, iface),
                    network.mtu(),
                    iface.name(),
                    network.mtu(),
                    path(endpoint(endpoint.name()))));
        onNode.add("link set " + port(endpoint, iface) + " master " + network.name() + " up");
      }
    }
    node.run(
        () -> {
          write("/proc/sys/net/ipv4/ip_forward", "1");
          write("/proc/sys/net/ipv6/conf/all/forwarding", "1");
        });
    run(node, "ip -batch -", onNode);
    topology.endpoints().forEach(endpoint -> configure(topology, endpoint));
    awaitUp(node);
    endpoints.values().forEach(Lab::awaitUp);
  }

  private void configure(Topology topology, Endpoint endpoint) {
    List<String> commands = new ArrayList<>(List.of("link set lo up"));
    Map<Boolean, String> defaults = new HashMap<>();
    for (Interface iface : endpoint.interfaces()) {
      commands.add("link set " + iface.name() + " up");
      for (IpAddress address : iface.addresses()) {
        Subnet subnet = topology.network(iface.network()).subnetOf(address);
        commands.add(address(subnet, address, iface.name()));
        defaults.putIfAbsent(
            address.isV6(), "route add default via " + subnet.gateway() + " dev " + iface.name());
      }
    }
    commands.addAll(defaults.values());
    run(endpoint(endpoint.name()), "ip -batch -", commands);
  }

  /** A link is up some time after it was set up, and IPv6 addresses are not used before. */
  private static void awaitUp(Netns netns) {
    run(
        netns,
        "timeout 30 sh",
        List.of("while ip -o link | grep -Eq 'state (LOWERLAYER)?DOWN'; do sleep 0.02; done"));
  }

  private static String address(Subnet subnet, IpAddress address, String link) {
    return "addr add %s/%d dev %s%s"
        .formatted(address, subnet.cidr().prefix(), link, address.isV6() ? " nodad" : "");
  }

  /** The node's end of an interface. */
  static String port(Endpoint endpoint, Interface iface) {
    return endpoint.name() + "-" + iface.name();
  }

  @Override
  public Netns node() {
    return node;
  }

  @Override
  public Netns endpoint(String name) {
    return endpoints.get(name);
  }

  /** Runs a command in the node's namespace; it must succeed. */
  void onNode(String command, String... input) {
    run(node, command, List.of(input));
  }

  /** Runs a command in an endpoint's namespace; it must succeed. */
  void in(String endpoint, String command, String... input) {
    run(endpoint(endpoint), command, List.of(input));
  }

  /** A process that runs in an endpoint's namespace until it is closed. */
  record Background(Process process) implements AutoCloseable {

    boolean isAlive() {
      return process.isAlive();
    }

    @Override
    public void close() {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().onExit().join();
    }
  }

  /** Starts a command in an endpoint's namespace; {@code argument} is its last one, unsplit. */
  Background start(String endpoint, String command, String... argument) {
    List<String> words = new ArrayList<>(List.of("nsenter", "--net=" + path(endpoint(endpoint))));
    words.addAll(List.of(command.split(" ", -1)));
    words.addAll(List.of(argument));
    try {
      return new Background(
          new ProcessBuilder(words)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void run(Netns netns, String command, List<String> input) {
    List<String> words = new ArrayList<>(List.of("nsenter", "--net=" + path(netns)));
    words.addAll(List.of(command.split(" ", -1)));
    try {
      Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
      try (var in = process.outputWriter(UTF_8)) {
        // A command that reads nothing may be gone before anything can be written.
        in.write(input.isEmpty() ? "" : String.join("\n", input) + "\n");
      }
      String output = new String(process.getInputStream().readAllBytes(), UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException(command + ": " + output);
      }
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String path(Netns netns) {
    return "/proc/" + ProcessHandle.current().pid() + "/fd/" + netns.fd();
  }

  private static void write(String file, String value) {
    try {
      Files.writeString(Path.of(file), value);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    endpoints.values().forEach(Netns::close);
    node.close();
  }
}
