package dev.retrain.cli.process;

import dev.retrain.util.text.TerminalText;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Locale;

/**
 * The process's standard output. It records write errors, which {@link PrintStream} hides, for the
 * exit code.
 */
public final class StandardOutput extends FilterOutputStream {
  private IOException failure;

  private StandardOutput(OutputStream out) {
    super(out);
  }

  /** Replaces {@link System#out}. */
  public static StandardOutput install() {
    StandardOutput output = new StandardOutput(new FileOutputStream(FileDescriptor.out));
    System.setOut(new PrintStream(new BufferedOutputStream(output), false));
    return output;
  }

  @Override
  public synchronized void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
    try {
      out.write(bytes, offset, length);
    } catch (IOException e) {
      failure = e;
      throw e;
    }
  }

  /**
   * Flushes the output and reports a write error.
   *
   * @param code the command's exit code
   * @return the exit code of the process: a failure if output was lost. A reader that closes the
   *     pipe, such as {@code head}, is not an error
   */
  public synchronized int finish(int code) {
    System.out.flush();
    if (failure == null
        || String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT).contains("pipe")) {
      return code;
    }
    System.err.println(
        "retrain: The result can't be written to standard output ("
            + TerminalText.escape(String.valueOf(failure.getMessage()))
            + ").");
    return code == ExitCode.OK.code() ? ExitCode.FAILED.code() : code;
  }
}
