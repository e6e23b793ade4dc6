package dev.retrain.cli.process;

import com.sun.jna.Function;
import com.sun.jna.Platform;
import dev.retrain.util.ProcessEnvironment;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads TensorFlow without its chatter on the screen.
 *
 * <p>Its log level is an environment variable, read when the library is loaded, so it is set in
 * this process first. Past that level it (and the JPEG library in it, and JDK 24 and later because
 * of its use of {@code sun.misc.Unsafe}) prints straight to the process's standard error. So that
 * points nowhere from now on, and {@link System#err} goes where it went before.
 */
public final class QuietTensorFlow {
  private static final Logger LOG = LoggerFactory.getLogger(QuietTensorFlow.class);
  private static final String LEVEL = "TF_CPP_MIN_LOG_LEVEL";
  private static final String FATAL_ONLY = "3";
  private static final int STDERR = 2;
  private static final int WRITE_ONLY = 1;

  private QuietTensorFlow() {}

  /** Sets this up, before TensorFlow is first used; where the user has set the level, it stays. */
  public static void prepare() {
    if (System.getenv(LEVEL) != null) {
      return;
    }
    try {
      ProcessEnvironment.setIfAbsent(LEVEL, FATAL_ONLY);
      if (Platform.isWindows()) {
        return;
      }
      moveSystemErr();
    } catch (LinkageError | IOException e) {
      LOG.debug("TensorFlow can't be made quiet", e);
    }
  }

  private static void moveSystemErr() throws IOException {
    System.err.flush();
    int screen = call("dup", STDERR);
    System.setErr(new PrintStream(new Descriptor(screen), true, Charset.defaultCharset()));
    int nowhere = call("open", "/dev/null", WRITE_ONLY);
    call("dup2", nowhere, STDERR);
    call("close", nowhere);
  }

  private static int call(String function, Object... arguments) {
    return Function.getFunction(Platform.C_LIBRARY_NAME, function).invokeInt(arguments);
  }

  /**
   * Writes to an open descriptor. Not a file opened anew by its number, which would have a place in
   * the file of its own: what the next process writes to the same file would go over it.
   */
  private static final class Descriptor extends OutputStream {
    private final int number;

    Descriptor(int number) {
      this.number = number;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      int from = offset;
      while (from < offset + length) {
        byte[] rest = Arrays.copyOfRange(bytes, from, offset + length);
        int written = call("write", number, rest, rest.length);
        if (written < 0) {
          throw new IOException("standard error can't be written to");
        }
        from += written;
      }
    }
  }
}
