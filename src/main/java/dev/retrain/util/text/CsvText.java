package dev.retrain.util.text;

/**
 * Text in CSV files. A spreadsheet evaluates a cell that starts with {@code =} as a formula, quoted
 * or not, so a file name could read other cells or start programs (OWASP: CSV injection).
 */
public final class CsvText {
  /** The last four are full-width forms, which some spreadsheets accept as well. */
  private static final String FORMULA_STARTS = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20";

  private static final char MARK = '\'';

  private CsvText() {}

  /**
   * A cell of text that is no formula: {@code '} is put in front of text that starts with {@code
   * =}, {@code +}, {@code -}, {@code @}, a tab or a line break, or with {@code '} itself, so that
   * removing one leading {@code '} gives the text again.
   */
  public static String cell(String text) {
    boolean marked =
        !text.isEmpty() && (text.charAt(0) == MARK || FORMULA_STARTS.indexOf(text.charAt(0)) >= 0);
    return marked ? MARK + text : text;
  }
}
