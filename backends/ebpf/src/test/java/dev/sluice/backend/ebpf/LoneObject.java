package dev.sluice.backend.ebpf;

import dev.sluice.bpf.ObjectFile;
import dev.sluice.bpf.lib.BpfProgram;
import dev.sluice.bpf.lib.BpfProgram.TestResult;
import dev.sluice.bpf.lib.OpenObject;
import dev.sluice.bpf.lib.SkbContext;
import dev.sluice.core.policy.DropReason;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** An object that is loaded with a secret and nothing in its maps, and attached nowhere. */
record LoneObject(OpenObject object) implements AutoCloseable {

  private static final int LOOPBACK = 1;

  static LoneObject load(String file, long secret) {
    OpenObject object = OpenObject.open(file, ObjectFile.read(file));
    object.set("secret", secret);
    object.load();
    return new LoneObject(object);
  }

  BpfProgram program(String name) {
    return object.program(name);
  }

  /** Runs a program on a frame with a mark, which bears a secret. */
  TestResult run(String program, byte[] frame, long bears) {
    SkbContext context = new SkbContext(7, 7, 0, LOOPBACK, bears);
    return program(program).testRun(frame, context.bytes(), 1);
  }

  /** How often that has been counted. */
  long dropped(DropReason reason) {
    ByteBuffer key = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.nativeOrder());
    key.putInt(reason.number());
    ByteBuffer counts =
        ByteBuffer.wrap(object.loadedMap("drops").lookup(key.array()).orElseThrow())
            .order(ByteOrder.nativeOrder());
    long packets = 0;
    for (int at = 0; at < counts.capacity(); at += 2 * Long.BYTES) {
      packets += counts.getLong(at);
    }
    return packets;
  }

  @Override
  public void close() {
    object.close();
  }
}
