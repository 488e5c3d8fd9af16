package dev.sluice.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The table of {@code docs/tamper.md}: acts by row, datapaths by column. */
record TamperTable(List<List<String>> rows) {

  static final String HOLDS = "holds";
  static final String CUT_OFF = "cut off";

  /**
   * Somebody is reached whom policy denies, or is forged: who has what it takes is to be nobody.
   */
  static final String OPEN = "open";

  /** The kernel refuses it, on that datapath. */
  static final String NOT_POSSIBLE = "not possible";

  private static final Path FILE = Path.of("docs/tamper.md");

  static TamperTable read() {
    try {
      List<List<String>> rows = new ArrayList<>();
      for (String line : Files.readAllLines(file())) {
        if (line.startsWith("|")) {
          rows.add(Arrays.stream(line.substring(1).split("\\|", -1)).map(String::trim).toList());
        }
      }
      return new TamperTable(rows);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Tests run in the directory of their module; in a guest in that of the project. */
  private static Path file() {
    Path directory = Path.of("").toAbsolutePath();
    while (!Files.exists(directory.resolve(FILE)) && directory.getParent() != null) {
      directory = directory.getParent();
    }
    return directory.resolve(FILE);
  }

  /** What it says there of that act, of which there may be a row of its own. */
  String outcome(TamperContract.Act act, String datapath) {
    int column = rows.get(0).indexOf(datapath);
    return row(act.toString())
        .or(() -> row(act.what().title()))
        .map(row -> row.get(column))
        .orElse("nothing");
  }

  private Optional<List<String>> row(String title) {
    return rows.stream().filter(row -> row.get(0).equals(title)).findFirst();
  }
}
