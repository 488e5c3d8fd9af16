package dev.sluice.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.node.Node;
import dev.sluice.core.sys.Mounts;
import dev.sluice.testkit.Shell.Result;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
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

  /**
   * In one shell, with as few programs as can be: a test takes several snapshots of several
   * namespaces. Links come first, sysctls last.
   */
  private static final String WITNESSES =
      """
      set -e
      printf '%s\\n' 'link show' 'addr show' 'neigh show nud permanent' | ip -o -d -b -
      printf '%s\\n' 'route show table all' 'rule show' | ip -b -
      printf '%s\\n' 'route show table all' 'rule show' | ip -6 -b -
      nft list tables
      cd /proc/sys && grep -rs . net/[!cu]* | grep .
      """;

  /** What of a line does not count: numbers that only count or that time changes. */
  private static final Pattern NOISE =
      Pattern.compile(
          "(\\w*_timer +\\S+|NO-CARRIER,|,LOWER_UP|\\bstate \\S+|[gt]so_max_\\w+ \\d+"
              + "|(valid|preferred)_lft \\S+|\\blinkdown\\b|expires \\S+) *");

  /**
   * Sysctls that the kernel itself changes, or that every namespace sees of the machine. And what
   * comes and goes with a carrier, a second late, and is not what anybody set; so does the route
   * that the kernel itself has for each IPv6 address, while the address stays and is compared.
   */
  private static final Pattern IGNORED =
      Pattern.compile(
          "net/(netfilter/nf_conntrack_count|\\S*random|\\S*_key)\\b.*"
              + "|.*\\b(fe80:|ff00::/8).*|.*\\blocal \\S*:\\S* .*\\bproto kernel\\b.*");

  private final List<String> lines;

  private NodeSnapshot(List<String> lines) {
    this.lines = lines;
  }

  /** The node as it is now. */
  public static NodeSnapshot of(Node node) {
    List<String> lines = new ArrayList<>(witness("node", Shell.inNode(node, WITNESSES)));
    names(node.directories().names())
        .forEach(
            (name, inode) -> {
              lines.add("name " + name + " is inode " + inode);
              if (Mounts.isMountPoint(node.published(name))) {
                lines.addAll(witness("netns " + name, Shell.in(node, name, WITNESSES)));
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
    assertThat(without(now, lines)).as("left behind on node %s", node.name()).isEmpty();
    assertThat(without(lines, now)).as("missing on node %s", node.name()).isEmpty();
  }

  /** The lines that {@code from} has more often than {@code other}. */
  private static List<String> without(List<String> from, List<String> other) {
    Map<String, Integer> left = new HashMap<>();
    other.forEach(line -> left.merge(line, 1, Integer::sum));
    return from.stream().filter(line -> left.merge(line, -1, Integer::sum) < 0).toList();
  }

  private static List<String> witness(String where, Result told) {
    return told.orFail()
        .lines()
        .map(line -> NOISE.matcher(line).replaceAll("").strip())
        .filter(Predicate.not(String::isEmpty))
        .filter(line -> !IGNORED.matcher(line).matches())
        .map(line -> where + ": " + line)
        .sorted()
        .toList();
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
