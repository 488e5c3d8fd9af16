package dev.sluice.bench.report;

import java.util.List;

/** A piece of a report, apart from how it is set. */
sealed interface Block {

  /** Paragraphs. */
  record Words(List<String> paragraphs) implements Block {
    public Words {
      paragraphs = List.copyOf(paragraphs);
    }
  }

  /** What must not be overlooked. */
  record Warning(List<String> paragraphs) implements Block {
    public Warning {
      paragraphs = List.copyOf(paragraphs);
    }
  }

  /** Short statements of one kind. */
  record Items(List<String> items) implements Block {
    public Items {
      items = List.copyOf(items);
    }
  }

  /** Cells of words to the left, of figures to the right. */
  record Table(String title, List<String> header, List<List<String>> rows) implements Block {
    public Table {
      header = List.copyOf(header);
      rows = rows.stream().map(List::copyOf).toList();
    }
  }

  /**
   * A drawing of figures that a table has too; it is left out where nothing can be drawn.
   *
   * @param kind what {@code report.js} draws
   * @param workload of which workload and mode; empty: of all
   */
  record Chart(String kind, String workload, String mode, String caption) implements Block {}

  /** With a heading of its own. */
  record Section(String id, String title, List<Block> blocks) {
    public Section {
      blocks = List.copyOf(blocks);
    }
  }
}
