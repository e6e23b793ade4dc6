package dev.retrain.cli.output;

import dev.retrain.util.text.TerminalText;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.Help.Ansi;

/**
 * A table for a terminal: the first column is left-aligned, the others right-aligned. Control
 * characters are escaped.
 */
public final class TextTable {
  private static final String GAP = "  ";

  private final List<String[]> rows = new ArrayList<>();

  /**
   * @param header the names of the columns
   */
  public TextTable(String... header) {
    add(header);
  }

  /** Adds a row with a cell for each column. */
  public void add(String... cells) {
    rows.add(Arrays.stream(cells).map(TerminalText::escape).toArray(String[]::new));
  }

  void print(PrintWriter out) {
    int[] widths = new int[rows.get(0).length];
    for (String[] row : rows) {
      for (int column = 0; column < widths.length; column++) {
        widths[column] = Math.max(widths[column], width(row[column]));
      }
    }
    for (String[] row : rows) {
      StringBuilder line = new StringBuilder(row[0]);
      line.append(" ".repeat(widths[0] - width(row[0])));
      for (int column = 1; column < widths.length; column++) {
        line.append(GAP).append(" ".repeat(widths[column] - width(row[column])));
        line.append(row[column]);
      }
      out.println(line.toString().stripTrailing());
    }
  }

  /** Terminal columns; a full-width character takes two. */
  private static int width(String text) {
    return Ansi.OFF.new Text(text).getCJKAdjustedLength();
  }
}
