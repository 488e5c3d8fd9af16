package dev.sluice.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.node.Node;
import dev.sluice.core.sys.Mounts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * All of a node that a topology could have changed, as independent programs tell it: links,
 * addresses, routes of all tables, rules, permanent neighbours, names of nftables tables and
 * sysctls, of the node and of each of its named namespaces; the names with what they stand for;
 * what is mounted in the node's directories, and what is pinned in its directory of pins. Compared
 * as text, so that a failure shows the lines.
 */
public final class NodeSnapshot {

  /** Witness and what of its lines does not count: numbers that only count or that time changes. */
  private static final Map<String, Pattern> WITNESSES =
      Map.of(
          "ip -o -d link show",
              Pattern.compile(
                  "\\w*_timer +\\S+|NO-CARRIER,|,LOWER_UP|\\bstate \\S+|[gt]so_max_\\w+ \\d+"),
          "ip -o addr show", Pattern.compile("(valid|preferred)_lft \\S+"),
          "ip -4 route show table all", Pattern.compile("\\blinkdown\\b"),
          "ip -6 route show table all", Pattern.compile("expires \\S+|\\blinkdown\\b"),
          "ip -4 rule show", Pattern.compile("$^"),
          "ip -6 rule show", Pattern.compile("$^"),
          "ip neigh show nud permanent", Pattern.compile("$^"),
          "nft list tables", Pattern.compile("$^"),
          "sysctl -a --pattern '^net[.]' 2>/dev/null | grep .", Pattern.compile("$^"));

  /** Sysctls that the kernel itself changes, or that every namespace sees of the machine. */
  private static final Pattern COUNTERS =
      Pattern.compile("^net[.](netfilter[.]nf_conntrack_count|.*random|.*_key\\b|unix|core[.]).*");

  /**
   * Comes and goes with a carrier, a second late: not what anybody set. So does the route that the
   * kernel itself has for each IPv6 address; the address stays and is compared.
   */
  private static final Pattern LINK_LOCAL =
      Pattern.compile(".*\\b(fe80:|ff00::/8).*|.*\\blocal \\S*:\\S* .*\\bproto kernel\\b.*");

  private final List<String> lines;

  private NodeSnapshot(List<String> lines) {
    this.lines = lines;
  }

  /** The node as it is now. */
  public static NodeSnapshot of(Node node) {
    List<String> lines = new ArrayList<>(witness("node", c -> Shell.inNode(node, c).orFail()));
    names(node.directories().names())
        .forEach(
            (name, inode) -> {
              lines.add("name " + name + " is inode " + inode);
              if (Mounts.isMountPoint(node.published(name))) {
                lines.addAll(witness("netns " + name, c -> Shell.in(node, name, c).orFail()));
              }
            });
    names(node.directories().marks())
        .forEach((name, inode) -> lines.add("mark " + name + " is inode " + inode));
    lines.addAll(mounts(node));
    lines.addAll(pins(node));
    return new NodeSnapshot(lines);
  }

  /** Fails, with the lines that differ, unless the node is now as it was. */
  public void assertUnchanged(Node node) {
    List<String> now = of(node).lines;
    List<String> added = new ArrayList<>(now);
    lines.forEach(added::remove);
    List<String> missing = new ArrayList<>(lines);
    now.forEach(missing::remove);
    assertThat(added).as("left behind on node %s", node.name()).isEmpty();
    assertThat(missing).as("missing on node %s", node.name()).isEmpty();
  }

  private interface Run {
    String run(String command);
  }

  private static List<String> witness(String where, Run run) {
    List<String> out = new ArrayList<>();
    WITNESSES.forEach(
        (command, noise) ->
            run.run(command)
                .lines()
                .map(line -> noise.matcher(line).replaceAll("").strip())
                .filter(Predicate.not(String::isEmpty))
                .filter(line -> !COUNTERS.matcher(line).matches())
                .filter(line -> !LINK_LOCAL.matcher(line).matches())
                .forEach(line -> out.add(where + ": " + line)));
    Collections.sort(out);
    return out;
  }

  private static Map<String, Object> names(Path directory) {
    Map<String, Object> out = new TreeMap<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        out.put(file.getFileName().toString(), Files.getAttribute(file, "unix:ino"));
      }
    } catch (NoSuchFileException e) {
      return out;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out;
  }

  private static List<String> pins(Node node) {
    Path pins = node.directories().pins();
    if (!Files.exists(pins)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(pins)) {
      return files
          .filter(file -> !file.equals(pins))
          .map(file -> "pin: " + pins.relativize(file))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> mounts(Node node) {
    try {
      return Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
          .map(line -> line.split(" ", -1)[4])
          .filter(
              at ->
                  Path.of(at).startsWith(node.directories().names())
                      || Path.of(at).startsWith(node.directories().marks()))
          .map(at -> "mounted: " + at)
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
