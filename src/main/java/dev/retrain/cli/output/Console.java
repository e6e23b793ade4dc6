package dev.retrain.cli.output;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectWriter;
import dev.retrain.util.Json;
import java.io.PrintWriter;
import java.util.Locale;

/** Prints the results of a command; every call flushes. */
public final class Console {
  private final PrintWriter out;

  public Console(PrintWriter out) {
    this.out = out;
  }

  /**
   * @param format as of {@link String#format(Locale, String, Object...)}
   */
  public void line(String format, Object... arguments) {
    out.println(String.format(Locale.ROOT, format, arguments));
    out.flush();
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

  void table(TextTable table) {
    table.print(out);
    out.flush();
  }

  /** Prints a value as one line of JSON, in ASCII, so that it survives any terminal's encoding. */
  public void json(Object value) throws JsonProcessingException {
    ObjectWriter writer = Json.mapper().writer().with(JsonWriteFeature.ESCAPE_NON_ASCII);
    out.println(writer.writeValueAsString(value));
    out.flush();
  }
}
