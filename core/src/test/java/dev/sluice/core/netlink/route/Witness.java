package dev.sluice.core.netlink.route;

import dev.sluice.core.sys.Netns;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What ip(8) and tc(8) say of a namespace, independently of the code under test. */
final class Witness {

  private Witness() {}

  /** The output of {@code ip} with these words, run inside the namespace. */
  static String ip(Netns ns, String words) {
    return run(ns, "ip", words);
  }

  /** As {@link #ip}, of {@code tc}. */
  static String tc(Netns ns, String words) {
    return run(ns, "tc", words);
  }

  private static String run(Netns ns, String program, String words) {
    long pid = ProcessHandle.current().pid();
    List<String> command = new ArrayList<>();
    command.add("nsenter");
    command.add("--net=/proc/" + pid + "/fd/" + ns.fd());
    command.add(program);
    command.addAll(List.of(words.split(" ", -1)));
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int status = process.waitFor();
      if (status != 0) {
        throw new AssertionError(command + " ended with " + status + ": " + output);
      }
      return output;
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
