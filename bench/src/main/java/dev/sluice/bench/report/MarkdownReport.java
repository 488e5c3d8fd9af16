package dev.sluice.bench.report;

import dev.sluice.bench.report.Block.Chart;
import dev.sluice.bench.report.Block.Items;
import dev.sluice.bench.report.Block.Section;
import dev.sluice.bench.report.Block.Table;
import dev.sluice.bench.report.Block.Warning;
import dev.sluice.bench.report.Block.Words;
import java.util.List;
import java.util.stream.Collectors;

/** A report as Markdown; without its charts, whose figures are in the tables. Pure. */
final class MarkdownReport {

  private MarkdownReport() {}

  static String render(Results results) {
    StringBuilder text = new StringBuilder("# " + Report.title(results) + "\n");
    for (Section section : Report.of(results)) {
      text.append("\n## ").append(section.title()).append('\n');
      section.blocks().forEach(block -> append(text, block));
    }
    return text.toString();
  }

  private static void append(StringBuilder text, Block block) {
    if (block instanceof Words words) {
      words.paragraphs().forEach(p -> text.append('\n').append(escaped(p)).append('\n'));
    } else if (block instanceof Warning warning) {
      text.append("\n> **").append(escaped(warning.paragraphs().get(0))).append("**\n");
      warning.paragraphs().stream()
          .skip(1)
          .forEach(p -> text.append("> - ").append(escaped(p)).append('\n'));
    } else if (block instanceof Items items) {
      text.append('\n');
      items.items().forEach(i -> text.append("- ").append(escaped(i)).append('\n'));
    } else if (block instanceof Table table) {
      append(text, table);
    } else if (block instanceof Chart) {
      return;
    }
  }

  private static void append(StringBuilder text, Table table) {
    if (!table.title().isEmpty()) {
      text.append("\n**").append(escaped(table.title())).append("**\n");
    }
    text.append('\n').append(line(table.header())).append('|');
    text.append("---|".repeat(table.header().size())).append('\n');
    table.rows().forEach(row -> text.append(line(row)));
  }

  private static String line(List<String> cells) {
    return cells.stream()
        .map(MarkdownReport::escaped)
        .collect(Collectors.joining(" | ", "| ", " |\n"));
  }

  private static String escaped(String text) {
    return text.replaceAll("([\\\\`*_|<>])", "\\\\$1");
  }
}
