package dev.sluice.bench.report;

import java.nio.file.Path;
import java.util.List;

/** The files of a comparison: {@code results.json}, and what is made from that alone. */
public final class ReportFiles {

  private ReportFiles() {}

  /** Writes them all into {@code directory}, which is made if it is not there. */
  public static List<Path> write(Results measured, Path directory) {
    Path json = ResultsJson.write(measured, directory);
    Results results = ResultsJson.read(json);
    return List.of(
        json,
        WholeFile.write(directory.resolve("results.csv"), CsvReport.render(results)),
        WholeFile.write(directory.resolve("report.md"), MarkdownReport.render(results)),
        WholeFile.write(directory.resolve("report.html"), HtmlReport.render(results)));
  }
}
