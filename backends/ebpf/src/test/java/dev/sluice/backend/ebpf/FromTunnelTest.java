package dev.sluice.backend.ebpf;

import static dev.sluice.backend.ebpf.ProgramCases.*;

import dev.sluice.backend.ebpf.ProgramCases.Case;
import dev.sluice.bpf.lib.BpfProgram.TestResult;
import dev.sluice.core.policy.DropReason;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What came in by no device, from the gateway's address: a tunnel's. (What has somebody's socket
 * only real packets show: {@code Tampering}.)
 */
class FromTunnelTest extends ProgramTable {

  @Override
  protected TestResult run(ProgramBed on, String place, byte[] frame) {
    return on.fromTunnel(place, frame);
  }

  static List<Case> rows() {
    return List.of(
        passes("to who takes all", "red", frame(RED, A, RED4, A4, udp(9))),
        passes("to who takes all, IPv6", "red", frame(RED, A, RED6, A6, udp(9))),
        drops(DropReason.POLICY, "a datagram", "red", frame(RED, S, RED4, S4, udp(9))),
        drops(DropReason.POLICY, "a datagram, IPv6", "red", frame(RED, S, RED6, S6, udp(9))),
        drops(DropReason.POLICY, "GRE", "red", frame(RED, S, RED4, S4, gre())));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void isJudged(Case row) {
    check(row);
  }
}
