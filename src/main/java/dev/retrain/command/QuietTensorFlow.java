package dev.retrain.command;

import com.sun.jna.Function;
import com.sun.jna.Platform;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.Charset;
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
final class QuietTensorFlow {
  private static final Logger LOG = LoggerFactory.getLogger(QuietTensorFlow.class);
  private static final String LEVEL = "TF_CPP_MIN_LOG_LEVEL";
  private static final String FATAL_ONLY = "3";
  private static final int STDERR = 2;
  private static final int WRITE_ONLY = 1;

  private QuietTensorFlow() {}

  /** Sets this up, before TensorFlow is first used; where the user has set the level, it stays. */
  static void prepare() {
    if (System.getenv(LEVEL) != null) {
      return;
    }
    try {
      if (Platform.isWindows()) {
        call("ucrtbase", "_putenv_s", LEVEL, FATAL_ONLY);
        return;
      }
      call(Platform.C_LIBRARY_NAME, "setenv", LEVEL, FATAL_ONLY, 1);
      moveSystemErr();
    } catch (LinkageError | IOException e) {
      LOG.debug("TensorFlow can't be made quiet", e);
    }
  }

  private static void moveSystemErr() throws IOException {
    System.err.flush();
    int screen = call(Platform.C_LIBRARY_NAME, "dup", STDERR);
    // Opened by its number: the descriptor is inherited, whatever it is.
    FileOutputStream same = new FileOutputStream("/dev/fd/" + screen, true);
    System.setErr(new PrintStream(same, true, Charset.defaultCharset()));
    int nowhere = call(Platform.C_LIBRARY_NAME, "open", "/dev/null", WRITE_ONLY);
    call(Platform.C_LIBRARY_NAME, "dup2", nowhere, STDERR);
    call(Platform.C_LIBRARY_NAME, "close", nowhere);
  }

  private static int call(String library, String function, Object... arguments) {
    return Function.getFunction(library, function).invokeInt(arguments);
  }
}
