package dev.sluice.cli.output;

import java.util.ArrayList;
import java.util.List;

/**
 * Text in columns, two spaces apart, with a header, and no space at the end of a line. A cell that
 * needs no more than one character is one column wide: no wide characters are expected.
 */
public final class Table {

  private static final String GAP = "  ";

  private final List<List<Cell>> rows = new ArrayList<>();

  /** A text and what it means. */
  public record Cell(String text, Paint paint) {}

  public Table(String... header) {
    rows.add(List.of(header).stream().map(h -> new Cell(h, Paint.STRONG)).toList());
  }

  /** Adds a row of strings, numbers, and {@link Cell}s where a colour is wanted. */
  public Table row(Object... cells) {
    List<Cell> row = new ArrayList<>();
    for (Object cell : cells) {
      row.add(cell instanceof Cell c ? c : new Cell(cell.toString(), Paint.PLAIN));
    }
    if (row.size() != rows.get(0).size()) {
      throw new IllegalArgumentException("a row of " + row.size() + " cells: " + row);
    }
    rows.add(row);
    return this;
  }

  /** The table's lines; {@code colour}: whether cells are painted. */
  public String render(boolean colour) {
    int[] widths = new int[rows.get(0).size()];
    for (List<Cell> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).text().length());
      }
    }
    StringBuilder out = new StringBuilder();
    rows.forEach(row -> line(out, row, widths, colour));
    return out.toString();
  }

  private static void line(StringBuilder out, List<Cell> row, int[] widths, boolean colour) {
    int owed = 0;
    for (int i = 0; i < widths.length; i++) {
      Cell cell = row.get(i);
      if (!cell.text().isEmpty()) {
        out.append(" ".repeat(owed));
        out.append(colour ? cell.paint().apply(cell.text()) : cell.text());
        owed = 0;
      }
      owed += widths[i] - cell.text().length() + GAP.length();
    }
    out.append('\n');
  }
}
