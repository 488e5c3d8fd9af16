package dev.sluice.core.node;

import java.nio.file.Path;

/**
 * Where a node keeps its things.
 *
 * @param names published namespace names, as ip-netns(8) has them in {@code /run/netns}
 * @param marks our own bindings of the namespaces that we made: their presence is the mark of
 *     ownership
 * @param state intents and leases; survives a reboot
 * @param run locks; gone with a reboot
 * @param pins what BPF objects are pinned by, in the kernel's own file system for that; gone with a
 *     reboot
 */
public record NodeDirectories(Path names, Path marks, Path state, Path run, Path pins) {

  private static final Path STATE = Path.of("/var/lib/sluice");

  /** What is remembered of this machine, and below it what each node has; gone with a reboot. */
  public static final Path RUN = Path.of("/run/sluice");

  private static final Path PINS = BpfFileSystem.MOUNT_POINT.resolve("sluice");

  static NodeDirectories host() {
    Path run = RUN.resolve("host");
    return new NodeDirectories(
        Path.of("/run/netns"),
        run.resolve("marks"),
        STATE.resolve("host"),
        run,
        PINS.resolve("host"));
  }

  /** Of the node that the namespace of that name plays, whether it is there or not. */
  public static NodeDirectories inNetns(String name) {
    Path run = RUN.resolve("netns-" + name);
    return new NodeDirectories(
        run.resolve("names"),
        run.resolve("marks"),
        STATE.resolve("netns-" + name),
        run,
        PINS.resolve(BpfFileSystem.pinName("netns-" + name)));
  }

  /**
   * All under one directory, for a node that is thrown away; but for its pins, whose directory has
   * the name of that one.
   */
  public static NodeDirectories under(Path root) {
    return new NodeDirectories(
        root.resolve("names"),
        root.resolve("marks"),
        root.resolve("state"),
        root.resolve("run"),
        PINS.resolve(BpfFileSystem.pinName("throwaway-" + root.getFileName())));
  }
}
