package dev.sluice.cli.command;

import dev.sluice.bench.ProgramStatistics;
import dev.sluice.bpf.lib.BpfProgram;
import dev.sluice.bpf.lib.BpfProgram.ProgramInfo;
import dev.sluice.bpf.lib.RunStatistics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The kernel's statistics of the programs that our datapaths pin. */
final class PinnedPrograms implements ProgramStatistics {

  /** What the name of a program's pin begins with; maps have others. */
  private static final String PROGRAM = "prog-";

  @Override
  public Counting count() {
    RunStatistics statistics = RunStatistics.enable();
    return statistics::close;
  }

  @Override
  public List<Program> pinned(Path directory) {
    try (Stream<Path> pins = Files.walk(directory)) {
      return pins.filter(pin -> pin.getFileName().toString().startsWith(PROGRAM))
          .map(PinnedPrograms::read)
          .toList();
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Program read(Path pin) {
    try (BpfProgram program = BpfProgram.pinned(pin)) {
      ProgramInfo info = program.info();
      String name = pin.getFileName().toString().substring(PROGRAM.length());
      return new Program(name, info.runs(), info.nanoseconds());
    }
  }
}
