package dev.retrain.command;

import com.sun.jna.Function;
import com.sun.jna.Platform;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Loads TensorFlow without its chatter on the screen.
 *
 * <p>Its log level is an environment variable, read when the library is loaded, so it is set in
 * this process first. What it prints past that level (and what JDK 24 and later print of its use of
 * {@code sun.misc.Unsafe}) comes once, when the first graph runs: standard error points nowhere for
 * that moment.
 */
final class QuietTensorFlow {
  private static final Logger LOG = LoggerFactory.getLogger(QuietTensorFlow.class);
  private static final String LEVEL = "TF_CPP_MIN_LOG_LEVEL";
  private static final String FATAL_ONLY = "3";
  private static final int STDERR = 2;
  private static final int WRITE_ONLY = 1;

  private QuietTensorFlow() {}

  /** Loads it; a level the user has set stays. */
  static void load() {
    if (System.getenv(LEVEL) != null) {
      return;
    }
    try {
      if (Platform.isWindows()) {
        call("ucrtbase", "_putenv_s", LEVEL, FATAL_ONLY);
        return;
      }
      call(Platform.C_LIBRARY_NAME, "setenv", LEVEL, FATAL_ONLY, 1);
    } catch (LinkageError e) {
      LOG.debug("No native library to quiet TensorFlow with", e);
      return;
    }
    System.err.flush();
    int saved = call(Platform.C_LIBRARY_NAME, "dup", STDERR);
    int nowhere = call(Platform.C_LIBRARY_NAME, "open", "/dev/null", WRITE_ONLY);
    call(Platform.C_LIBRARY_NAME, "dup2", nowhere, STDERR);
    try {
      runFirstGraph();
    } finally {
      call(Platform.C_LIBRARY_NAME, "dup2", saved, STDERR);
      call(Platform.C_LIBRARY_NAME, "close", saved);
      call(Platform.C_LIBRARY_NAME, "close", nowhere);
    }
  }

  private static void runFirstGraph() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Operand<TFloat32> one = tf.constant(1f);
      try (Session session = new Session(graph);
          TFloat32 two = TFloat32.scalarOf(2f);
          Result result = session.runner().feed(one, two).fetch(tf.identity(one)).run()) {
        LOG.debug("TensorFlow runs: {}", ((TFloat32) result.get(0)).getFloat());
      }
    }
  }

  private static int call(String library, String function, Object... arguments) {
    return Function.getFunction(library, function).invokeInt(arguments);
  }
}
