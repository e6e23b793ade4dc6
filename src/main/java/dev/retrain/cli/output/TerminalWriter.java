package dev.retrain.cli.output;

import dev.retrain.util.text.TerminalText;
import java.io.FilterWriter;
import java.io.IOException;
import java.io.Writer;

/** Escapes control characters other than line feeds and tabs. */
public final class TerminalWriter extends FilterWriter {
  public TerminalWriter(Writer out) {
    super(out);
  }

  @Override
  public void write(int c) throws IOException {
    out.write(TerminalText.escapeLines(Character.toString((char) c)));
  }

  @Override
  public void write(char[] buffer, int offset, int length) throws IOException {
    out.write(TerminalText.escapeLines(new String(buffer, offset, length)));
  }

  @Override
  public void write(String text, int offset, int length) throws IOException {
    out.write(TerminalText.escapeLines(text.substring(offset, offset + length)));
  }
}
