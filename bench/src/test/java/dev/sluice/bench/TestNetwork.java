package dev.sluice.bench;

import dev.sluice.bench.workload.Endpoints;
import dev.sluice.core.address.IpAddress;
import dev.sluice.core.sys.Netns;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Namespaces of a test's own, wired by ip(8); all gone when it closes. */
public final class TestNetwork implements AutoCloseable {

  private static final IpAddress LOCALHOST = IpAddress.parse("127.0.0.1");

  private final List<Netns> namespaces = new ArrayList<>();

  /** Both ends in one namespace. */
  public Endpoints loopback() {
    Netns netns = namespace();
    return new Endpoints(netns, netns, LOCALHOST);
  }

  /** Two namespaces and a veth pair between them. */
  public Endpoints vethPair(boolean v6) {
    Netns client = namespace();
    Netns server = namespace();
    String serverFile = "/proc/" + ProcessHandle.current().pid() + "/fd/" + server.fd();
    ip(client, "link add eth0 type veth peer name eth0 netns " + serverFile);
    ip(client, "addr add " + (v6 ? "fd00::1/64 nodad" : "10.0.0.1/24") + " dev eth0");
    ip(server, "addr add " + (v6 ? "fd00::2/64 nodad" : "10.0.0.2/24") + " dev eth0");
    ip(client, "link set eth0 up");
    ip(server, "link set eth0 up");
    return new Endpoints(client, server, IpAddress.parse(v6 ? "fd00::2" : "10.0.0.2"));
  }

  private Netns namespace() {
    Netns netns = Netns.create();
    namespaces.add(netns);
    ip(netns, "link set lo up");
    return netns;
  }

  /** Runs {@code ip} inside {@code netns}; a child belongs to the namespace of its thread. */
  public static void ip(Netns netns, String arguments) {
    List<String> command = new ArrayList<>(List.of("ip"));
    command.addAll(List.of(arguments.split(" ", -1)));
    run(netns, command);
  }

  /** Makes {@code netns} track connections: each flow that comes in is an entry. */
  public static void track(Netns netns) {
    run(
        netns,
        List.of(
            "nft",
            "table inet track { chain in { type filter hook input priority 0; ct state new accept; }; }"));
  }

  /** Makes {@code netns} lose every IP packet that comes in. */
  public static void swallow(Netns netns) {
    run(
        netns,
        List.of(
            "nft",
            "table inet swallow { chain in { type filter hook prerouting priority 0; drop; }; }"));
  }

  /** Makes {@code netns} lose every third UDP datagram that comes in. */
  public static void loseEveryThird(Netns netns) {
    run(
        netns,
        List.of(
            "nft",
            "table inet lossy { chain in { type filter hook prerouting priority 0;"
                + " meta l4proto udp numgen inc mod 3 0 drop; }; }"));
  }

  private static void run(Netns netns, List<String> command) {
    netns.call(
        () -> {
          Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
          String output =
              new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
          if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + ": " + output);
          }
          return true;
        });
  }

  @Override
  public void close() {
    namespaces.forEach(Netns::close);
  }
}
