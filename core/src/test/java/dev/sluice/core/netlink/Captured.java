package dev.sluice.core.netlink;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Datagrams captured from a kernel (6.18 where nothing else is said, little-endian), each in a file
 * that names the command which made what it shows.
 */
public final class Captured {

  public static final List<String> NAMES =
      List.of(
          "ack",
          "address-v4",
          "address-v6",
          "done-error",
          "dump-rules",
          "error-extack-capped",
          "error-extack-quoted",
          "error-missing",
          "error-offset",
          "filters-bpf",
          "link-bridge",
          "link-filters",
          "link-ipvlan",
          "link-macvlan",
          "link-netkit",
          "link-veth-port",
          "neighbour-v4",
          "neighbour-v6",
          "new-netkit",
          "nsid",
          "nsid-none",
          "route-gateway",
          "route-unreachable",
          "route-v6-gateway",
          "route-via-inet6",
          "rule-marked",
          "rule-v4",
          "rule-v6");

  private Captured() {}

  public static byte[] bytes(String name) {
    try (InputStream in = Captured.class.getResourceAsStream("/netlink/" + name + ".hex")) {
      return HexFormat.of()
          .parseHex(
              new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                  .lines()
                  .filter(line -> !line.startsWith("#"))
                  .collect(Collectors.joining()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
