package dev.sluice.cli.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TableTest {

  @Test
  void columnsLineUpAndLinesEndWithTheirText() {
    Table table = new Table("A", "LONG HEADER", "C").row("wide cell", "", 1).row("x", 22, "");
    assertThat(table.render(false))
        .isEqualTo(
            """
            A          LONG HEADER  C
            wide cell               1
            x          22
            """);
  }

  @Test
  void colourDoesNotMoveColumns() {
    Table table = new Table("A", "B").row(new Table.Cell("x", Paint.BAD), "y").row("zz", "y");
    assertThat(table.render(true).replaceAll("\u001b\\[[0-9]*m", ""))
        .isEqualTo(table.render(false));
    assertThat(table.render(true)).contains("\u001b[31mx\u001b[0m   y");
  }

  @Test
  void aRowHasAsManyCellsAsTheHeader() {
    Table table = new Table("A", "B");
    assertThatThrownBy(() -> table.row("x")).isInstanceOf(IllegalArgumentException.class);
  }
}
