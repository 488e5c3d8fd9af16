package dev.sluice.bench.report;

import dev.sluice.bench.report.Block.Chart;
import dev.sluice.bench.report.Block.Items;
import dev.sluice.bench.report.Block.Section;
import dev.sluice.bench.report.Block.Table;
import dev.sluice.bench.report.Block.Warning;
import dev.sluice.bench.report.Block.Words;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A report as one HTML file that needs nothing else: style, script, the charts' library and {@code
 * results.json} are inside. Words and tables are there without the script too, which only adds the
 * charts, from the JSON.
 */
final class HtmlReport {

  private static final String LIBRARY =
      "/META-INF/resources/webjars/echarts/5.3.1/dist/echarts.min.js";

  /** Whoever opens it is sure that it asks nobody for anything. */
  private static final String POLICY =
      "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:";

  private static final String FIGURE = "-?[0-9][0-9.,e+-]*%?( \\[[0-9., ]+\\])?|\\[[0-9., ]+\\]";

  /** A table with more rows than these may go on at the next page of print. */
  private static final int MOST_ON_ONE_PAGE = 12;

  private HtmlReport() {}

  static String render(Results results) {
    StringBuilder body = new StringBuilder();
    String title = escaped(Report.title(results));
    List<Section> sections = Report.of(results);
    body.append("<header><h1>").append(title).append("</h1><p class=\"when\">");
    body.append(
        escaped(results.environment().started() + ", Linux " + results.environment().kernel()));
    body.append("</p><nav>");
    for (Section section : sections) {
      body.append("<a href=\"#%s\">%s</a>".formatted(section.id(), escaped(section.title())));
    }
    body.append("</nav></header>\n<main>\n");
    for (Section section : sections) {
      body.append(
          "<section id=\"%s\"><h2>%s</h2>\n".formatted(section.id(), escaped(section.title())));
      section.blocks().forEach(block -> append(body, block));
      body.append("</section>\n");
    }
    body.append("</main>\n");
    return """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="%s">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>%s</title>
        <style>
        %s</style>
        </head>
        <body>
        %s<script type="application/json" id="results">%s</script>
        <script>%s</script>
        <script>
        %s</script>
        </body>
        </html>
        """
        .formatted(
            POLICY,
            title,
            resource("report.css"),
            body,
            inScript(ResultsJson.toJson(results).toString()),
            resource(LIBRARY),
            resource("report.js"));
  }

  private static void append(StringBuilder text, Block block) {
    if (block instanceof Words words) {
      words.paragraphs().forEach(p -> text.append("<p>").append(escaped(p)).append("</p>\n"));
    } else if (block instanceof Warning warning) {
      text.append("<div class=\"warning\" role=\"alert\"><p><strong>")
          .append(escaped(warning.paragraphs().get(0)))
          .append("</strong></p>");
      list(text, warning.paragraphs().subList(1, warning.paragraphs().size()));
      text.append("</div>\n");
    } else if (block instanceof Items items) {
      list(text, items.items());
    } else if (block instanceof Table table) {
      append(text, table);
    } else if (block instanceof Chart chart) {
      text.append(
          "<figure><figcaption>%s</figcaption><div class=\"chart\" role=\"img\" aria-label=\"%s\" data-kind=\"%s\" data-workload=\"%s\" data-mode=\"%s\"></div></figure>\n"
              .formatted(
                  escaped(chart.caption()),
                  escaped(chart.caption()),
                  chart.kind(),
                  escaped(chart.workload()),
                  escaped(chart.mode())));
    }
  }

  private static void list(StringBuilder text, List<String> items) {
    if (!items.isEmpty()) {
      text.append("<ul>");
      items.forEach(i -> text.append("<li>").append(withLead(i)).append("</li>"));
      text.append("</ul>\n");
    }
  }

  /** What an item is about, which stands before its colon, is found at a glance. */
  private static String withLead(String item) {
    int colon = item.indexOf(": ");
    return colon < 0
        ? escaped(item)
        : "<b>" + escaped(item.substring(0, colon)) + "</b>" + escaped(item.substring(colon));
  }

  private static void append(StringBuilder text, Table table) {
    text.append(
        table.rows().size() > MOST_ON_ONE_PAGE
            ? "<div class=\"table long\"><table>"
            : "<div class=\"table\"><table>");
    if (!table.title().isEmpty()) {
      text.append("<caption>").append(escaped(table.title())).append("</caption>");
    }
    List<Boolean> figures =
        IntStream.range(0, table.header().size()).mapToObj(i -> isFigures(table, i)).toList();
    if (table.header().stream().anyMatch(h -> !h.isEmpty())) {
      text.append("<thead><tr>");
      for (int i = 0; i < figures.size(); i++) {
        text.append(figures.get(i) ? "<th scope=\"col\" class=\"figure\">" : "<th scope=\"col\">")
            .append(escaped(table.header().get(i)))
            .append("</th>");
      }
      text.append("</tr></thead>");
    }
    text.append("<tbody>\n");
    for (List<String> row : table.rows()) {
      text.append("<tr><th scope=\"row\">").append(escaped(row.get(0))).append("</th>");
      for (int i = 1; i < row.size(); i++) {
        cell(text, row.get(i), figures.get(i));
      }
      text.append("</tr>\n");
    }
    text.append("</tbody></table></div>\n");
  }

  /** Whether a column holds nothing but figures and intervals, and some. */
  private static boolean isFigures(Table table, int column) {
    List<String> cells =
        table.rows().stream().map(row -> row.get(column)).filter(c -> !c.isEmpty()).toList();
    return column > 0 && !cells.isEmpty() && cells.stream().allMatch(c -> c.matches(FIGURE));
  }

  private static void cell(StringBuilder text, String cell, boolean figure) {
    boolean verdict = cell.equals("slower") || cell.equals("faster") || cell.equals("noisy");
    String sort = figure ? "figure" : verdict ? cell : "";
    text.append(sort.isEmpty() ? "<td>" : "<td class=\"" + sort + "\">")
        .append(escaped(cell))
        .append("</td>");
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  /** JSON that cannot end the element it stands in. */
  private static String inScript(String json) {
    return json.replace("<", "\\u003c");
  }

  private static String resource(String name) {
    try (InputStream in = HtmlReport.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is not on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
