package dev.sluice.core.node;

import dev.sluice.core.netlink.NetlinkException;
import dev.sluice.core.netlink.route.FilterMessage;
import dev.sluice.core.netlink.route.FilterRequests;
import dev.sluice.core.netlink.route.FilterRequests.Place;
import dev.sluice.core.netlink.route.RouteSocket;
import dev.sluice.core.sys.Bpf;
import dev.sluice.core.sys.Errno;
import dev.sluice.core.sys.Fd;
import dev.sluice.core.sys.SyscallException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;

/**
 * Finds out what of BPF the kernel has, and lets us use. That we may not is a lack here: a
 * container with all other privileges may be without this one, and other datapaths do without.
 */
final class BpfProbe {

  private static final Path BTF = Path.of("/sys/kernel/btf/vmlinux");
  private static final int REDIRECT_PEER = 155;

  private BpfProbe() {}

  static boolean loads() {
    return accepts(Bpf::load);
  }

  /** Whether it does so is asked of a program: the setting shows in the first namespace only. */
  static boolean compiles() {
    if (!loads()) {
      return false;
    }
    try (Fd program = Bpf.load()) {
      return Bpf.isCompiled(program);
    }
  }

  static boolean describesItsTypes() {
    return Files.isReadable(BTF);
  }

  /** On a device of the calling thread's namespace. */
  static boolean attaches(int ifindex) {
    if (!loads()) {
      return false;
    }
    try (Fd program = Bpf.load()) {
      return accepts(() -> Bpf.attach(program, ifindex));
    }
  }

  /** On a device of the calling thread's namespace. */
  static boolean filters(int ifindex) {
    if (!loads()) {
      return false;
    }
    Place place = new Place(ifindex, FilterMessage.INGRESS, 1, 1);
    try (Fd program = Bpf.load();
        RouteSocket route = RouteSocket.open()) {
      route.executeAll(
          FilterRequests.addClsact(ifindex), FilterRequests.put(place, program.number(), "probe"));
      return true;
    } catch (NetlinkException e) {
      // A kind of filter that the kernel does not have is "no such file".
      if (isLack(e.errno()) || e.errno().is(Errno.ENOENT)) {
        return false;
      }
      throw e;
    }
  }

  static boolean redirectsToPeers() {
    return accepts(() -> Bpf.loadCalling(REDIRECT_PEER));
  }

  static boolean readsTheKernel() {
    return accepts(Bpf::loadReadingKernel);
  }

  private static boolean accepts(Supplier<Fd> trial) {
    try (Fd made = trial.get()) {
      return made.number() >= 0;
    } catch (SyscallException e) {
      if (isLack(e.errno())) {
        return false;
      }
      throw e;
    }
  }

  private static boolean isLack(Errno errno) {
    return FeatureProbe.isLack(errno) || errno.is(Errno.EPERM);
  }
}
