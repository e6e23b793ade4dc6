package dev.retrain.cli.process;

import com.sun.jna.Function;
import com.sun.jna.Platform;
import java.io.Console;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether the process's streams are terminals. */
public final class Terminal {
  private static final int STDERR = 2;

  private Terminal() {}

  /** Whether results are read by a person; cheap, for the help's colours. */
  @SuppressWarnings("SystemConsoleNull") // Both meanings are looked at.
  public static boolean stdout() {
    Console console = System.console();
    if (console == null || System.getenv("NO_COLOR") != null) {
      return false;
    }
    try {
      // From Java 22 on there is a console without a terminal, too, and a method that tells.
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (NoSuchMethodException e) {
      return true;
    } catch (ReflectiveOperationException e) {
      return false;
    }
  }

  /** Whether progress is watched by a person. */
  public static boolean stderr() {
    try {
      return Function.getFunction(
                  Platform.isWindows() ? "msvcrt" : Platform.C_LIBRARY_NAME,
                  Platform.isWindows() ? "_isatty" : "isatty")
              .invokeInt(new Object[] {STDERR})
          != 0;
    } catch (LinkageError e) {
      logger().debug("No native library to ask for a terminal", e);
      return false;
    }
  }

  // Not a constant: help and version are to start without a logger.
  private static Logger logger() {
    return LoggerFactory.getLogger(Terminal.class);
  }
}
