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
 * Suppresses the log output of TensorFlow.
 *
 * <p>Its log level is an environment variable that is read when the library is loaded, so it is set
 * before. Some messages ignore that level: those of TensorFlow's JPEG library, and warnings of JDK
 * 24 and later about {@code sun.misc.Unsafe}. They are written to file descriptor 2, which is
 * therefore redirected to nowhere; {@link System#err} still writes to the original descriptor.
 */
public final class QuietTensorFlow {
  private static final Logger LOG = LoggerFactory.getLogger(QuietTensorFlow.class);
  private static final String LEVEL = "TF_CPP_MIN_LOG_LEVEL";
  private static final String FATAL_ONLY = "3";
  private static final int STDERR = 2;
  private static final int READ_ONLY = 0;
  private static final int WRITE_ONLY = 1;
  private static final int ACCESS_MODE = 3;

  /** The command F_GETFL of fcntl. */
  private static final int GET_FLAGS = 3;

  private QuietTensorFlow() {}

  /** Call this before TensorFlow is first used. Does nothing if the user has set the log level. */
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
      LOG.debug("TensorFlow's log output can't be suppressed", e);
    }
  }

  private static void moveSystemErr() throws IOException {
    if (!isWritable()) {
      return;
    }
    System.err.flush();
    int screen = call("dup", STDERR);
    System.setErr(new PrintStream(new Descriptor(screen), true, Charset.defaultCharset()));
    int nowhere = call("open", "/dev/null", WRITE_ONLY);
    call("dup2", nowhere, STDERR);
    call("close", nowhere);
  }

  /**
   * Whether descriptor 2 is standard error. If the user has closed it, it is one of the files that
   * Java has opened for reading, which must stay open.
   */
  private static boolean isWritable() {
    int flags = call("fcntl", STDERR, GET_FLAGS);
    return flags >= 0 && (flags & ACCESS_MODE) != READ_ONLY;
  }

  private static int call(String function, Object... arguments) {
    return Function.getFunction(Platform.C_LIBRARY_NAME, function).invokeInt(arguments);
  }

  /**
   * Writes to an open descriptor. Opening its file again would create a second file position, so
   * that other processes with the same standard error would overwrite the output.
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
          throw new IOException("can't write to standard error");
        }
        from += written;
      }
    }
  }
}
