package dev.retrain.cli.output;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.retrain.util.text.TerminalText;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.Locale;

/**
 * Prints the results and notices of a command; every call flushes. Control characters in arguments,
 * such as file names, are escaped ({@link TerminalText}).
 */
public final class Console {
  private final PrintWriter out;

  public Console(PrintWriter out) {
    this.out = out;
  }

  /**
   * @param format as of {@link String#format(Locale, String, Object...)}
   */
  public void line(String format, Object... arguments) {
    Object[] safe = Arrays.stream(arguments).map(Console::escaped).toArray();
    out.println(String.format(Locale.ROOT, format, safe));
    out.flush();
  }

  private static Object escaped(Object argument) {
    return argument == null || argument instanceof Number
        ? argument
        : TerminalText.escape(argument.toString());
  }

  public void emptyLine() {
    out.println();
    out.flush();
  }

  /** Prints a text as it is. */
  public void print(String text) {
    out.print(text);
    out.flush();
  }

  public void table(TextTable table) {
    table.print(out);
    out.flush();
  }

  /** Prints a value as one line of JSON. */
  public void json(Object value) throws JsonProcessingException {
    out.println(AsciiJson.line(value));
    out.flush();
  }
}
